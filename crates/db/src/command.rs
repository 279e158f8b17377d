//! Table `command`: what a user asked for, its counters and state.

mod control;
mod old;
mod search;

use jiff::{Timestamp, civil::Date};
use tokio_postgres::Row;
use uuid::Uuid;

use crate::{DbError, Only, Session};
pub use control::{Control, Tracked, control, controlled, running_of_job, set_controlled, track, tracked};
pub use old::{Old, forget, old, oldest_open_day};
pub use search::{Found, Names, Search, SortBy, count, search};

/// A command asked for here.
#[derive(Clone, Debug)]
pub struct NewCommand {
    /// Jid.
    pub jid: String,
    /// Its day.
    pub day: Date,
    /// local, runner, wheel.
    pub cmd: &'static str,
    /// Function.
    pub fun: String,
    /// `{arg, kwarg}` as JSON.
    pub arg: String,
    /// Target as asked for, as JSON.
    pub tgt: String,
    /// Clusters it goes to.
    pub clusters: Vec<String>,
    /// Who.
    pub user_name: String,
    /// Who.
    pub user_uuid: Option<Uuid>,
    /// A highstate.
    pub is_highstate: bool,
    /// When.
    pub created_at: Timestamp,
    /// How long a minion may be silent before it is asked.
    pub timeout_ms: i64,
    /// First state.
    pub state: &'static str,
    /// Outcomes expected.
    pub expected: i64,
    /// Outcomes that are open.
    pub open: i64,
    /// When it ended, if at once.
    pub ended_at: Option<Timestamp>,
    /// Master ids it goes to.
    pub masters_to: Vec<String>,
    /// For the person who asked.
    pub warnings: Vec<String>,
    /// The saved things that it comes from.
    pub origin: Origin,
}

/// The saved things that a command comes from; names as they were then.
#[derive(Clone, Debug, Default)]
pub struct Origin {
    /// A saved job.
    pub job_uuid: Option<Uuid>,
    /// Its name.
    pub job_name: Option<String>,
    /// A target group.
    pub tgt_uuid: Option<Uuid>,
    /// Its name.
    pub tgt_name: Option<String>,
    /// A schedule.
    pub sched_uuid: Option<Uuid>,
    /// Its name.
    pub sched_name: Option<String>,
}

/// A job that somebody else published.
#[derive(Clone, Debug)]
pub struct SeenJob {
    /// Jid.
    pub jid: String,
    /// Function.
    pub fun: String,
    /// `{arg, kwarg}` as JSON.
    pub arg: String,
    /// Target as JSON.
    pub tgt: String,
    /// Who, as Salt says; empty when it is not known.
    pub user_name: String,
    /// A highstate.
    pub is_highstate: bool,
}

/// A command whose row this transaction holds.
#[derive(Clone, Debug)]
pub struct Locked {
    /// Jid.
    pub jid: String,
    /// Its day.
    pub day: Date,
    /// local, runner, wheel.
    pub cmd: String,
    /// raas or salt.
    pub source: String,
    /// Clusters it went to.
    pub clusters: Vec<String>,
    /// How long a minion may be silent before it is asked.
    pub timeout_ms: i64,
    /// Function.
    pub fun: String,
    /// `{arg, kwarg}` as JSON.
    pub arg: String,
    /// Target as JSON.
    pub tgt: String,
    /// Outcomes expected so far.
    pub expected: i64,
    /// All of them ended.
    pub ended: bool,
    /// Who asked for it to be stopped.
    pub stopped_by: Option<String>,
}

/// How the outcomes of one command changed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Delta {
    /// Jid.
    pub jid: String,
    /// More (or fewer) expected.
    pub expected: i64,
    /// More (or fewer) open.
    pub open: i64,
    /// More that returned well.
    pub good: i64,
    /// More that returned badly.
    pub failed: i64,
}

/// State and counters of one command.
#[derive(Clone, Debug)]
pub struct Status {
    /// Jid.
    pub jid: String,
    /// State, as a word.
    pub state: String,
    /// Outcomes expected.
    pub expected: i64,
    /// Still open.
    pub open: i64,
    /// Returned well.
    pub returned_good: i64,
    /// Returned badly.
    pub returned_failed: i64,
    /// Every outcome ended.
    pub done: bool,
    /// It was paused, and resumed.
    pub resumed: bool,
}

/// What one command is.
#[derive(Clone, Debug)]
pub struct Command {
    /// Jid.
    pub jid: String,
    /// Its day.
    pub day: Date,
    /// local, runner, wheel.
    pub cmd: String,
    /// Function.
    pub fun: String,
    /// `{arg, kwarg}` as JSON.
    pub arg: String,
    /// Target as JSON.
    pub tgt: String,
    /// Clusters.
    pub clusters: Vec<String>,
    /// Who.
    pub user_name: String,
    /// raas or salt.
    pub source: String,
    /// Master ids it went to.
    pub masters_to: Vec<String>,
    /// When it was asked for, or first seen.
    pub created_at: Timestamp,
}

/// Stores a command. False when its jid is taken.
pub async fn insert(client: &impl Session, new: &NewCommand) -> Result<bool, DbError> {
    let sql = include_str!("../queries/command/insert.sql");
    let c = new;
    let stored = client
        .execute(
            sql,
            &[
                &c.jid,
                &c.day,
                &c.cmd,
                &c.fun,
                &c.arg,
                &c.tgt,
                &c.clusters,
                &c.user_name,
                &c.user_uuid,
                &c.is_highstate,
                &c.created_at,
                &c.timeout_ms,
                &c.state,
                &c.expected,
                &c.open,
                &c.ended_at,
                &c.masters_to,
                &c.warnings,
                &c.origin.job_uuid,
                &c.origin.job_name,
                &c.origin.tgt_uuid,
                &c.origin.tgt_name,
                &c.origin.sched_uuid,
                &c.origin.sched_name,
            ],
        )
        .await?;
    Ok(stored == 1)
}

/// Stores jobs seen on a master of `cluster_id`, or learns more about those known from a return only.
pub async fn see(
    client: &impl Session,
    day: Date,
    cluster_id: &str,
    now: Timestamp,
    timeout_ms: i64,
    jobs: &[SeenJob],
) -> Result<(), DbError> {
    let sql = include_str!("../queries/command/see.sql");
    let jids: Vec<_> = jobs.iter().map(|j| j.jid.as_str()).collect();
    let funs: Vec<_> = jobs.iter().map(|j| j.fun.as_str()).collect();
    let args: Vec<_> = jobs.iter().map(|j| j.arg.as_str()).collect();
    let tgts: Vec<_> = jobs.iter().map(|j| j.tgt.as_str()).collect();
    let users: Vec<_> = jobs.iter().map(|j| j.user_name.as_str()).collect();
    let highstates: Vec<_> = jobs.iter().map(|j| j.is_highstate).collect();
    client
        .execute(
            sql,
            &[&day, &cluster_id, &now, &timeout_ms, &jids, &funs, &args, &tgts, &users, &highstates],
        )
        .await?;
    Ok(())
}

/// Takes hold of command rows until the transaction ends, in the order of their jids.
pub async fn lock(client: &impl Session, jids: &[String]) -> Result<Vec<Locked>, DbError> {
    let sql = include_str!("../queries/command/lock.sql");
    let rows = client.query(sql, &[&jids]).await?;
    rows.iter()
        .map(|row| {
            Ok(Locked {
                jid: row.try_get("jid")?,
                day: row.try_get("day")?,
                cmd: row.try_get("cmd")?,
                source: row.try_get("source")?,
                clusters: row.try_get("clusters")?,
                timeout_ms: row.try_get("timeout_ms")?,
                fun: row.try_get("fun")?,
                arg: row.try_get("arg")?,
                tgt: row.try_get("tgt")?,
                expected: row.try_get("expected")?,
                ended: row.try_get("ended")?,
                stopped_by: row.try_get("stopped_by")?,
            })
        })
        .collect()
}

/// Brings counters and states after their outcomes. The caller holds the rows ([`lock`]).
pub async fn settle(client: &impl Session, deltas: &[Delta], now: Timestamp) -> Result<(), DbError> {
    if deltas.is_empty() {
        return Ok(());
    }
    let mut sums = std::collections::BTreeMap::<&str, [i64; 4]>::new();
    for d in deltas {
        let sum = sums.entry(&d.jid).or_default();
        for (total, more) in sum.iter_mut().zip([d.expected, d.open, d.good, d.failed]) {
            *total += more;
        }
    }
    let jids: Vec<&str> = sums.keys().copied().collect();
    let column = |i: usize| sums.values().map(|sum| sum[i]).collect::<Vec<i64>>();
    let sql = include_str!("../queries/command/settle.sql");
    client.execute(sql, &[&jids, &column(0), &column(1), &column(2), &column(3), &now]).await?;
    Ok(())
}

/// Notes that a master answered its delivery of these commands. The caller holds the rows.
pub async fn master_done(client: &impl Session, jids: &[String], master_id: &str) -> Result<(), DbError> {
    let sql = include_str!("../queries/command/master_done.sql");
    client.execute(sql, &[&jids, &master_id]).await?;
    Ok(())
}

/// Notes that a command now also goes to these masters, and why. The caller holds the row.
pub async fn planned_anew(
    client: &impl Session,
    jid: &str,
    masters: &[String],
    warnings: &[String],
) -> Result<(), DbError> {
    let sql = include_str!("../queries/command/planned_anew.sql");
    client.execute(sql, &[&jid, &masters, &warnings]).await?;
    Ok(())
}

/// Up to `limit` commands between two jids, newest first.
pub async fn between(
    client: &impl Session,
    start: Option<&str>,
    end: Option<&str>,
    limit: i64,
) -> Result<Vec<Command>, DbError> {
    let sql = include_str!("../queries/command/between.sql");
    client.query(sql, &[&start, &end, &limit]).await?.iter().map(command).collect()
}

/// One command.
pub async fn get(client: &impl Session, jid: &str) -> Result<Option<Command>, DbError> {
    let sql = include_str!("../queries/command/get.sql");
    client.query_opt(sql, &[&jid]).await?.as_ref().map(command).transpose()
}

fn command(row: &Row) -> Result<Command, DbError> {
    Ok(Command {
        jid: row.try_get("jid")?,
        day: row.try_get("day")?,
        cmd: row.try_get("cmd")?,
        fun: row.try_get("fun")?,
        arg: row.try_get("arg")?,
        tgt: row.try_get("tgt")?,
        clusters: row.try_get("clusters")?,
        user_name: row.try_get("user_name")?,
        source: row.try_get("source")?,
        masters_to: row.try_get("masters_to")?,
        created_at: row.try_get("created_at")?,
    })
}

/// The days under which the history of these commands stands.
pub async fn days(client: &impl Session, jids: &[String]) -> Result<Vec<Date>, DbError> {
    let rows = client.query(include_str!("../queries/command/days.sql"), &[&jids]).await?;
    rows.iter().map(|row| Ok(row.try_get("day")?)).collect()
}

/// State and counters of commands; unknown jids are left out.
pub async fn status(client: &impl Session, jids: &[String]) -> Result<Vec<Status>, DbError> {
    let sql = include_str!("../queries/command/status.sql");
    let rows = client.query(sql, &[&jids]).await?;
    rows.iter()
        .map(|row| {
            Ok(Status {
                jid: row.try_get("jid")?,
                state: row.try_get("state")?,
                expected: row.try_get("expected")?,
                open: row.try_get("open")?,
                returned_good: row.try_get("returned_good")?,
                returned_failed: row.try_get("returned_failed")?,
                done: row.try_get("done")?,
                resumed: row.try_get("resumed")?,
            })
        })
        .collect()
}

/// Those of these commands that somebody sees who sees only these minions.
pub async fn seen(client: &impl Session, jids: Vec<String>, only: &Only) -> Result<Vec<String>, DbError> {
    if only.is_all() {
        return Ok(jids);
    }
    let sql = include_str!("../queries/command/seen.sql");
    let rows = client.query(sql, &[&jids, &only.clusters, &only.minions]).await?;
    rows.iter().map(|row| Ok(row.try_get(0)?)).collect()
}

/// Those of these commands that this account may be told of: its own, and those of minions that it may see.
pub async fn told(
    client: &impl Session,
    jids: &[String],
    only: &Only,
    account_uuid: Uuid,
) -> Result<Vec<String>, DbError> {
    let sql = include_str!("../queries/command/told.sql");
    let rows = client.query(sql, &[&jids, &only.clusters, &only.minions, &account_uuid]).await?;
    rows.iter().map(|row| Ok(row.try_get(0)?)).collect()
}
