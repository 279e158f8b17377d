//! `tgt.get_target_group_minions`: one read of the minions of all clusters that are meant, matched in memory.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use raas_api::{
    Permission,
    tgt::{GetTargetGroupMinions, GetTargetGroupMinionsParams},
};
use raas_db::{Client, routing::MinionRow};
use uuid::Uuid;

use super::{Targets, readable, targets};
use crate::{
    Ctx, RpcError,
    routing::Known,
    rpc::{Handle, cmd},
    scope,
};

type Found = BTreeMap<String, Vec<String>>;

impl Handle for GetTargetGroupMinions {
    async fn handle(ctx: &Ctx, params: GetTargetGroupMinionsParams) -> Result<Found, RpcError> {
        let client = ctx.state.db.client().await?;
        let tgt = asked(ctx, &client, params).await?;
        let (known, reached) = cmd::reach(ctx, &client, &tgt).await?;
        let only = scope::minions(ctx, &client, Permission::TargetRead).await?;
        let own = only.pairs();
        let mut found = Found::new();
        let mut seen = BTreeSet::new();
        let mut unsure = BTreeSet::new();
        let rows: HashMap<(&str, &str), &MinionRow> =
            reached.rows.iter().map(|row| ((row.cluster_id.as_str(), row.minion_id.as_str()), row)).collect();
        for part in &reached.parts {
            let cluster = &known[part.cluster];
            let cluster_id = cluster.facts.cluster_id.as_str();
            if !part.resolved.surely {
                unsure.insert(cluster_id);
            }
            for minion in &part.resolved.minions {
                if !only.is_all() && !own.contains(&(cluster_id, minion.minion_id.as_str())) {
                    continue;
                }
                let Some(row) = rows.get(&(cluster_id, minion.minion_id.as_str())) else { continue };
                let Some(master) = under(cluster, row, part.master) else { continue };
                if seen.insert((cluster_id, row.minion_id.as_str())) {
                    found.entry(master).or_default().push(row.minion_id.clone());
                }
            }
        }
        for cluster in unsure {
            ctx.warn(format!(
                "the server cannot tell of every minion of {cluster:?} whether it is meant (its grains, pillar or keys are not known here): its masters decide when a job goes there"
            ));
        }
        Ok(found)
    }
}

async fn asked(ctx: &Ctx, client: &Client, params: GetTargetGroupMinionsParams) -> Result<Targets, RpcError> {
    match (params.tgt_uuid, params.tgt) {
        (Some(uuid), None) => targets(&readable(ctx, client, uuid).await?),
        (None, Some(tgt)) => {
            cmd::places(&tgt)?;
            Ok(tgt)
        }
        _ => Err(RpcError::Unusable("which minions? give one of tgt_uuid and tgt".to_owned())),
    }
}

/// The master that saw it last, else one that holds its key; with `only`, this one, if it holds the key.
fn under(cluster: &Known, row: &MinionRow, only: Option<Uuid>) -> Option<String> {
    let holds = |master: Uuid| row.links.iter().any(|link| link.key && link.master_uuid == master);
    let masters = &cluster.facts.masters;
    let chosen = match only {
        Some(only) => masters.iter().find(|m| m.master_uuid == only && holds(m.master_uuid)),
        None => masters
            .iter()
            .find(|m| row.seen_by == Some(m.master_uuid))
            .or_else(|| masters.iter().find(|m| holds(m.master_uuid))),
    };
    chosen.map(|master| master.master_id.clone())
}
