//! `master.delete_master`: forget a master. History stays.

use raas_api::master::{DeleteMaster, DeleteMasterParams, DeletedMaster};
use raas_db::{Session, cluster, master, master_key, minion};

use super::tell;
use crate::{Change, Ctx, RpcError, rpc::Handle};

impl Handle for DeleteMaster {
    async fn handle(ctx: &Ctx, params: DeleteMasterParams) -> Result<DeletedMaster, RpcError> {
        let mut client = ctx.state.db.client().await?;
        let tx = client.transaction().await?;
        master_key::lock(&tx).await?;
        let master_id = named(&tx, params).await?;
        let waited_in =
            master_key::of_master(&tx, &master_id).await?.first().map(|key| key.cluster().to_owned());
        let keys = master_key::delete(&tx, &master_id, None).await?;
        let deleted = master::delete(&tx, &master_id).await?;
        if keys == 0 && deleted.is_none() {
            return Err(unknown(&master_id));
        }
        let (master_uuid, mut cluster_id) = deleted.unzip();
        if let Some(cluster) = cluster_id.take() {
            tell(&ctx.state, &tx, &cluster).await?;
            ctx.state.notify_change(&tx, &Change::of("minions").in_cluster(&cluster)).await?;
            if cluster::drop_empty(&tx, &cluster).await? {
                cluster_id = Some(cluster);
            } else {
                minion::forget_unlinked(&tx, &cluster).await?;
            }
        } else if let Some(cluster) = waited_in {
            tell(&ctx.state, &tx, &cluster).await?;
        }
        ctx.audit(&tx).await?;
        tx.commit().await?;
        tracing::info!(master = master_id, user = ctx.actor.username, "master forgotten");
        Ok(DeletedMaster { master_id, master_uuid, keys, cluster_id })
    }
}

/// The id; exactly one of the two parameters names it.
async fn named(session: &impl Session, params: DeleteMasterParams) -> Result<String, RpcError> {
    match (params.master_id, params.master_uuid) {
        (Some(master_id), None) => Ok(master_id),
        (None, Some(uuid)) => match master::get(session, uuid).await? {
            Some(master) => Ok(master.master_id),
            None => Err(unknown(&uuid.to_string())),
        },
        _ => Err(RpcError::Unusable("give either master_id or master_uuid".to_owned())),
    }
}

fn unknown(name: &str) -> RpcError {
    RpcError::NotFound(format!("no master {name:?} is known: look at master.get_master_details"))
}
