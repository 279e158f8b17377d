//! `cluster.get_clusters`: groups as the console shows them: masters, minions counted once, and what is wrong.

mod facts;
mod warnings;

use jiff::{SignedDuration, Timestamp};
use raas_api::{
    Page, Permission, Presence,
    cluster::{Cluster, ClusterMaster, GetClusters, GetClustersParams, MinionCounts},
};
use raas_cluster::presence::{FLAPPING_TIMES, FLAPPING_WITHIN};
use raas_db::{
    Client, DbError, cluster, cluster::MinionCount, key_change, master_key::MasterKey, minion_key, readiness,
};
use raas_wire::ClusterKind;
use uuid::Uuid;

use crate::{
    Ctx, RpcError,
    link::presence,
    rpc::{Handle, page},
    scope,
};
use facts::{Facts, Judged};
use warnings::OfMinions;

/// A change of a key that a master which is there has not shown after so long is told of.
const SLOW_KEYS: SignedDuration = SignedDuration::from_secs(120);

impl Handle for GetClusters {
    async fn handle(ctx: &Ctx, params: GetClustersParams) -> Result<Page<Cluster>, RpcError> {
        let rows = page::rows(params.page, params.limit)?;
        let client = ctx.state.db.client().await?;
        let all = facts::read(ctx, &client).await?;
        let wanted = |one: &&Facts<'_>| {
            params.cluster_id.as_ref().is_none_or(|id| one.cluster_id == id)
                && params.kind.is_none_or(|kind| kind == one.kind.into())
        };
        let clusters = all.clusters();
        let found: Vec<&Facts<'_>> = clusters.iter().filter(wanted).collect();
        let shown = page::cut(&found, rows);
        let names: Vec<String> = shown.iter().map(|one| one.cluster_id.to_owned()).collect();
        let now = ctx.now();
        let present = presence::present(&ctx.state, &all.masters, now);
        let fresh_from = presence::fresh_from(&ctx.state, now);
        // These warnings name minions: whoever is limited to some does not see them.
        let all_minions = scope::minions(ctx, &client, Permission::MinionRead).await?.is_all();
        let named: &[String] = if all_minions { &names } else { &[] };
        // To look each minion's cluster up takes a sixth of the time.
        let counted = (names.len() < clusters.len()).then_some(names.as_slice());
        let spare = ctx.state.db.spare().await;
        let other = spare.as_ref().unwrap_or(&client);
        // Both read all minions, the one as their clusters know them, which takes longer, the other as each master does.
        let (counts, held, of_minions) = tokio::try_join!(
            cluster::minion_counts(&client, counted, &present, fresh_from),
            cluster::held(other, &names, &present, fresh_from),
            of_minions(other, named, &present, now),
        )?;
        let results = shown
            .iter()
            .map(|facts| {
                let of_it = |one: &&MinionCount| one.cluster_id == facts.cluster_id;
                let counts: Vec<&MinionCount> = counts.iter().filter(of_it).collect();
                Cluster {
                    cluster_id: facts.cluster_id.to_owned(),
                    kind: facts.kind.into(),
                    masters: masters(facts, |master| on_it(facts.kind, &counts, &held, master)),
                    minions: minions(&counts),
                    warnings: warnings::of(facts, &of_minions),
                }
            })
            .collect();
        Ok(Page { count: i64::try_from(found.len()).unwrap_or(i64::MAX), limit: params.limit, results })
    }
}

/// What is wrong with the minions of these clusters.
async fn of_minions(
    client: &Client,
    names: &[String],
    present: &[Uuid],
    now: Timestamp,
) -> Result<OfMinions, DbError> {
    let slow = now.saturating_sub(SLOW_KEYS).unwrap_or(now);
    let since = now.saturating_sub(FLAPPING_WITHIN).unwrap_or(now);
    let times = i32::try_from(FLAPPING_TIMES).unwrap_or(i32::MAX);
    Ok(OfMinions {
        now,
        conflicts: cluster::key_conflicts(client, names).await?,
        missing: cluster::missing_keys(client, names).await?,
        flapping: cluster::flapping(client, names, since, times).await?,
        suspended: minion_key::suspended(client, names).await?,
        stuck: key_change::stuck(client, names, present, slow).await?,
        checks: readiness::checks(client, names).await?,
    })
}

/// Accepted masters, and those that wait or are refused, by id.
fn masters(facts: &Facts<'_>, on_it: impl Fn(Uuid) -> i64) -> Vec<ClusterMaster> {
    let mut masters: Vec<ClusterMaster> =
        facts.masters.iter().map(|one| accepted(one, on_it(one.master.master_uuid))).collect();
    masters.extend(facts.waiting.iter().map(|key| waiting(key)));
    masters.sort_by(|a, b| a.master_id.cmp(&b.master_id));
    masters
}

fn accepted(Judged { master, verdict }: &Judged<'_>, minions: i64) -> ClusterMaster {
    ClusterMaster {
        master_id: master.master_id.clone(),
        state: master.key_state,
        status: verdict.presence,
        reason: verdict.reason.clone(),
        last_seen: master.last_call_at,
        minions,
    }
}

fn waiting(key: &MasterKey) -> ClusterMaster {
    ClusterMaster {
        master_id: key.master_id.clone(),
        state: key.state,
        status: Presence::Unknown,
        reason: format!("its key is {}: {}", key.state.as_str(), key.reason),
        last_seen: Some(key.last_seen_at),
        minions: 0,
    }
}

/// A hot minion is on every master that holds it, any other on the one that saw it last.
fn on_it(kind: ClusterKind, counts: &[&MinionCount], held: &[(Uuid, i64)], master: Uuid) -> i64 {
    if kind == ClusterKind::Hot {
        return held.iter().find(|(holder, _)| *holder == master).map_or(0, |(_, minions)| *minions);
    }
    let here =
        |one: &&&MinionCount| one.seen_by == Some(master) && one.presence == Presence::Present.as_str();
    counts.iter().filter(here).map(|one| one.minions).sum()
}

fn minions(counts: &[&MinionCount]) -> MinionCounts {
    let all = |presence: Presence| {
        counts.iter().filter(|one| one.presence == presence.as_str()).map(|one| one.minions).sum()
    };
    MinionCounts {
        present: all(Presence::Present),
        lost: all(Presence::Lost),
        unknown: all(Presence::Unknown),
    }
}
