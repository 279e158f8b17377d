//! `master.save_master`: grains of a master, told from outside. Masters themselves are made by accepting keys only.

use raas_api::master::{SaveMaster, SaveMasterParams};
use raas_db::master_told;
use serde_json::Value;
use uuid::Uuid;

use super::{find, tell};
use crate::{Ctx, RpcError, link::without_nul, rpc::Handle};

impl Handle for SaveMaster {
    async fn handle(ctx: &Ctx, params: SaveMasterParams) -> Result<Uuid, RpcError> {
        let mut client = ctx.state.db.client().await?;
        let tx = client.transaction().await?;
        let master = find::named(&tx, params.master_id.as_deref(), params.master_uuid).await?;
        if let Some(other) = params.cluster_id.filter(|cluster| *cluster != master.cluster_id) {
            let expected = format!(
                "{:?}, for which its key was accepted: change sseapi_cluster_id on the master, restart it and accept it again",
                master.cluster_id
            );
            return Err(RpcError::invalid("cluster_id", format!("{other:?}"), expected));
        }
        if let Some(grains) = params.grains {
            let grains = without_nul(Value::Object(grains)).to_string();
            master_told::save_grains(&tx, master.master_uuid, &grains, ctx.now()).await?;
            tell(&ctx.state, &tx, &master.cluster_id).await?;
        }
        ctx.audit(&tx).await?;
        tx.commit().await?;
        Ok(master.master_uuid)
    }
}
