//! Facts for the routing rules, out of rows: which masters are live, where each minion is. Decides nothing itself.

use std::collections::HashMap;

use jiff::{SignedDuration, Timestamp};
use raas_api::Presence;
use raas_cluster::{
    presence::{self, MasterEvidence, MinionEvidence},
    routing::{ClusterFacts, MasterFacts, MinionLink, MinionLinks, why_nobody_holds},
};
use raas_db::{
    DbError, Session,
    routing::{self, LinkRow, MasterRow, MinionRow},
};
use raas_wire::{ClusterKind, SaltState};
use uuid::Uuid;

use crate::config::Config;

/// How old evidence may be.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Expiry {
    /// Of a master.
    pub(crate) master: SignedDuration,
    /// Of a minion.
    pub(crate) minion: SignedDuration,
}

impl Expiry {
    /// As configured.
    pub(crate) fn of(config: &Config) -> Self {
        let seconds = |s: u32| SignedDuration::from_secs(i64::from(s));
        Self {
            master: seconds(config.presence.master_expiry_s),
            minion: seconds(config.presence.minion_expiry_s),
        }
    }
}

/// A cluster as routing sees it.
#[derive(Clone, Debug)]
pub(crate) struct Known {
    /// For the rules.
    pub(crate) facts: ClusterFacts,
    /// Live masters that have not reported their keys: anybody may be there.
    pub(crate) without_keys: Vec<Uuid>,
}

impl Known {
    /// Every live master has reported its keys: who is not among them is not there.
    pub(crate) fn keys_known(&self) -> bool {
        self.without_keys.is_empty()
    }

    /// Whether one of its masters is live.
    pub(crate) fn is_live(&self, master: Uuid) -> bool {
        self.facts.masters.iter().any(|m| m.master_uuid == master && m.live)
    }

    /// Where a minion of this cluster may be.
    pub(crate) fn links(&self, row: &MinionRow, now: Timestamp, expiry: Expiry) -> MinionLinks {
        let link = |link: &LinkRow| MinionLink {
            master_uuid: link.master_uuid,
            key: link.key,
            fresh: self.fresh(row, link, now, expiry),
        };
        MinionLinks { minion_id: row.minion_id.clone(), links: row.links.iter().map(link).collect() }
    }

    /// A hot minion is on several masters at once, each with its own evidence, which must be newer than its last
    /// attachment to another: a minion that started anew may have left this one. Any other is on the one that saw it last.
    fn fresh(&self, row: &MinionRow, link: &LinkRow, now: Timestamp, expiry: Expiry) -> bool {
        let seen_by_present = self.is_live(link.master_uuid);
        let evidence = if self.facts.kind == ClusterKind::Hot {
            let others = row.links.iter().filter(|other| other.master_uuid != link.master_uuid);
            if others.filter_map(|other| other.attached_at).max() > link.seen_at {
                return false;
            }
            MinionEvidence { seen_at: link.seen_at, silent_at: link.silent_at, seen_by_present }
        } else if row.seen_by == Some(link.master_uuid) {
            MinionEvidence { seen_at: row.seen_at, silent_at: row.silent_at, seen_by_present }
        } else {
            return false;
        };
        presence::minion(now, &evidence, expiry.minion) == Presence::Present
    }

    /// The live master that holds a minion now, or else one that may. A master that holds no key of it cannot ask it.
    pub(crate) fn holder(&self, minion: &MinionLinks) -> Option<Uuid> {
        let live = |link: &&MinionLink| self.is_live(link.master_uuid);
        let links = || minion.links.iter().filter(live);
        links()
            .find(|link| link.fresh)
            .or_else(|| links().find(|link| link.key))
            .map(|link| link.master_uuid)
            .or_else(|| self.without_keys.first().copied())
    }

    /// The live master that a minion is asked through next. A hot-hot minion may be on several: one that was asked in
    /// vain gives way to another, and one that got an answer is asked again. `last`: whom it was asked through last.
    pub(crate) fn asked_next(&self, minion: &MinionLinks, last: Option<Uuid>, in_vain: bool) -> Option<Uuid> {
        let Some(last) = last.filter(|_| self.facts.kind == ClusterKind::Hot) else {
            return self.holder(minion);
        };
        let is_last = |link: &&MinionLink| link.master_uuid == last;
        let kept = minion.links.iter().filter(|link| is_last(link) != in_vain).copied().collect();
        let kept = MinionLinks { minion_id: minion.minion_id.clone(), links: kept };
        let holds = kept.links.iter().any(|link| self.is_live(link.master_uuid) && (link.fresh || link.key));
        self.holder(if holds { &kept } else { minion })
    }

    /// Why no live master holds a minion: where its key is, and what to do about it.
    pub(crate) fn why_nobody_holds(&self, minion: &MinionLinks) -> String {
        why_nobody_holds(&self.facts, minion)
    }
}

/// The clusters that `names` (cluster or master ids) mean; all when there are none.
/// `count` says whether the present minions of failover masters matter (they do for runs).
pub(crate) async fn clusters(
    session: &impl Session,
    names: Option<&[String]>,
    count: bool,
    now: Timestamp,
    expiry: Expiry,
) -> Result<Vec<Known>, DbError> {
    let present_since = now.saturating_sub(expiry.minion).unwrap_or(now);
    let rows = routing::masters(session, names, count, present_since).await?;
    let mut clusters: Vec<Known> = Vec::new();
    for row in rows {
        let master = master(&row, now, expiry);
        let without_keys = (master.live && !row.has_keys).then_some(master.master_uuid);
        match clusters.last_mut().filter(|known| known.facts.cluster_id == row.cluster_id) {
            Some(known) => {
                known.without_keys.extend(without_keys);
                known.facts.masters.push(master);
            }
            None => clusters.push(Known {
                without_keys: without_keys.into_iter().collect(),
                facts: ClusterFacts {
                    cluster_id: row.cluster_id,
                    kind: ClusterKind::from_word(&row.kind).unwrap_or(ClusterKind::Single),
                    masters: vec![master],
                },
            }),
        }
    }
    Ok(clusters)
}

fn master(row: &MasterRow, now: Timestamp, expiry: Expiry) -> MasterFacts {
    let evidence = MasterEvidence {
        last_call_at: row.last_call_at,
        salt: row.salt_state.as_deref().and_then(SaltState::from_word),
    };
    MasterFacts {
        master_uuid: row.master_uuid,
        master_id: row.master_id.clone(),
        live: presence::master(now, &evidence, expiry.master).presence == Presence::Present,
        present_minions: u64::try_from(row.present).unwrap_or_default(),
        keys_known: row.has_keys,
    }
}

/// Present minions that a run on one master of a cluster does not see.
#[derive(Clone, Debug, Default)]
pub(crate) struct NotSeen {
    /// How many in all.
    pub(crate) count: i64,
    /// The first of them.
    pub(crate) ids: Vec<String>,
    /// Names a few of them, in a sentence; none when there are none.
    pub(crate) said: Option<String>,
}

/// A runner sees only the minions of its own master: whom does it not see? The first `limit` ids.
pub(crate) async fn not_seen(
    session: &impl Session,
    cluster: &ClusterFacts,
    master: Uuid,
    (now, expiry): (Timestamp, Expiry),
    limit: i64,
) -> Result<NotSeen, DbError> {
    let since = now.saturating_sub(expiry.minion).unwrap_or(now);
    let live: Vec<Uuid> = cluster.masters.iter().filter(|m| m.live).map(|m| m.master_uuid).collect();
    let place = (cluster.cluster_id.as_str(), master);
    let (count, ids) = routing::elsewhere(session, place, &live, since, limit).await?;
    let Some(chosen) = cluster.masters.iter().find(|m| m.master_uuid == master).filter(|_| count > 0) else {
        return Ok(NotSeen::default());
    };
    let some = &ids[..ids.len().min(5)];
    let more = count - i64::try_from(some.len()).unwrap_or(count);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    let said = format!(
        "runs on {:?} only, which does not see these minions of {:?}: {}{more}",
        chosen.master_id,
        cluster.cluster_id,
        some.join(", ")
    );
    Ok(NotSeen { count, ids, said: Some(said) })
}

/// Where these minions of one cluster may be, by id. Minions without an accepted key anywhere are left out.
pub(crate) async fn minions(
    session: &impl Session,
    cluster: &Known,
    ids: &[String],
    now: Timestamp,
    expiry: Expiry,
) -> Result<HashMap<String, MinionLinks>, DbError> {
    let rows =
        routing::minions(session, std::slice::from_ref(&cluster.facts.cluster_id), Some(ids), false).await?;
    Ok(rows.iter().map(|row| (row.minion_id.clone(), cluster.links(row, now, expiry))).collect())
}
