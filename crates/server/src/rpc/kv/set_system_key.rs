//! `kv.set_system_key`

use raas_api::kv::{KeyValueParams, SetSystemKey};
use raas_db::kv;

use super::{key, packed};
use crate::{Ctx, RpcError, rpc::Handle};

impl Handle for SetSystemKey {
    async fn handle(ctx: &Ctx, params: KeyValueParams) -> Result<bool, RpcError> {
        let (name, value) = (key(&params.key)?, packed(&params.value)?);
        kv::set_system(&ctx.state.db.client().await?, name, &value).await?;
        Ok(true)
    }
}
