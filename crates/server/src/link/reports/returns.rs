//! `Return`: the first one decides the outcome, later equal ones are witnesses, a different later one means it ran twice.

use std::collections::{BTreeMap, BTreeSet};

use jiff::tz::TimeZone;
use raas_db::{
    DbError, Transaction,
    command::{self, Locked, SeenJob},
    highstate,
    ret::{self, NewReturn, Reporter},
};
use raas_wire::{Report, Return, ReturnSource};

use super::{
    held::{Held, is_jid},
    kind::{Item, Kind, Refused, Source, Taken},
    minion_id,
};
use crate::{
    highstate::is_run,
    job, ledger,
    text::{clean, shallow},
};

/// How long minions have for a job that somebody else published, before they are asked.
pub(super) const FOREIGN_TIMEOUT_MS: i64 = 30_000;

/// Returns of minions.
pub(super) struct Returns;

impl Kind for Returns {
    type Report = Return;

    fn of(report: &Report) -> Option<&Return> {
        if let Report::Return(one) = report { Some(one) } else { None }
    }

    async fn take(tx: &Transaction<'_>, source: &Source<'_>, items: &[Item<'_, Return>]) -> Taken {
        let mut refused = Vec::new();
        let mut sound = Vec::new();
        for item in items {
            match unsound(item.report) {
                Some(reason) => refused.push(Refused { n: item.n, reason }),
                None => sound.push(*item),
            }
        }
        let held = hold(tx, source, &sound).await?;
        let mut rows = Vec::with_capacity(sound.len());
        for item in sound {
            match held.of(source, &item.report.jid).and_then(|command| row(command, &item)) {
                Ok(row) => rows.push(row),
                Err(reason) => refused.push(Refused { n: item.n, reason }),
            }
        }
        let from = Reporter { cluster_id: &source.master.cluster_id, master_uuid: source.master.master_uuid };
        let deltas = ret::store(tx, from, source.now, &rows).await?;
        note_runs(tx, from.cluster_id, &rows).await?;
        ledger::settle(tx, source.now, &deltas).await?;
        Ok(refused)
    }
}

fn unsound(one: &Return) -> Option<String> {
    if !is_jid(&one.jid) {
        return Some(format!("{:?} is not a jid of 20 digits", one.jid));
    }
    (!minion_id::is_plain(&one.minion_id)).then(|| format!("{:?} is no minion id", one.minion_id))
}

/// Holds the commands; a job that nobody has spoken of becomes known by its return.
async fn hold(
    tx: &Transaction<'_>,
    source: &Source<'_>,
    items: &[Item<'_, Return>],
) -> Result<Held, DbError> {
    let jids: BTreeSet<&str> = items.iter().map(|item| item.report.jid.as_str()).collect();
    let held = Held::take(tx, jids.clone()).await?;
    let mut new = BTreeMap::new();
    for item in items.iter().filter(|item| held.is_new(source, &item.report.jid)) {
        new.entry(item.report.jid.as_str()).or_insert_with(|| unheard(item.report));
    }
    if new.is_empty() {
        return Ok(held);
    }
    let jobs: Vec<SeenJob> = new.into_values().collect();
    see(tx, source, &jobs).await?;
    Held::take(tx, jids).await
}

/// Makes jobs known that somebody else published.
pub(super) async fn see(tx: &Transaction<'_>, source: &Source<'_>, jobs: &[SeenJob]) -> Result<(), DbError> {
    let day = source.now.to_zoned(TimeZone::UTC).date();
    command::see(tx, day, &source.master.cluster_id, source.now, FOREIGN_TIMEOUT_MS, jobs).await
}

fn unheard(one: &Return) -> SeenJob {
    let arg = job::from_salt_args(&one.fun_args.value());
    SeenJob {
        jid: one.jid.clone(),
        fun: clean(&one.fun),
        is_highstate: job::is_highstate_of(&one.fun, &arg),
        arg: shallow(&arg.to_string()),
        tgt: "null".to_owned(),
        user_name: String::new(),
    }
}

fn row<'a>(command: &Locked, item: &Item<'a, Return>) -> Result<NewReturn<'a>, String> {
    let one = item.report;
    Ok(NewReturn {
        day: command.day,
        jid: &one.jid,
        minion_id: &one.minion_id,
        fun: clean(&one.fun),
        fun_args: shallow(one.fun_args.as_str()),
        success: one.success,
        retcode: one.retcode,
        stamp: item.at,
        body: item.value.ok_or("it carries no value")?,
        extra: one.extra.as_ref().map(|extra| shallow(extra.as_str())),
        source: match one.source {
            ReturnSource::Bus => "bus",
            ReturnSource::JobCache => "job_cache",
            ReturnSource::Asked => "asked",
        },
        trimmed: one.trimmed,
        planned: command.source == "raas",
    })
}

/// Runs of states are looked into later, behind the ingest.
async fn note_runs(tx: &Transaction<'_>, cluster_id: &str, rows: &[NewReturn<'_>]) -> Result<(), DbError> {
    let runs: Vec<_> = rows
        .iter()
        .filter(|row| is_run(&row.fun) && !row.trimmed)
        .map(|row| (row.day, row.jid, row.minion_id))
        .collect();
    if runs.is_empty() {
        return Ok(());
    }
    highstate::note(tx, cluster_id, &runs).await?;
    ledger::wake_highstates(tx).await
}
