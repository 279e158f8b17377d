//! `minions.save_minion_cache`: grains told by a program that acts for a master.

use std::collections::{BTreeMap, HashSet};

use raas_api::{
    Permission,
    minions::{SaveMinionCache, SaveMinionCacheParams, SavedCache},
};
use raas_db::{
    link,
    minion::{self, Grains},
};
use serde_json::Value;

use super::told;
use crate::{
    Change, Ctx, RpcError,
    link::{is_minion_id, without_nul},
    rpc::Handle,
    scope,
};

impl Handle for SaveMinionCache {
    async fn handle(ctx: &Ctx, params: SaveMinionCacheParams) -> Result<SavedCache, RpcError> {
        scope::unlimited(ctx, Permission::MasterWrite, "tell grains for a master")?;
        let delta = params.minions_delta;
        let mut wanted: BTreeMap<String, Option<String>> =
            delta.delete.into_iter().map(|id| (id, None)).collect();
        // Who is in both has grains now: they replace the old ones.
        wanted.extend(
            delta.update.into_iter().map(|(id, map)| (id, Some(without_nul(Value::Object(map)).to_string()))),
        );
        let mut client = ctx.state.db.client().await?;
        let tx = client.transaction().await?;
        let master = told::master(&tx, &params.master_id).await?;
        let by = told::by(&master);
        let held: HashSet<String> = link::told(&tx, by)
            .await?
            .into_iter()
            .filter(|key| key.key_state == "accepted")
            .map(|key| key.minion_id)
            .collect();
        let (known, unknown): (BTreeMap<_, _>, BTreeMap<_, _>) =
            wanted.into_iter().partition(|(id, _)| is_minion_id(id) && held.contains(id));
        let at = ctx.now();
        let grains: Vec<Grains<'_>> =
            known.iter().map(|(id, grains)| Grains { minion_id: id, grains: grains.clone(), at }).collect();
        minion::set_grains(&tx, by, &grains).await?;
        ctx.state.notify_change(&tx, &Change::of("minions").in_cluster(&master.cluster_id)).await?;
        ctx.audit(&tx).await?;
        tx.commit().await?;
        let updated = known.values().filter(|grains| grains.is_some()).count() as u64;
        let deleted = known.len() as u64 - updated;
        Ok(SavedCache { updated, deleted, ignored: unknown.into_keys().collect() })
    }
}
