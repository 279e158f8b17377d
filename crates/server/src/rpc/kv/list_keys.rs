//! `kv.list_keys`

use raas_api::{NoParams, kv::ListKeys};
use raas_db::kv;

use crate::{Ctx, RpcError, rpc::Handle};

impl Handle for ListKeys {
    async fn handle(ctx: &Ctx, _: NoParams) -> Result<Vec<String>, RpcError> {
        Ok(kv::keys(&ctx.state.db.client().await?, ctx.actor.account_uuid).await?)
    }
}
