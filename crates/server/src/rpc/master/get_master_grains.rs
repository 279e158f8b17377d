//! `master.get_master_grains`: grains of a master, or of all masters of its cluster.

use std::collections::BTreeMap;

use raas_api::master::{GetMasterGrains, GetMasterGrainsParams, MasterGrains};
use raas_db::{
    master::{self, Master},
    master_told,
};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::find;
use crate::{
    Ctx, RpcError,
    rpc::{Handle, words},
};

impl Handle for GetMasterGrains {
    async fn handle(
        ctx: &Ctx,
        params: GetMasterGrainsParams,
    ) -> Result<BTreeMap<String, MasterGrains>, RpcError> {
        if params.master_id.is_some() && params.master_uuid.is_some() {
            return Err(RpcError::Unusable("give either master_id or master_uuid".to_owned()));
        }
        let client = ctx.state.db.client().await?;
        let named = find::named(&client, params.master_id.as_deref(), params.master_uuid).await?;
        let masters: Vec<Master> = if params.split_cluster {
            vec![named]
        } else {
            let all = master::list(&client).await?;
            all.into_iter().filter(|one| one.cluster_id == named.cluster_id).collect()
        };
        let uuids: Vec<Uuid> = masters.iter().map(|master| master.master_uuid).collect();
        let saved = master_told::grains(&client, &uuids).await?;
        Ok(masters
            .iter()
            .map(|master| {
                let saved = saved.get(&master.master_uuid).map(|text| words::json(text));
                (master.master_id.clone(), MasterGrains { grains: grains(master, saved) })
            })
            .collect())
    }
}

/// What was saved, and what the plugin says where that is not in it.
fn grains(master: &Master, saved: Option<Value>) -> Map<String, Value> {
    let Some(Value::Object(mut grains)) = saved.or_else(|| Some(json!({}))) else { return Map::new() };
    let said = [
        ("id", Some(&master.master_id)),
        ("host", master.facts.host.as_ref()),
        ("saltversion", master.facts.salt_version.as_ref()),
    ];
    for (name, value) in said {
        if let Some(value) = value {
            grains.entry(name).or_insert_with(|| json!(value));
        }
    }
    grains
}
