//! `kv.delete_key`

use raas_api::kv::{DeleteKey, KeyParams};
use raas_db::kv;

use super::key;
use crate::{Ctx, RpcError, rpc::Handle};

impl Handle for DeleteKey {
    async fn handle(ctx: &Ctx, params: KeyParams) -> Result<i64, RpcError> {
        let mut client = ctx.state.db.client().await?;
        let tx = client.transaction().await?;
        let deleted = kv::delete(&tx, ctx.actor.account_uuid, key(&params.key)?).await?;
        ctx.audit(&tx).await?;
        tx.commit().await?;
        Ok(deleted.into())
    }
}
