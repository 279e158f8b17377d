//! Runners and wheels: an unclaimed one moves to another master, a claimed one never does; each ends.

use jiff::Timestamp;
use raas_api::{Disposition, OutcomeState};
use raas_cluster::routing::{RunRequest, plan_run};
use raas_db::{
    DbError, Transaction,
    command::Locked,
    delivery::{self, Delivery, NewDelivery},
    outcome::{self, Due, MoveRun},
};
use raas_wire::{Run, Work};
use serde_json::Value;
use uuid::Uuid;

use super::{
    deliveries::REASONS,
    reach::{Given, may_be_given},
    round::Round,
    sending::{named, send, why},
};
use crate::{
    job::{GRACE, RUN_LOOK, after, after_ms},
    routing::{self, Known},
};

/// Why a run that nobody claimed is taken back: whether it was fetched or not, it did not start.
const NOT_CLAIMED: &str = "its master did not claim it in time";

/// How long a plugin that was started again has to find out that a run was started before.
const FIND_MS: i64 = 45_000;
/// How long after its time a run may still be reported on.
const RUN_GRACE_MS: i64 = 60_000;

/// Takes back a run that nobody claimed and gives it to another master of its cluster. False: it stays where it is.
pub(super) async fn anew(
    round: &Round<'_>,
    tx: &Transaction<'_>,
    command: &Locked,
    given: &[Given],
    due: &Delivery,
) -> Result<bool, DbError> {
    let names = [due.cluster_id.clone()];
    let known = routing::clusters(tx, Some(&names), true, round.now, round.expiry).await?;
    let known = known.into_iter().find(|k| k.facts.cluster_id == due.cluster_id);
    let next = known.as_ref().filter(|_| command.stopped_by.is_none());
    let next = next.and_then(|known| elsewhere(command, given, due, known.clone()));
    // Its master is away, but may come back in time: nobody else could do it.
    if next.is_none() && due.publish_before > round.now {
        return Ok(false);
    }
    let why_back = (NOT_CLAIMED, REASONS.1);
    let back = delivery::take_back(tx, &[due.delivery_id], round.now, why_back).await?;
    let (Some(back), Some(next)) = (back.first(), next) else { return Ok(!back.is_empty()) };
    let Ok(Work::Run(run)) = serde_json::from_str::<Work>(&back.payload) else { return Ok(true) };
    let reason = format!("planned anew: {}", why(round, back));
    let until = after(round.now, round.times.publish);
    let moved = MoveRun {
        day: command.day,
        cluster_id: &back.cluster_id,
        jid: &command.jid,
        from: round.master_id(back.master_uuid).unwrap_or_default(),
        to: &next.master_id,
        to_uuid: next.master_uuid,
        reason: &reason,
        deadline: after(until, GRACE),
    };
    if outcome::move_run(tx, &moved, round.now).await? {
        let mut warnings = vec![reason];
        if let Some(known) = &known {
            let at = (round.now, round.expiry);
            warnings.extend(routing::not_seen(tx, &known.facts, next.master_uuid, at, 5).await?.said);
        }
        let delivery = again(round, back, run, next.master_uuid, until);
        send(round, tx, command, &[delivery], warnings).await?;
    }
    Ok(true)
}

fn again(round: &Round<'_>, back: &Delivery, run: Run, to: Uuid, until: Timestamp) -> NewDelivery {
    let delivery_id = round.state.random.uuid();
    NewDelivery {
        delivery_id,
        jid: back.jid.clone(),
        day: back.day,
        cluster_id: back.cluster_id.clone(),
        master_uuid: to,
        work: "run",
        payload: serde_json::to_string(&Work::Run(Run { delivery_id, ..run })).unwrap_or_default(),
        publish_before: until,
    }
}

/// Where a run goes next.
struct Next {
    master_uuid: Uuid,
    master_id: String,
}

/// Another live master that was asked for, or the same one once more.
fn elsewhere(command: &Locked, given: &[Given], due: &Delivery, mut known: Known) -> Option<Next> {
    let asked: Value = serde_json::from_str(&command.tgt).unwrap_or_default();
    let disposition: Vec<Disposition> =
        serde_json::from_value(asked["disposition"].clone()).unwrap_or_default();
    let only = named(&command.tgt, &known, None);
    let everywhere = disposition.contains(&Disposition::AllInCluster);
    // This very delivery counts as handed back: it is about to be.
    let others: Vec<Given> = given.iter().filter(|g| g.row.delivery_id != due.delivery_id).cloned().collect();
    for m in &mut known.facts.masters {
        let same = m.master_uuid == due.master_uuid;
        let again = !same || others.iter().all(|g| g.row.master_uuid != m.master_uuid);
        m.live &= again
            && (same || !everywhere)
            && only.as_ref().is_none_or(|only| only.contains(&m.master_uuid))
            && may_be_given(&others, "run", m.master_uuid);
    }
    if known.facts.masters.iter().any(|m| m.live && m.master_uuid != due.master_uuid) {
        known
            .facts
            .masters
            .iter_mut()
            .filter(|m| m.master_uuid == due.master_uuid)
            .for_each(|m| m.live = false);
    }
    let name = known.facts.cluster_id.clone();
    let masters = known.facts.masters.clone();
    let (_, plan) = plan_run(&RunRequest { entities: vec![(name, known.facts)], disposition: Vec::new() })
        .into_iter()
        .next()?;
    let chosen = plan.deliveries.first()?.master_uuid;
    let master = masters.into_iter().find(|m| m.master_uuid == chosen)?;
    Some(Next { master_uuid: chosen, master_id: master.master_id })
}

/// What becomes of a due outcome of a run.
pub(super) enum Step {
    /// Look again then.
    Wait(Timestamp),
    /// It ended.
    End(OutcomeState, String),
}

/// Decides about a due outcome of a run. `given`: all deliveries of its command.
pub(super) fn step(round: &Round<'_>, given: &[Given], due: &Due) -> Step {
    let mut mine = given.iter().filter(|g| {
        g.is("run", &due.cluster_id)
            && (Some(g.row.master_uuid) == due.master_uuid
                || round.master_id(g.row.master_uuid) == Some(&due.minion_id))
    });
    let Some(last) = mine.next_back() else {
        let reason = "its master was deleted".to_owned();
        return match due.state.as_str() {
            "queued" => Step::End(OutcomeState::NotDelivered, reason),
            _ => Step::End(OutcomeState::ResultUnknown, reason),
        };
    };
    let (row, name) = (&last.row, round.name(last.row.master_uuid));
    let unknown = |reason: String| Step::End(OutcomeState::ResultUnknown, reason);
    match row.state.as_str() {
        "queued" | "leased" => Step::Wait(after(row.publish_before.max(round.now), GRACE)),
        "handed_back" => Step::End(OutcomeState::NotDelivered, format!("nobody ran it; {}", why(round, row))),
        "claimed" | "started" => {
            let end = after_ms(row.changed_at, due.timeout_ms.saturating_add(RUN_GRACE_MS));
            if end <= round.now {
                unknown(format!("{name} may have run it; no result came within {} s", due.timeout_ms / 1000))
            } else if round.has_vanished(row.master_uuid) {
                unknown(format!(
                    "{name} was lost after it may have started it; it is not run elsewhere, as it may have run"
                ))
            } else if row.state == "claimed"
                && round.started_again(row.master_uuid, row.leased_epoch)
                && after_ms(row.changed_at, FIND_MS) <= round.now
            {
                unknown(format!(
                    "{name} was allowed to start it, then its plugin was started again, and Salt tells nothing of it; it is not \
                     run elsewhere, as it may have run"
                ))
            } else {
                Step::Wait(after(round.now, RUN_LOOK).min(end))
            }
        }
        _ => unknown(format!("{name} may have run it and told no result: {}", row.reason)),
    }
}
