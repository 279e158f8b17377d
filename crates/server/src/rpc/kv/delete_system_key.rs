//! `kv.delete_system_key`

use raas_api::kv::{DeleteSystemKey, KeyParams};
use raas_db::kv;

use super::key;
use crate::{Ctx, RpcError, rpc::Handle};

impl Handle for DeleteSystemKey {
    async fn handle(ctx: &Ctx, params: KeyParams) -> Result<i64, RpcError> {
        Ok(kv::delete_system(&ctx.state.db.client().await?, key(&params.key)?).await?.into())
    }
}
