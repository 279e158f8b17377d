//! `schedule.remove`

use raas_api::{
    AccessType,
    schedule::{Remove, RemoveParams},
};
use raas_db::{saved, schedule as db};

use super::locked;
use crate::{Ctx, RpcError, rpc::Handle};

impl Handle for Remove {
    async fn handle(ctx: &Ctx, params: RemoveParams) -> Result<bool, RpcError> {
        let mut client = ctx.state.db.client().await?;
        let tx = client.transaction().await?;
        locked(ctx, &tx, params.uuid, AccessType::Delete).await?;
        let gone = db::delete(&tx, params.uuid).await?;
        saved::forget_access(&tx, &[params.uuid]).await?;
        ctx.audit(&tx).await?;
        tx.commit().await?;
        Ok(gone)
    }
}
