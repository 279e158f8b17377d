//! `RunStarted` and `Ran`: a runner or wheel on this master. Its outcome is named after the master.

use raas_api::OutcomeState;
use raas_db::{
    Transaction,
    command::{self, Locked},
    delivery::{self, Answer},
    outcome::{self, Change},
    ret::{self, NewReturn, Reporter},
};
use raas_wire::{Ran, Report, RunStarted};

use super::{
    handed_back::end,
    held::{Deliveries, Held},
    kind::{Item, Kind, Refused, Source, Taken},
};
use crate::{
    job::{self, after},
    ledger::{self, touched},
    text::{clean, shallow},
};

/// Runners that started.
pub(super) struct Starts;

impl Kind for Starts {
    type Report = RunStarted;

    fn of(report: &Report) -> Option<&RunStarted> {
        if let Report::RunStarted(one) = report { Some(one) } else { None }
    }

    async fn take(tx: &Transaction<'_>, source: &Source<'_>, items: &[Item<'_, RunStarted>]) -> Taken {
        let deliveries = Deliveries::get(tx, items.iter().map(|item| item.report.delivery_id)).await?;
        let held = Held::take(tx, deliveries.jids()).await?;
        let (mut refused, mut answers, mut changes) = (Vec::new(), Vec::new(), Vec::new());
        for item in items {
            let RunStarted { delivery_id, salt_jid } = item.report;
            let delivery = match deliveries.of(source, *delivery_id, &["run"]) {
                Ok(delivery) if matches!(delivery.state.as_str(), "leased" | "claimed") => delivery,
                Ok(_) => continue,
                Err(reason) => {
                    refused.push(Refused { n: item.n, reason });
                    continue;
                }
            };
            let salt_jid = clean(salt_jid);
            let reason = format!("started as Salt's job {salt_jid}");
            answers.push(Answer {
                delivery_id: *delivery_id,
                state: "started",
                reason: reason.clone(),
                salt_jid: Some(salt_jid),
            });
            let command = delivery.jid.as_deref().and_then(|jid| held.of(source, jid).ok());
            changes.extend(command.map(|command| Change {
                deadline: Some(after(source.now, job::RUN_LOOK)),
                ..end(source, command, OutcomeState::Running, &reason)
            }));
        }
        delivery::answer(tx, source.now, &answers).await?;
        let mut deltas = outcome::change(tx, source.now, &changes).await?;
        deltas.extend(deliveries.jids().into_iter().map(touched));
        ledger::settle(tx, source.now, &deltas).await?;
        Ok(refused)
    }
}

/// Runners and wheels that ended.
pub(super) struct Runs;

impl Kind for Runs {
    type Report = Ran;

    fn of(report: &Report) -> Option<&Ran> {
        if let Report::Ran(one) = report { Some(one) } else { None }
    }

    async fn take(tx: &Transaction<'_>, source: &Source<'_>, items: &[Item<'_, Ran>]) -> Taken {
        let deliveries = Deliveries::get(tx, items.iter().map(|item| item.report.delivery_id)).await?;
        let held = Held::take(tx, deliveries.jids()).await?;
        let mut ended = Ended::default();
        for item in items {
            let known = deliveries
                .of(source, item.report.delivery_id, &["run"])
                .and_then(|delivery| held.of(source, delivery.jid.as_deref().unwrap_or_default()));
            match known.and_then(|command| ended.add(source, command, item)) {
                Ok(()) => {}
                Err(reason) => ended.refused.push(Refused { n: item.n, reason }),
            }
        }
        ended.write(tx, source).await
    }
}

#[derive(Default)]
struct Ended<'a> {
    answers: Vec<Answer>,
    rows: Vec<NewReturn<'a>>,
    changes: Vec<Change>,
    jids: Vec<String>,
    refused: Vec<Refused>,
}

impl<'a> Ended<'a> {
    fn add(&mut self, source: &Source<'a>, command: &'a Locked, item: &Item<'a, Ran>) -> Result<(), String> {
        let one = item.report;
        let Some(success) = one.success else {
            let said = one.ret.value();
            let said = said.as_str().unwrap_or("no result came in time");
            self.answer(one, said);
            self.changes.push(end(source, command, OutcomeState::ResultUnknown, &clean(said)));
            self.jids.push(command.jid.clone());
            return Ok(());
        };
        self.rows.push(NewReturn {
            day: command.day,
            jid: &command.jid,
            minion_id: &source.master.master_id,
            fun: command.fun.clone(),
            fun_args: shallow(&job::fun_args(&command.arg)),
            success,
            retcode: i64::from(!success),
            stamp: item.at,
            body: item.value.ok_or("it carries no value")?,
            extra: one.salt_jid.as_ref().map(|jid| serde_json::json!({"salt_jid": jid}).to_string()),
            source: "bus",
            trimmed: false,
            planned: true,
        });
        self.answer(one, "");
        self.jids.push(command.jid.clone());
        Ok(())
    }

    fn answer(&mut self, one: &Ran, reason: &str) {
        self.answers.push(Answer {
            delivery_id: one.delivery_id,
            state: "done",
            reason: clean(reason),
            salt_jid: one.salt_jid.as_deref().map(clean),
        });
    }

    async fn write(self, tx: &Transaction<'_>, source: &Source<'_>) -> Taken {
        let (now, master) = (source.now, source.master);
        delivery::answer(tx, now, &self.answers).await?;
        command::master_done(tx, &self.jids, &master.master_id).await?;
        let from = Reporter { cluster_id: &master.cluster_id, master_uuid: master.master_uuid };
        let mut deltas = ret::store(tx, from, now, &self.rows).await?;
        deltas.extend(outcome::change(tx, now, &self.changes).await?);
        deltas.extend(self.jids.iter().map(|jid| touched(jid)));
        ledger::settle(tx, now, &deltas).await?;
        Ok(self.refused)
    }
}
