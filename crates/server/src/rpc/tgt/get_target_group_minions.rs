//! `tgt.get_target_group_minions`: the kept members of a saved group; any other target is matched in memory, after one read
//! of the minions of all clusters that are meant.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use raas_api::{
    Permission,
    tgt::{GetTargetGroupMinions, GetTargetGroupMinionsParams},
};
use raas_db::{Client, routing::MinionRow, target_group::TargetGroup};
use uuid::Uuid;

use super::{
    Targets, readable,
    stored::{self, Stored},
    targets,
};
use crate::{
    Ctx, RpcError,
    routing::Known,
    rpc::{
        Handle,
        cmd::{self, Reached},
    },
    scope,
};

type Found = BTreeMap<String, Vec<String>>;

impl Handle for GetTargetGroupMinions {
    async fn handle(ctx: &Ctx, params: GetTargetGroupMinionsParams) -> Result<Found, RpcError> {
        let client = ctx.state.db.client().await?;
        let (group, tgt) = asked(ctx, &client, params).await?;
        let known = cmd::known(ctx, &client, &tgt).await?;
        let stored = match &group {
            Some(group) => stored::read(ctx, &client, (group, &tgt), &known, true).await?,
            None => None,
        };
        let meant = match stored {
            Some(stored) => of_stored(&known, stored),
            None => of_reached(&known, &cmd::reach_in(ctx, &client, &known, &tgt).await?),
        };
        let only = scope::minions(ctx, &client, Permission::TargetRead).await?;
        let own = only.pairs();
        let mut found = Found::new();
        let mut seen = BTreeSet::new();
        for (place, minion_id, master) in &meant.minions {
            let pair = (known[*place].facts.cluster_id.as_str(), minion_id.as_str());
            if (only.is_all() || own.contains(&pair)) && seen.insert(pair) {
                found.entry(master.clone()).or_default().push(minion_id.clone());
            }
        }
        for cluster in meant.unsure {
            ctx.warn(format!(
                "the server cannot tell of every minion of {:?} whether it is meant (its grains, pillar or keys are not known here): its masters decide when a job goes there",
                known[cluster].facts.cluster_id
            ));
        }
        Ok(found)
    }
}

/// Whom it means.
struct Meant {
    /// Cluster by its place, minion, master that it is shown under.
    minions: Vec<(usize, String, String)>,
    /// Clusters of which the server cannot tell of every minion.
    unsure: BTreeSet<usize>,
}

async fn asked(
    ctx: &Ctx,
    client: &Client,
    params: GetTargetGroupMinionsParams,
) -> Result<(Option<TargetGroup>, Targets), RpcError> {
    match (params.tgt_uuid, params.tgt) {
        (Some(uuid), None) => {
            let group = readable(ctx, client, uuid).await?;
            let tgt = targets(&group)?;
            Ok((Some(group), tgt))
        }
        (None, Some(tgt)) => {
            cmd::places(&tgt)?;
            Ok((None, tgt))
        }
        _ => Err(RpcError::Unusable("which minions? give one of tgt_uuid and tgt".to_owned())),
    }
}

fn of_stored(known: &[Known], stored: Stored) -> Meant {
    let minions = stored.minions.into_iter().filter_map(|(place, one)| {
        let master = under(&known[place], one.seen_by, |master| one.holders.contains(&master), None)?;
        Some((place, one.minion_id, master))
    });
    Meant { minions: minions.collect(), unsure: stored.unsure }
}

fn of_reached(known: &[Known], reached: &Reached<'_>) -> Meant {
    let rows: HashMap<(&str, &str), &MinionRow> =
        reached.rows.iter().map(|row| ((row.cluster_id.as_str(), row.minion_id.as_str()), row)).collect();
    let mut meant = Meant { minions: Vec::new(), unsure: BTreeSet::new() };
    for part in &reached.parts {
        let cluster = &known[part.cluster];
        if !part.resolved.surely {
            meant.unsure.insert(part.cluster);
        }
        for minion in &part.resolved.minions {
            let key = (cluster.facts.cluster_id.as_str(), minion.minion_id.as_str());
            let Some(row) = rows.get(&key) else { continue };
            let holds = |master| row.links.iter().any(|link| link.key && link.master_uuid == master);
            if let Some(master) = under(cluster, row.seen_by, holds, part.master) {
                meant.minions.push((part.cluster, row.minion_id.clone(), master));
            }
        }
    }
    meant
}

/// The master that saw it last, else one that holds its key; with `only`, this one, if it holds the key.
fn under(
    cluster: &Known,
    seen_by: Option<Uuid>,
    holds: impl Fn(Uuid) -> bool,
    only: Option<Uuid>,
) -> Option<String> {
    let masters = &cluster.facts.masters;
    let chosen = match only {
        Some(only) => masters.iter().find(|m| m.master_uuid == only && holds(m.master_uuid)),
        None => masters
            .iter()
            .find(|m| seen_by == Some(m.master_uuid))
            .or_else(|| masters.iter().find(|m| holds(m.master_uuid))),
    };
    chosen.map(|master| master.master_id.clone())
}
