//! `kv.set_system_key`

use raas_api::kv::{KeyValueParams, SetSystemKey};
use raas_db::kv;

use super::{key, packed};
use crate::{Ctx, RpcError, rpc::Handle};

impl Handle for SetSystemKey {
    async fn handle(ctx: &Ctx, params: KeyValueParams) -> Result<bool, RpcError> {
        let (name, value) = (key(&params.key)?, packed(&params.value)?);
        let mut client = ctx.state.db.client().await?;
        let tx = client.transaction().await?;
        kv::set_system(&tx, name, &value).await?;
        ctx.audit(&tx).await?;
        tx.commit().await?;
        Ok(true)
    }
}
