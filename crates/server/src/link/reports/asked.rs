//! `Asked`: what minions say of a job that they did not return.

use jiff::SignedDuration;
use raas_api::OutcomeState;
use raas_cluster::outcome::{Answer as Said, DueDecision, DueFacts, on_due};
use raas_db::{
    DbError, Transaction,
    command::Locked,
    delivery::{self, Answer},
    outcome::{self, Change, Open},
};
use raas_wire::{Asked, Report};

use super::{
    held::{Deliveries, Held},
    kind::{Item, Kind, Refused, Source, Taken},
};
use crate::{
    job::{Times, after, after_stop},
    ledger,
};

/// How long a return that the minion was found to keep may take to come in.
const FOUND: SignedDuration = SignedDuration::from_secs(10);

/// How soon a minion that the asked master does not hold is looked for again.
const NOT_HERE: SignedDuration = SignedDuration::from_secs(10);

/// Answers to questions.
pub(super) struct Answers;

impl Kind for Answers {
    type Report = Asked;

    fn of(report: &Report) -> Option<&Asked> {
        if let Report::Asked(one) = report { Some(one) } else { None }
    }

    async fn take(tx: &Transaction<'_>, source: &Source<'_>, items: &[Item<'_, Asked>]) -> Taken {
        let deliveries = Deliveries::get(tx, items.iter().map(|item| item.report.delivery_id)).await?;
        let held = Held::take(tx, deliveries.jids()).await?;
        let (mut refused, mut answers, mut changes) = (Vec::new(), Vec::new(), Vec::new());
        for item in items {
            let one = item.report;
            let known = deliveries
                .of(source, one.delivery_id, &["ask"])
                .and_then(|delivery| held.of(source, delivery.jid.as_deref().unwrap_or_default()));
            let command = match known {
                Ok(command) => command,
                Err(reason) => {
                    refused.push(Refused { n: item.n, reason });
                    continue;
                }
            };
            let (delivery_id, reason) = (one.delivery_id, String::new());
            answers.push(Answer { delivery_id, state: "done", reason, salt_jid: None });
            changes.extend(said(tx, source, command, one).await?);
        }
        delivery::answer(tx, source.now, &answers).await?;
        let deltas = outcome::change(tx, source.now, &changes).await?;
        ledger::settle(tx, source.now, &deltas).await?;
        if changes.iter().any(|change| change.deadline.is_some_and(|at| at <= source.now)) {
            ledger::wake_reconciler(tx).await?;
        }
        Ok(refused)
    }
}

async fn said(
    tx: &Transaction<'_>,
    source: &Source<'_>,
    command: &Locked,
    one: &Asked,
) -> Result<Vec<Change>, DbError> {
    let lists: [(_, Heard); 5] = [
        (&one.running, |source, command, row| step(source, command, row, Said::Running)),
        (&one.found, found),
        (&one.not_found, |source, command, row| step(source, command, row, Said::NotFound)),
        (&one.silent, |source, command, row| step(source, command, row, Said::Silent)),
        (&one.not_here, not_here),
    ];
    let mut changes = Vec::new();
    for (minions, heard) in lists {
        if minions.is_empty() {
            continue;
        }
        let open =
            outcome::open(tx, command.day, &source.master.cluster_id, &command.jid, Some(minions)).await?;
        changes.extend(open.into_iter().map(|row| heard(source, command, row)));
    }
    Ok(changes)
}

/// What one answer makes of one open outcome.
type Heard = fn(&Source<'_>, &Locked, Open) -> Change;

/// The minion keeps its return, which comes as a return.
fn found(source: &Source<'_>, command: &Locked, row: Open) -> Change {
    Change {
        reason: "the minion keeps its return, which is on its way".to_owned(),
        deadline: Some(after(source.now, FOUND)),
        ..as_it_was(source, command, row)
    }
}

/// Nobody asked the minion: that is not its silence, and the question does not count.
fn not_here(source: &Source<'_>, command: &Locked, row: Open) -> Change {
    let master = &source.master.master_id;
    Change {
        reason: format!("it could not be asked through master {master:?}, which holds no accepted key of it"),
        deadline: Some(after(source.now, NOT_HERE)),
        asked: row.asked.saturating_sub(1).max(0),
        unheld_since: row.unheld_since.or(Some(source.now)),
        ..as_it_was(source, command, row)
    }
}

fn step(source: &Source<'_>, command: &Locked, row: Open, said: Said) -> Change {
    let (now, times) = (source.now, Times::of(&source.state.config));
    let was = state_of(&row);
    let (state, reason, deadline, asked) = match said {
        Said::Running => (
            OutcomeState::Running,
            "the minion was asked and says that it still runs".to_owned(),
            Some(after(now, times.ask_again)),
            0,
        ),
        said => match on_due(now, &facts(source, was, row.asked, said), SignedDuration::ZERO) {
            // It ended because somebody wanted it to.
            DueDecision::End(OutcomeState::ResultUnknown, _) if command.stopped_by.is_some() => {
                let by = command.stopped_by.as_deref().unwrap_or_default();
                let reason =
                    format!("stopped by {by}: the minion does not run it any more, and sent no return");
                (OutcomeState::Cancelled, reason, None, row.asked)
            }
            DueDecision::End(state, reason) => {
                (state, after_stop(command.stopped_by.as_deref(), reason), None, row.asked)
            }
            // Somebody who said that the job runs gets more time than somebody who never said anything.
            DueDecision::Ask(_) | DueDecision::Wait(_) | DueDecision::NobodyHolds => (
                was,
                "the minion was asked about the job and did not answer".to_owned(),
                Some(if was == OutcomeState::Running { after(now, times.ask_again) } else { now }),
                row.asked,
            ),
        },
    };
    Change { state: state.as_str(), reason, deadline, asked, ..as_it_was(source, command, row) }
}

fn state_of(row: &Open) -> OutcomeState {
    OutcomeState::from_word(&row.state).unwrap_or(OutcomeState::Delivered)
}

/// Nobody was asked, as others came first: that is not its silence, and it is tried again for a while; of a job that is known to run,
/// always.
pub(super) fn unasked(source: &Source<'_>, command: &Locked, why: &str, row: Open) -> Change {
    let runs = state_of(&row) == OutcomeState::Running;
    Change {
        reason: format!("it was not asked about yet: {why}"),
        deadline: Some(after(source.now, NOT_HERE)),
        asked: row.asked.saturating_sub(1).max(0),
        unheld_since: if runs { None } else { row.unheld_since.or(Some(source.now)) },
        ..as_it_was(source, command, row)
    }
}

/// No change yet. Whoever could be asked is held by a master.
fn as_it_was(source: &Source<'_>, command: &Locked, row: Open) -> Change {
    Change {
        day: command.day,
        cluster_id: source.master.cluster_id.clone(),
        jid: command.jid.clone(),
        state: state_of(&row).as_str(),
        minion_id: row.minion_id,
        reason: String::new(),
        deadline: None,
        asked: row.asked,
        unheld_since: None,
    }
}

fn facts(source: &Source<'_>, state: OutcomeState, asked: i32, said: Said) -> DueFacts {
    DueFacts {
        state,
        asked,
        delivery_open: false,
        maybe_published: true,
        ask_open: false,
        ask_through: Some(source.master.master_uuid),
        unheld_until: None,
        last_answer: Some(said),
        not_before: None,
    }
}
