//! `kv.delete_system_key`

use raas_api::kv::{DeleteSystemKey, KeyParams};
use raas_db::kv;

use super::key;
use crate::{Ctx, RpcError, rpc::Handle};

impl Handle for DeleteSystemKey {
    async fn handle(ctx: &Ctx, params: KeyParams) -> Result<i64, RpcError> {
        let mut client = ctx.state.db.client().await?;
        let tx = client.transaction().await?;
        let deleted = kv::delete_system(&tx, key(&params.key)?).await?;
        ctx.audit(&tx).await?;
        tx.commit().await?;
        Ok(deleted.into())
    }
}
