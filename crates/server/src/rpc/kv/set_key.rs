//! `kv.set_key`

use raas_api::kv::{KeyValueParams, SetKey};
use raas_db::kv;

use super::{MAX_KEYS, key, packed};
use crate::{Ctx, RpcError, rpc::Handle};

impl Handle for SetKey {
    async fn handle(ctx: &Ctx, params: KeyValueParams) -> Result<bool, RpcError> {
        let (name, value) = (key(&params.key)?, packed(&params.value)?);
        let mut client = ctx.state.db.client().await?;
        let tx = client.transaction().await?;
        if kv::set(&tx, ctx.actor.account_uuid, name, &value, MAX_KEYS).await? {
            ctx.audit(&tx).await?;
            tx.commit().await?;
            return Ok(true);
        }
        Err(RpcError::Conflict(format!(
            "user {:?} keeps {MAX_KEYS} keys already: delete some with kv.delete_key",
            ctx.actor.username
        )))
    }
}
