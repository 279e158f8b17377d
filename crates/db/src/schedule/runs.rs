//! Planned times: those that were dealt with, those that are left out, and the commands that came of them.

use jiff::Timestamp;
use tokio_postgres::Row;
use uuid::Uuid;

use crate::{DbError, Only, Session, minion::counted, saved::Viewer};

/// What becomes of a planned time.
#[derive(Clone, Debug)]
pub struct Run<'a> {
    /// Schedule.
    pub sched_uuid: Uuid,
    /// The planned time.
    pub planned_at: Timestamp,
    /// Name of the schedule.
    pub sched_name: &'a str,
    /// fired, skipped, missed, failed.
    pub state: &'static str,
    /// Why.
    pub reason: &'a str,
    /// Now.
    pub fired_at: Timestamp,
    /// The command.
    pub jid: Option<&'a str>,
    /// local, runner, wheel.
    pub cmd: Option<&'a str>,
    /// Function.
    pub fun: Option<&'a str>,
    /// `{arg, kwarg}` as JSON.
    pub arg: Option<&'a str>,
    /// Target as JSON.
    pub tgt: Option<&'a str>,
    /// Saved job.
    pub job_name: Option<&'a str>,
    /// Target group.
    pub tgt_name: Option<&'a str>,
}

/// Takes a planned time, once for all servers. False: it was dealt with already.
pub async fn claim(tx: &impl Session, run: &Run<'_>) -> Result<bool, DbError> {
    let r = run;
    let params: crate::Params<'_> = &[
        &r.sched_uuid,
        &r.planned_at,
        &r.sched_name,
        &r.state,
        &r.reason,
        &r.fired_at,
        &r.jid,
        &r.cmd,
        &r.fun,
        &r.arg,
        &r.tgt,
        &r.job_name,
        &r.tgt_name,
    ];
    Ok(tx.execute(include_str!("../../queries/schedule/claim.sql"), params).await? == 1)
}

/// Planned times from `from` on that were dealt with.
pub async fn dealt_with(
    client: &impl Session,
    sched_uuid: Uuid,
    from: Timestamp,
) -> Result<Vec<Timestamp>, DbError> {
    let sql = include_str!("../../queries/schedule/dealt_with.sql");
    client.query(sql, &[&sched_uuid, &from]).await?.iter().map(|row| Ok(row.try_get(0)?)).collect()
}

/// Commands of a schedule that have not ended.
pub async fn running(client: &impl Session, sched_uuid: Uuid) -> Result<i64, DbError> {
    let row = client.query_one(include_str!("../../queries/schedule/running.sql"), &[&sched_uuid]).await?;
    Ok(row.try_get(0)?)
}

/// Planned times of these schedules that are left out.
pub async fn skips(
    client: &impl Session,
    schedules: &[Uuid],
    from: Timestamp,
) -> Result<Vec<(Uuid, Timestamp)>, DbError> {
    let rows = client.query(include_str!("../../queries/schedule/skips.sql"), &[&schedules, &from]).await?;
    rows.iter().map(|row| Ok((row.try_get("sched_uuid")?, row.try_get("planned_at")?))).collect()
}

/// Leaves planned times out, or does not.
pub async fn set_skip(client: &impl Session, runs: &[(Uuid, Timestamp)], skip: bool) -> Result<(), DbError> {
    let (schedules, times): (Vec<Uuid>, Vec<Timestamp>) = runs.iter().copied().unzip();
    let sql = if skip {
        include_str!("../../queries/schedule/skip.sql")
    } else {
        include_str!("../../queries/schedule/unskip.sql")
    };
    client.execute(sql, &[&schedules, &times]).await.map(drop)
}

/// Forgets what became of planned times before this one.
pub async fn forget(client: &impl Session, before: Timestamp) -> Result<u64, DbError> {
    client.execute(include_str!("../../queries/schedule/forget.sql"), &[&before]).await
}

/// Filters of [`history`]; patterns as of `pattern`.
#[derive(Clone, Copy, Debug, Default)]
pub struct HistorySearch<'a> {
    /// Of this schedule.
    pub sched_uuid: Option<Uuid>,
    /// Pattern of kind or function.
    pub text: Option<&'a str>,
    /// … or of the schedule's name.
    pub in_name: bool,
    /// … or of positional arguments.
    pub in_arg: bool,
    /// … or of keyword arguments.
    pub in_kwarg: bool,
    /// local, runner, wheel.
    pub cmd: Option<&'a str>,
    /// Function.
    pub fun: Option<&'a str>,
    /// Pattern of a master that it went to.
    pub master: Option<&'a str>,
    /// Pattern of the target.
    pub tgt: Option<&'a str>,
    /// Planned then or later.
    pub from: Option<Timestamp>,
    /// Planned then or before.
    pub to: Option<Timestamp>,
    /// None: all.
    pub limit: Option<i64>,
    /// How many to leave out.
    pub offset: i64,
    /// Only commands of these minions, or of the viewer.
    pub only: Option<&'a Only>,
}

/// What became of a planned time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct History {
    /// Schedule.
    pub sched_uuid: Uuid,
    /// Its name then.
    pub sched_name: String,
    /// What the viewer may do with it.
    pub rights: Vec<String>,
    /// The planned time.
    pub planned_at: Timestamp,
    /// When it was dealt with.
    pub fired_at: Timestamp,
    /// fired, skipped, missed, failed.
    pub state: String,
    /// Why.
    pub reason: String,
    /// The command.
    pub jid: Option<String>,
    /// Function.
    pub fun: Option<String>,
    /// Saved job.
    pub job_name: Option<String>,
    /// Target group.
    pub tgt_name: Option<String>,
}

/// One page of what became of planned times, newest first, and how many there are in all.
pub async fn history(
    client: &impl Session,
    viewer: Viewer<'_>,
    search: &HistorySearch<'_>,
    bound: i64,
) -> Result<(i64, Vec<History>), DbError> {
    let s = search;
    let params: crate::Params<'_> = &[
        &viewer.superuser,
        &viewer.account,
        &viewer.roles,
        &s.sched_uuid,
        &s.text,
        &s.in_name,
        &s.in_arg,
        &s.in_kwarg,
        &s.cmd,
        &s.fun,
        &s.master,
        &s.tgt,
        &s.from,
        &s.to,
        &s.limit,
        &s.offset,
        &s.only.and_then(|only| only.clusters.as_ref()),
        &s.only.and_then(|only| only.minions.as_ref()),
        &bound,
    ];
    let rows = client.query_anew(include_str!("../../queries/schedule/history.sql"), params).await?;
    counted(&rows, "sched_name", |row: &Row| {
        Ok(History {
            sched_uuid: row.try_get("sched_uuid")?,
            sched_name: row.try_get("sched_name")?,
            rights: row.try_get("rights")?,
            planned_at: row.try_get("planned_at")?,
            fired_at: row.try_get("fired_at")?,
            state: row.try_get("state")?,
            reason: row.try_get("reason")?,
            jid: row.try_get("jid")?,
            fun: row.try_get("fun")?,
            job_name: row.try_get("job_name")?,
            tgt_name: row.try_get("tgt_name")?,
        })
    })
}

/// Filters and order of [`inflight`].
#[derive(Clone, Copy, Debug, Default)]
pub struct InflightSearch<'a> {
    /// Of this schedule.
    pub sched_uuid: Option<Uuid>,
    /// Of these schedules.
    pub sched_names: Option<&'a [String]>,
    /// Of these saved jobs.
    pub job_names: Option<&'a [String]>,
    /// On these target groups.
    pub tgt_names: Option<&'a [String]>,
    /// Function.
    pub fun: Option<&'a str>,
    /// local, runner, wheel.
    pub cmd: Option<&'a str>,
    /// Paused, or not.
    pub paused: Option<bool>,
    /// Also of no schedule.
    pub adhoc: bool,
    /// Without `saltutil.find_job`.
    pub no_find_job: bool,
    /// Sent then or later.
    pub from: Option<Timestamp>,
    /// Sent then or before.
    pub to: Option<Timestamp>,
    /// start_time (default), state, cmd, fun, tgt_name, job_name, sched_name, user, expected, returned.
    pub sort_by: &'a str,
    /// Largest first.
    pub reverse: bool,
    /// None: all.
    pub limit: Option<i64>,
    /// How many to leave out.
    pub offset: i64,
    /// Only commands of these minions, or of the viewer.
    pub only: Option<&'a Only>,
}

/// A command under way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inflight {
    /// Jid.
    pub jid: String,
    /// State.
    pub state: String,
    /// When it was sent.
    pub created_at: Timestamp,
    /// local, runner, wheel.
    pub cmd: String,
    /// Function.
    pub fun: String,
    /// Target group.
    pub tgt_name: Option<String>,
    /// Saved job.
    pub job_name: Option<String>,
    /// Schedule.
    pub sched_uuid: Option<Uuid>,
    /// Its name.
    pub sched_name: Option<String>,
    /// Who.
    pub user_name: String,
    /// Outcomes expected.
    pub expected: i64,
    /// Outcomes with a return.
    pub returned: i64,
}

/// One page of commands that have not ended, and how many there are in all.
pub async fn inflight(
    client: &impl Session,
    viewer: Viewer<'_>,
    search: &InflightSearch<'_>,
) -> Result<(i64, Vec<Inflight>), DbError> {
    let s = search;
    let params: crate::Params<'_> = &[
        &viewer.superuser,
        &viewer.account,
        &viewer.roles,
        &s.sched_uuid,
        &s.sched_names,
        &s.job_names,
        &s.tgt_names,
        &s.fun,
        &s.cmd,
        &s.paused,
        &s.adhoc,
        &s.no_find_job,
        &s.from,
        &s.to,
        &s.sort_by,
        &s.reverse,
        &s.limit,
        &s.offset,
        &s.only.and_then(|only| only.clusters.as_ref()),
        &s.only.and_then(|only| only.minions.as_ref()),
    ];
    let rows = client.query(include_str!("../../queries/schedule/inflight.sql"), params).await?;
    counted(&rows, "jid", |row: &Row| {
        Ok(Inflight {
            jid: row.try_get("jid")?,
            state: row.try_get("state")?,
            created_at: row.try_get("created_at")?,
            cmd: row.try_get("cmd")?,
            fun: row.try_get("fun")?,
            tgt_name: row.try_get("tgt_name")?,
            job_name: row.try_get("job_name")?,
            sched_uuid: row.try_get("sched_uuid")?,
            sched_name: row.try_get("sched_name")?,
            user_name: row.try_get("user_name")?,
            expected: row.try_get("expected")?,
            returned: row.try_get("returned")?,
        })
    })
}
