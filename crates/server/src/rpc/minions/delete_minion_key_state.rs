//! `minions.delete_minion_key_state`: forget what one master told of its minions' keys.

use raas_api::{
    Permission,
    minions::{DeleteMinionKeyState, DeleteMinionKeyStateParams, DeletedKeyState},
};
use raas_db::{link, master, minion};

use super::told;
use crate::{Change, Ctx, RpcError, rpc::Handle, scope};

impl Handle for DeleteMinionKeyState {
    async fn handle(ctx: &Ctx, params: DeleteMinionKeyStateParams) -> Result<DeletedKeyState, RpcError> {
        scope::unlimited(ctx, Permission::MasterWrite, "forget keys of a master")?;
        let Some(master_id) = params.master_id else {
            return Err(RpcError::Unusable("give master_id: whose keys shall be forgotten".to_owned()));
        };
        let mut client = ctx.state.db.client().await?;
        let tx = client.transaction().await?;
        let master = told::master(&tx, &master_id).await?;
        let replaced = link::replace_keys(&tx, told::by(&master), &[], ctx.now()).await?;
        master::forget_keys_at(&tx, master.master_uuid).await?;
        minion::forget(&tx, &master.cluster_id, &replaced.gone).await?;
        ctx.state.notify_change(&tx, &Change::of("minions").in_cluster(&master.cluster_id)).await?;
        ctx.audit(&tx).await?;
        tx.commit().await?;
        let deleted = replaced.gone.len() as u64;
        tracing::info!(master = master_id, deleted, user = ctx.actor.username, "key states forgotten");
        Ok(DeletedKeyState { deleted })
    }
}
