//! `Published`: a master took a job. Its reply names accepted keys that match, not who is connected.

use std::collections::{BTreeMap, BTreeSet};

use raas_db::{
    DbError, Transaction, command,
    delivery::{self, Answer},
    outcome::{self, Deliver},
};
use raas_wire::{Published, Report};

use super::{
    held::{Deliveries, Held},
    kind::{Item, Kind, Refused, Source, Taken},
    minion_id,
};
use crate::{
    job::after_ms,
    ledger::{self, touched},
};

/// Jobs that were published.
pub(super) struct Publications;

impl Kind for Publications {
    type Report = Published;

    fn of(report: &Report) -> Option<&Published> {
        if let Report::Published(one) = report { Some(one) } else { None }
    }

    async fn take(tx: &Transaction<'_>, source: &Source<'_>, items: &[Item<'_, Published>]) -> Taken {
        let deliveries = Deliveries::get(tx, items.iter().map(|item| item.report.delivery_id)).await?;
        let held = Held::take(tx, deliveries.jids()).await?;
        let mut taken = Publication::default();
        for item in items {
            if let Err(reason) = taken.add(source, &deliveries, &held, item.report) {
                taken.refused.push(Refused { n: item.n, reason });
            }
        }
        taken.write(tx, source).await
    }
}

/// What a batch says of publications, put together.
#[derive(Default)]
struct Publication {
    answers: Vec<Answer>,
    jids: BTreeSet<String>,
    /// By jid and minion: named once, whatever number of deliveries named it.
    named: BTreeMap<(String, String), Deliver>,
    refused: Vec<Refused>,
}

impl Publication {
    fn add(
        &mut self,
        source: &Source<'_>,
        deliveries: &Deliveries,
        held: &Held,
        one: &Published,
    ) -> Result<(), String> {
        let delivery = deliveries.of(source, one.delivery_id, &["publish"])?;
        if delivery.jid.as_deref() != Some(&one.jid) {
            return Err(format!("delivery {} has another jid than {:?}", one.delivery_id, one.jid));
        }
        let command = held.of(source, &one.jid)?;
        // A master on which nothing matched has nothing to answer for.
        let (state, reason) =
            if one.matched_none { ("done", "matched no minion on this master") } else { ("published", "") };
        self.answers.push(Answer {
            delivery_id: one.delivery_id,
            state,
            reason: reason.to_owned(),
            salt_jid: None,
        });
        self.jids.insert(one.jid.clone());
        let deadline = after_ms(source.now, command.timeout_ms);
        for minion_id in one.minions.iter().filter(|id| minion_id::is_plain(id)) {
            let (day, jid) = (command.day, one.jid.clone());
            let deliver = Deliver { day, jid: jid.clone(), minion_id: minion_id.clone(), deadline };
            self.named.insert((jid, minion_id.clone()), deliver);
        }
        Ok(())
    }

    async fn write(self, tx: &Transaction<'_>, source: &Source<'_>) -> Taken {
        let (now, master) = (source.now, source.master);
        let jids: Vec<String> = self.jids.into_iter().collect();
        delivery::answer(tx, now, &self.answers).await?;
        command::master_done(tx, &jids, &master.master_id).await?;
        let named: Vec<Deliver> = self.named.into_values().collect();
        let reason = format!("published by master {:?}", master.master_id);
        let mut deltas =
            outcome::deliver(tx, &master.cluster_id, master.master_uuid, &reason, now, &named).await?;
        deltas.extend(jids.iter().map(|jid| touched(jid)));
        ledger::settle(tx, now, &deltas).await?;
        hurry(tx, source, &jids).await?;
        Ok(self.refused)
    }
}

/// When nothing more will be published for a job, whoever was not named is looked at now.
pub(super) async fn hurry(tx: &Transaction<'_>, source: &Source<'_>, jids: &[String]) -> Result<(), DbError> {
    if outcome::hurry(tx, jids, source.now).await? > 0 {
        ledger::wake_reconciler(tx).await?;
    }
    Ok(())
}
