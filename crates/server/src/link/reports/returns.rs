//! `Return`: the first one decides the outcome, later equal ones are witnesses, a different later one means it ran twice.

use std::collections::{BTreeMap, BTreeSet};

use jiff::tz::TimeZone;
use raas_db::{
    DbError, Transaction,
    command::{self, Locked, SeenJob},
    highstate::{self, Run},
    ret::{self, NewReturn, Reporter},
};
use raas_wire::{Report, Return, ReturnSource};

use super::{
    held::{Held, is_jid},
    kind::{Item, Kind, Refused, Source, Taken},
    minion_id,
    states::States,
};
use crate::{job, ledger};

/// How long minions have for a job that somebody else published, before they are asked.
pub(super) const FOREIGN_TIMEOUT_MS: i64 = 30_000;
/// JSON that nests deeper is kept as its text: PostgreSQL reads it on its stack.
const DEEPEST: usize = 200;

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
        let (mut rows, mut runs) = (Vec::with_capacity(sound.len()), Vec::new());
        for item in sound {
            match held.of(source, &item.report.jid).and_then(|command| row(command, &item)) {
                Ok(row) => {
                    runs.extend(item.states.map(|states| run(&row, states)));
                    rows.push(row);
                }
                Err(reason) => refused.push(Refused { n: item.n, reason }),
            }
        }
        let from = Reporter { cluster_id: &source.master.cluster_id, master_uuid: source.master.master_uuid };
        let deltas = ret::store(tx, from, source.now, &rows).await?;
        highstate::store(tx, from.cluster_id, source.now, &runs).await?;
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

/// What a return says of states.
fn run<'a>(row: &NewReturn<'a>, states: &'a States) -> Run<'a> {
    Run {
        day: row.day,
        jid: row.jid,
        minion_id: row.minion_id,
        full: states.full,
        test: states.test,
        saltenv: &states.saltenv,
        states: &states.results,
    }
}

/// Text that PostgreSQL can hold.
pub(super) fn clean(text: &str) -> String {
    text.replace('\0', "\u{fffd}")
}

/// JSON that PostgreSQL can read.
pub(super) fn shallow(json: &str) -> String {
    if depth(json) <= DEEPEST {
        return json.to_owned();
    }
    serde_json::Value::String(json.to_owned()).to_string()
}

fn depth(json: &str) -> usize {
    let (mut now, mut deepest, mut text, mut escaped) = (0_usize, 0, false, false);
    for byte in json.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if text => escaped = true,
            b'"' => text = !text,
            _ if text => {}
            b'[' | b'{' => {
                now += 1;
                deepest = deepest.max(now);
            }
            b']' | b'}' => now = now.saturating_sub(1),
            _ => {}
        }
    }
    deepest
}

#[cfg(test)]
mod tests {
    use super::{depth, shallow};

    #[test]
    fn what_nests_too_deep_is_kept_as_text() {
        assert_eq!(depth(r#"{"a": [1, "[[[\"[", {}]}"#), 3);
        let deep = "[".repeat(100_000) + &"]".repeat(100_000);
        assert!(shallow(&deep).starts_with("\"[["));
        assert_eq!(shallow("[[1]]"), "[[1]]");
    }
}
