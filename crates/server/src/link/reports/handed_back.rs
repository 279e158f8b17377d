//! `HandedBack`: what was certainly not carried out is planned anew by the reconciler; what may have been is asked about.

use std::collections::BTreeSet;

use raas_api::OutcomeState;
use raas_db::{
    Transaction,
    command::Locked,
    delivery::{self, Answer, Delivery},
    outcome::{self, Change},
};
use raas_wire::{HandBack, HandedBack, Report, Work};

use super::{
    asked::unasked,
    held::{Deliveries, Held},
    kind::{Item, Kind, Refused, Source, Taken},
    published,
};
use crate::ledger::{self, touched};

/// Deliveries that go back.
pub(super) struct HandBacks;

impl Kind for HandBacks {
    type Report = HandedBack;

    fn of(report: &Report) -> Option<&HandedBack> {
        if let Report::HandedBack(one) = report { Some(one) } else { None }
    }

    async fn take(tx: &Transaction<'_>, source: &Source<'_>, items: &[Item<'_, HandedBack>]) -> Taken {
        let deliveries = Deliveries::get(tx, items.iter().map(|item| item.report.delivery_id)).await?;
        let held = Held::take(tx, deliveries.jids()).await?;
        let mut back = Back::default();
        let mut refused = Vec::new();
        for item in items {
            let works = &["publish", "run", "ask", "ping", "keys"];
            match deliveries.of(source, item.report.delivery_id, works) {
                Ok(delivery) => back.add(source, delivery, &held, item.report),
                Err(reason) => refused.push(Refused { n: item.n, reason }),
            }
        }
        back.write(tx, source).await?;
        Ok(refused)
    }
}

#[derive(Default)]
struct Back {
    /// Certainly not carried out, and nobody may have started it.
    anew: Vec<(uuid::Uuid, String)>,
    answers: Vec<Answer>,
    changes: Vec<Change>,
    /// Questions that were not put, as others came first.
    unasked: Vec<(Locked, Vec<String>, String)>,
    jids: BTreeSet<String>,
}

impl Back {
    fn add(&mut self, source: &Source<'_>, delivery: &Delivery, held: &Held, one: &HandedBack) {
        let reason = format!("master {:?}: {}", source.master.master_id, one.detail.replace('\0', ""));
        self.jids.extend(delivery.jid.clone());
        let claimed = matches!(delivery.state.as_str(), "claimed" | "started");
        let maybe = one.why == HandBack::Unanswered;
        match (delivery.work.as_str(), delivery.state.as_str()) {
            // Moved or answered before: nothing hangs on it any more.
            (_, "handed_back" | "done" | "published") | ("run", "expired") => {}
            ("publish" | "run", _) if !claimed && !maybe => self.anew.push((delivery.delivery_id, reason)),
            ("run", _) => {
                let state = if maybe { OutcomeState::ResultUnknown } else { OutcomeState::NotDelivered };
                let ended = if maybe { "expired" } else { "handed_back" };
                self.answer(delivery, ended, &reason);
                let command = delivery.jid.as_deref().and_then(|jid| held.of(source, jid).ok());
                self.changes.extend(command.map(|command| end(source, command, state, &reason)));
            }
            ("ask", _) if one.why == HandBack::TooLate => {
                self.answer(delivery, "handed_back", &reason);
                let command = delivery.jid.as_deref().and_then(|jid| held.of(source, jid).ok());
                if let (Some(command), Ok(Work::Ask(ask))) =
                    (command, serde_json::from_str(&delivery.payload))
                {
                    self.unasked.push((command.clone(), ask.minions, reason));
                }
            }
            (_, _) => self.answer(delivery, if maybe { "expired" } else { "handed_back" }, &reason),
        }
    }

    fn answer(&mut self, delivery: &Delivery, state: &'static str, reason: &str) {
        let delivery_id = delivery.delivery_id;
        self.answers.push(Answer { delivery_id, state, reason: reason.to_owned(), salt_jid: None });
    }

    async fn write(mut self, tx: &Transaction<'_>, source: &Source<'_>) -> Result<(), raas_db::DbError> {
        for (command, minions, why) in std::mem::take(&mut self.unasked) {
            let cluster_id = &source.master.cluster_id;
            let open = outcome::open(tx, command.day, cluster_id, &command.jid, Some(&minions)).await?;
            self.changes.extend(open.into_iter().map(|row| unasked(source, &command, &why, row)));
        }
        let jids: Vec<String> = self.jids.into_iter().collect();
        delivery::hand_back(tx, source.now, &self.anew).await?;
        delivery::answer(tx, source.now, &self.answers).await?;
        let mut deltas = outcome::change(tx, source.now, &self.changes).await?;
        deltas.extend(jids.iter().map(|jid| touched(jid)));
        ledger::settle(tx, source.now, &deltas).await?;
        published::hurry(tx, source, &jids).await?;
        ledger::wake_reconciler(tx).await
    }
}

/// The end of a run on this master.
pub(super) fn end(source: &Source<'_>, command: &Locked, state: OutcomeState, reason: &str) -> Change {
    Change {
        day: command.day,
        cluster_id: source.master.cluster_id.clone(),
        jid: command.jid.clone(),
        minion_id: source.master.master_id.clone(),
        state: state.as_str(),
        reason: reason.to_owned(),
        deadline: None,
        asked: 0,
        unheld_since: None,
    }
}
