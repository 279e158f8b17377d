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
    job::{Times, after},
    ledger,
};

/// How long a return that the minion was found to keep may take to come in.
const FOUND: SignedDuration = SignedDuration::from_secs(10);

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
    let lists = [
        (&one.running, Some(Said::Running)),
        (&one.found, None),
        (&one.not_found, Some(Said::NotFound)),
        (&one.silent, Some(Said::Silent)),
    ];
    let mut changes = Vec::new();
    for (minions, said) in lists {
        if minions.is_empty() {
            continue;
        }
        let open =
            outcome::open(tx, command.day, &source.master.cluster_id, &command.jid, Some(minions)).await?;
        changes.extend(open.into_iter().map(|row| step(source, command, row, said)));
    }
    Ok(changes)
}

/// `said`: none where the minion keeps its return, which comes as a return.
fn step(source: &Source<'_>, command: &Locked, row: Open, said: Option<Said>) -> Change {
    let (now, times) = (source.now, Times::of(&source.state.config));
    let was = OutcomeState::from_word(&row.state).unwrap_or(OutcomeState::Delivered);
    let (state, reason, deadline, asked) = match said {
        None => (
            was,
            "the minion keeps its return, which is on its way".to_owned(),
            Some(after(now, FOUND)),
            row.asked,
        ),
        Some(Said::Running) => (
            OutcomeState::Running,
            "the minion was asked and says that it still runs".to_owned(),
            Some(after(now, times.ask_again)),
            0,
        ),
        Some(said) => match on_due(now, &facts(source, was, row.asked, said), SignedDuration::ZERO) {
            DueDecision::End(state, reason) => (state, reason, None, row.asked),
            // Somebody who said that the job runs gets more time than somebody who never said anything.
            DueDecision::Ask(_) | DueDecision::Wait(_) => (
                was,
                "the minion was asked about the job and did not answer".to_owned(),
                Some(if was == OutcomeState::Running { after(now, times.ask_again) } else { now }),
                row.asked,
            ),
        },
    };
    Change {
        day: command.day,
        cluster_id: source.master.cluster_id.clone(),
        jid: command.jid.clone(),
        minion_id: row.minion_id,
        state: state.as_str(),
        reason,
        deadline,
        asked,
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
        last_answer: Some(said),
        not_before: None,
    }
}
