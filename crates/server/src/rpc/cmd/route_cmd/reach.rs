//! Whom a target reaches. Every target that is resolved (of a command, of its plan, of a saved group) passes here and
//! nowhere else: `limit` has narrowed it to the caller's own minions.

use std::collections::BTreeSet;

use raas_api::cmd::RouteTarget;
use raas_db::{
    Client,
    routing::{self as db, MinionRow},
};
use uuid::Uuid;

use super::resolve::{Resolved, Wish};
use crate::{
    Ctx, RpcError,
    routing::{Expiry, Known},
    rpc::tgt::{SavedGroups, Targets},
};

/// A target, resolved in each cluster that it means.
#[derive(Clone, Debug)]
pub(in crate::rpc) struct Reached<'a> {
    /// Minions of these clusters that could be meant, in one read.
    pub(in crate::rpc) rows: Vec<MinionRow>,
    /// What is asked for, by master id, cluster id or `*`.
    pub(super) wishes: Vec<(&'a String, Wish<'a>)>,
    /// One for each of them and each of its clusters.
    pub(in crate::rpc) parts: Vec<ReachedPart>,
}

/// Whom one entry of a target means in one cluster.
#[derive(Clone, Debug)]
pub(in crate::rpc) struct ReachedPart {
    /// Its place among the wishes.
    pub(super) wish: usize,
    /// Its place among the clusters.
    pub(in crate::rpc) cluster: usize,
    /// Only through this master.
    pub(in crate::rpc) master: Option<Uuid>,
    pub(in crate::rpc) resolved: Resolved,
}

/// Resolves `tgt` in the clusters `known`.
pub(in crate::rpc) async fn reach<'a>(
    ctx: &Ctx,
    client: &Client,
    known: &[Known],
    tgt: &'a Targets,
) -> Result<Reached<'a>, RpcError> {
    let groups = SavedGroups::of(ctx, client, tgt).await?;
    let read = |(name, asked): (&'a String, &'a RouteTarget)| Ok((name, Wish::read(name, asked, &groups)?));
    let wishes: Vec<(&String, Wish<'_>)> = tgt.iter().map(read).collect::<Result<_, RpcError>>()?;
    let clusters: Vec<String> = known.iter().map(|c| c.facts.cluster_id.clone()).collect();
    let grains = wishes.iter().any(|(_, wish)| wish.needs_grains());
    let rows = db::minions(client, &clusters, only_listed(&wishes).as_deref(), grains).await?;
    let (now, expiry) = (ctx.now(), Expiry::of(&ctx.state.config));
    let mut parts = Vec::new();
    for (at, (name, wish)) in wishes.iter().enumerate() {
        for (place, cluster) in known.iter().enumerate().filter(|(_, c)| means(c, name)) {
            let rows = rows.iter().filter(|row| row.cluster_id == cluster.facts.cluster_id);
            let resolved = wish.resolve(rows, cluster.keys_known(), |row| cluster.links(row, now, expiry));
            let master = if is_cluster(cluster, name) { None } else { master_of(cluster, name) };
            parts.push(ReachedPart { wish: at, cluster: place, master, resolved });
        }
    }
    Ok(Reached { rows, wishes, parts })
}

/// Whether an entry of a target means minions of this cluster.
pub(super) fn means(cluster: &Known, name: &str) -> bool {
    is_cluster(cluster, name) || master_of(cluster, name).is_some()
}

pub(super) fn is_cluster(cluster: &Known, name: &str) -> bool {
    name == "*" || cluster.facts.cluster_id == name
}

pub(super) fn master_of(cluster: &Known, name: &str) -> Option<Uuid> {
    cluster.facts.masters.iter().find(|m| m.master_id == name).map(|m| m.master_uuid)
}

/// When every target is a list, nobody else needs to be loaded.
fn only_listed(wishes: &[(&String, Wish<'_>)]) -> Option<Vec<String>> {
    let mut ids = BTreeSet::new();
    for (_, wish) in wishes {
        ids.extend(wish.listed()?.cloned());
    }
    Some(ids.into_iter().collect())
}
