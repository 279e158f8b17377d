//! Due outcomes of jobs for minions: the facts, out of rows; the decision is `cluster::outcome::on_due`.

use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet, HashMap},
};

use jiff::SignedDuration;
use raas_api::OutcomeState;
use raas_cluster::{
    outcome::{Answer, DueDecision, DueFacts, on_due},
    routing::MinionLinks,
};
use raas_db::{DbError, Transaction, outcome::Due};
use uuid::Uuid;

use super::{outcomes::Steps, reach::Given, round::Round, sending::why};
use crate::{
    job::{after_ms, after_stop},
    routing::{self, Known},
};

/// How soon an outcome about which nothing can be said is looked at again.
const PATIENCE: SignedDuration = SignedDuration::from_secs(5);
/// How long a minion has at least to appear on another master before it is asked again.
const MOVE_MS: i64 = 30_000;
/// How much longer a cluster without a live master is waited for.
const RETURN_MS: i64 = 60_000;

/// Where the minions of due outcomes are.
#[derive(Debug, Default)]
pub(super) struct Facts {
    clusters: BTreeMap<String, (Known, HashMap<String, MinionLinks>)>,
}

impl Facts {
    /// Looks once per cluster.
    pub(super) async fn gather(
        round: &Round<'_>,
        tx: &Transaction<'_>,
        due: &[&Due],
    ) -> Result<Self, DbError> {
        let mut ids: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for one in due {
            ids.entry(&one.cluster_id).or_default().insert(&one.minion_id);
        }
        let names: Vec<String> = ids.keys().map(|&name| name.to_owned()).collect();
        let mut facts = Self::default();
        if names.is_empty() {
            return Ok(facts);
        }
        for known in routing::clusters(tx, Some(&names), false, round.now, round.expiry).await? {
            let Some(ids) = ids.get(known.facts.cluster_id.as_str()) else { continue };
            let ids: Vec<String> = ids.iter().map(|&id| id.to_owned()).collect();
            let links = routing::minions(tx, &known, &ids, round.now, round.expiry).await?;
            facts.clusters.insert(known.facts.cluster_id.clone(), (known, links));
        }
        Ok(facts)
    }

    /// Decides about one outcome. `given`: all deliveries of its command.
    pub(super) fn decide(&self, round: &Round<'_>, given: &[Given], due: &Due, steps: &mut Steps) {
        let given: Vec<&Given> =
            given.iter().filter(|g| g.row.cluster_id == due.cluster_id && g.covers(&due.minion_id)).collect();
        match on_due(round.now, &self.of(&given, due), PATIENCE) {
            DueDecision::Wait(until) => steps.wait(due, until),
            DueDecision::Ask(master) => steps.ask(round, due, master),
            DueDecision::NobodyHolds => {
                let reason = format!("{}; {}", self.published(round, &given, due), self.unasked(&given, due));
                steps.end(due, OutcomeState::ResultUnknown, after_stop(due.stopped_by.as_deref(), reason));
            }
            DueDecision::End(OutcomeState::NotDelivered, reason) => {
                let why = || self.why_nobody_holds(due);
                let reason = not_delivered(round, &given, why).unwrap_or(reason);
                let state = match due.stopped_by {
                    Some(_) => OutcomeState::Cancelled,
                    None => OutcomeState::NotDelivered,
                };
                steps.end(due, state, after_stop(due.stopped_by.as_deref(), reason));
            }
            DueDecision::End(state, reason) => {
                steps.end(due, state, after_stop(due.stopped_by.as_deref(), reason));
            }
        }
    }

    /// `given`: the deliveries that cover the minion.
    fn of(&self, given: &[&Given], due: &Due) -> DueFacts {
        let state = OutcomeState::from_word(&due.state).unwrap_or(OutcomeState::Delivered);
        let publishes = || given.iter().filter(|g| g.row.work == "publish");
        let cluster = self.clusters.get(&due.cluster_id);
        let links = self.links(due);
        // First the master that published it: only its cache may have a return that it could not bring.
        let last = given.iter().rfind(|g| g.row.work == "ask").map(|g| g.row.master_uuid).or(due.master_uuid);
        let in_vain = due.asked > 0 || due.unheld_since.is_some();
        let ask_through = cluster.and_then(|(known, _)| known.asked_next(&links, last, in_vain));
        let proven = links.links.iter().any(|link| link.fresh);
        DueFacts {
            state,
            asked: due.asked,
            delivery_open: publishes().any(|g| g.is_open()),
            maybe_published: state != OutcomeState::Queued
                || due.source == "salt"
                || publishes().any(|g| g.row.state == "expired"),
            ask_open: given.iter().any(|g| g.row.work == "ask" && g.is_open()),
            last_answer: match due.asked {
                0 if state == OutcomeState::Running => Some(Answer::Running),
                0 => None,
                _ => Some(Answer::Silent),
            },
            not_before: not_before(due, ask_through.is_some(), proven),
            ask_through,
            unheld_until: due.unheld_since.map(|since| sought_until(due, since)),
        }
    }

    /// Where its minion may be.
    fn links(&self, due: &Due) -> Cow<'_, MinionLinks> {
        let found = self.clusters.get(&due.cluster_id).and_then(|(_, links)| links.get(&due.minion_id));
        let nowhere = || MinionLinks { minion_id: due.minion_id.clone(), links: Vec::new() };
        found.map_or_else(|| Cow::Owned(nowhere()), Cow::Borrowed)
    }

    fn why_nobody_holds(&self, due: &Due) -> String {
        match self.clusters.get(&due.cluster_id) {
            Some((known, _)) => known.why_nobody_holds(&self.links(due)),
            None => "its cluster has no accepted master".to_owned(),
        }
    }

    /// What is known of a job for a minion that nobody can ask.
    fn published(&self, round: &Round<'_>, given: &[&Given], due: &Due) -> String {
        let is_lost = |master: &Uuid| {
            self.clusters.get(&due.cluster_id).is_none_or(|(known, _)| !known.is_live(*master))
        };
        let by = match due.master_uuid {
            Some(master) if is_lost(&master) => format!(" by {}, which was lost", round.name(master)),
            Some(master) => format!(" by {}", round.name(master)),
            None => String::new(),
        };
        let by_it = |g: &&&Given| due.master_uuid.is_none_or(|master| g.row.master_uuid == master);
        let sure = due.source == "salt" || given.iter().filter(by_it).any(|g| g.row.state == "published");
        let was = if sure { "published" } else { "it may have been published" };
        format!("{was}{by}")
    }

    /// Why nobody asked the minion. A master that had no time to ask holds it all the same.
    fn unasked(&self, given: &[&Given], due: &Due) -> String {
        let last = given.iter().rfind(|g| g.row.work == "ask").filter(|g| g.is_handed_back());
        match last {
            Some(ask) => format!("it could not be asked: {}", ask.row.reason),
            None => format!("no live master holds this minion; {}", self.why_nobody_holds(due)),
        }
    }
}

/// How long a live master that holds the minion is waited for.
fn sought_until(due: &Due, since: jiff::Timestamp) -> jiff::Timestamp {
    after_ms(since, due.timeout_ms.max(MOVE_MS).saturating_add(RETURN_MS))
}

fn not_before(due: &Due, reachable: bool, proven: bool) -> Option<jiff::Timestamp> {
    let time = due.timeout_ms.max(MOVE_MS);
    match (reachable, proven) {
        (false, _) => Some(sought_until(due, due.unheld_since.unwrap_or(due.changed_at))),
        (true, false) if due.asked > 0 => Some(after_ms(due.changed_at, time)),
        _ => None,
    }
}

/// Why nobody published a job to a minion.
fn not_delivered(
    round: &Round<'_>,
    given: &[&Given],
    why_nobody_holds: impl Fn() -> String,
) -> Option<String> {
    let publishes = || given.iter().filter(|g| g.row.work == "publish");
    if publishes().any(|g| matches!(g.row.state.as_str(), "published" | "done")) {
        return Some(format!("no master that published it knows this minion: {}", why_nobody_holds()));
    }
    let back: BTreeSet<String> =
        publishes().filter(|g| g.is_handed_back()).map(|g| why(round, &g.row)).collect();
    let back: Vec<String> = back.into_iter().collect();
    (!back.is_empty()).then(|| format!("no master published it: {}", back.join("; ")))
}
