//! `minions.delete_minion_cache`: forget grains.

use raas_api::{
    Permission,
    minions::{DeleteMinionCache, DeleteMinionCacheParams, DeletedCache},
};
use raas_db::minion;

use crate::{Change, Ctx, RpcError, rpc::Handle, scope};

impl Handle for DeleteMinionCache {
    async fn handle(ctx: &Ctx, params: DeleteMinionCacheParams) -> Result<DeletedCache, RpcError> {
        scope::unlimited(ctx, Permission::MasterWrite, "forget grains")?;
        let (entity, minion_id) = (params.master_id.as_deref(), params.minion_id.as_deref());
        if entity.is_none() && minion_id.is_none() {
            let why =
                "give master_id, minion_id, or both: the grains of all minions at once are not forgotten";
            return Err(RpcError::Unusable(why.to_owned()));
        }
        let mut client = ctx.state.db.client().await?;
        let tx = client.transaction().await?;
        let deleted = minion::forget_grains(&tx, entity, minion_id).await?;
        if deleted > 0 {
            ctx.state.notify_change(&tx, &Change::of("minions")).await?;
        }
        ctx.audit(&tx).await?;
        tx.commit().await?;
        tracing::info!(entity, minion_id, deleted, user = ctx.actor.username, "grains forgotten");
        Ok(DeletedCache { deleted })
    }
}
