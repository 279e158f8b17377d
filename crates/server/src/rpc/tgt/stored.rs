//! The members of a saved group as they are kept, made exact: who changed since is decided here and now. Where nothing is
//! kept, nothing is said: `cmd::reach_in` works it out.

use std::collections::{BTreeSet, HashMap};

use raas_db::{
    Client,
    target_group::TargetGroup,
    target_member::{self, Found},
};
use raas_target::Match;
use serde_json::Value;
use uuid::Uuid;

use super::{Parsed, SavedGroups, Targets};
use crate::{Ctx, RpcError, routing::Known};

/// Whom a group means.
#[derive(Clone, Debug, Default)]
pub(super) struct Stored {
    /// By the cluster's place among those known, in the order of clusters and minions.
    pub(super) minions: Vec<(usize, Found)>,
    /// Clusters of which the server cannot tell of every minion.
    pub(super) unsure: BTreeSet<usize>,
}

/// Reads them; none: they are to be worked out. `with_holders`: it matters where the minions are.
pub(super) async fn read(
    ctx: &Ctx,
    client: &Client,
    (group, tgt): (&TargetGroup, &Targets),
    known: &[Known],
    with_holders: bool,
) -> Result<Option<Stored>, RpcError> {
    let Some((parsed, asked)) = asked(ctx, client, (group, tgt), known).await? else { return Ok(None) };
    let masters: Vec<Uuid> =
        known.iter().flat_map(|cluster| &cluster.facts.masters).map(|master| master.master_uuid).collect();
    let masters = with_holders.then_some(masters.as_slice());
    let found = target_member::read(client, asked, masters).await?;
    Ok(found.map(|found| decided(&parsed, known, found)))
}

/// The number of a group that means exactly those who are kept, in clusters all of whose masters have told their keys; none:
/// ask [`read`].
pub(super) async fn settled(
    ctx: &Ctx,
    client: &Client,
    (group, tgt): (&TargetGroup, &Targets),
    known: &[Known],
) -> Result<Option<i32>, RpcError> {
    let Some((parsed, asked)) = asked(ctx, client, (group, tgt), known).await? else { return Ok(None) };
    let meant = |cluster: &&Known| parsed.in_cluster(&cluster.facts.cluster_id).is_some();
    if !known.iter().filter(meant).all(Known::keys_known) {
        return Ok(None);
    }
    let clusters: Vec<&str> =
        known.iter().filter(meant).map(|cluster| cluster.facts.cluster_id.as_str()).collect();
    Ok(target_member::settled(client, asked, &clusters).await?)
}

/// The group as it is asked for; none: it says something of a part of a cluster, of which nothing is kept.
async fn asked(
    ctx: &Ctx,
    client: &Client,
    (group, tgt): (&TargetGroup, &Targets),
    known: &[Known],
) -> Result<Option<(Parsed, target_member::Group)>, RpcError> {
    // Also says no to who may not read a group that this one names.
    let parsed = Parsed::of(tgt, &SavedGroups::of(ctx, client, tgt).await?)?;
    if known.iter().any(|cluster| tgt.keys().any(|name| is_master(cluster, name))) {
        return Ok(None);
    }
    let asked = target_member::Group {
        tgt_uuid: group.tgt_uuid,
        version: group.version,
        beyond_ids: parsed.beyond_ids(),
    };
    Ok(Some((parsed, asked)))
}

/// A part of a cluster, by the name of one of its masters.
fn is_master(cluster: &Known, name: &str) -> bool {
    name != "*"
        && cluster.facts.cluster_id != name
        && cluster.facts.masters.iter().any(|master| master.master_id == name)
}

fn decided(parsed: &Parsed, known: &[Known], found: Vec<Found>) -> Stored {
    let mut stored = Stored::default();
    let mut places = HashMap::new();
    for (place, cluster) in known.iter().enumerate() {
        let cluster_id = cluster.facts.cluster_id.as_str();
        places.insert(cluster_id, place);
        if parsed.in_cluster(cluster_id).is_some() && !cluster.keys_known() {
            stored.unsure.insert(place);
        }
    }
    for one in found {
        let Some(&place) = places.get(one.cluster_id.as_str()) else { continue };
        match verdict(parsed, &one) {
            Match::Yes => stored.minions.push((place, one)),
            Match::Unknown => drop(stored.unsure.insert(place)),
            Match::No => {}
        }
    }
    stored
}

fn verdict(parsed: &Parsed, one: &Found) -> Match {
    match one.sure {
        Some(true) => Match::Yes,
        Some(false) => Match::Unknown,
        None => {
            let text = one.grains.as_deref().filter(|_| parsed.needs_grains());
            let grains: Option<Value> = text.and_then(|text| serde_json::from_str(text).ok());
            parsed.matches(&one.cluster_id, &one.minion_id, grains.as_ref())
        }
    }
}
