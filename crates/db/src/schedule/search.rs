//! Searching schedules: filters, orders, pages.

use jiff::Timestamp;
use tokio_postgres::Row;
use uuid::Uuid;

use crate::{
    DbError, Session,
    minion::counted,
    saved::{Held, Viewer},
};

/// A schedule as a search shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Its key.
    pub sched_uuid: Uuid,
    /// Its number: short, for its future runs.
    pub number: i64,
    /// Name.
    pub name: String,
    /// `job.run`, mostly.
    pub function: String,
    /// The schedule object, as JSON.
    pub schedule: String,
    /// Whether it fires.
    pub enabled: bool,
    /// It will never fire again.
    pub expired: bool,
    /// A saved job.
    pub job_uuid: Option<Uuid>,
    /// Its name.
    pub job_name: Option<String>,
    /// local, runner, wheel; the saved job's when there is one.
    pub cmd: String,
    /// Function; the saved job's when there is one.
    pub fun: Option<String>,
    /// `{arg, kwarg}` as JSON.
    pub arg: Option<String>,
    /// Masters.
    pub masters: Option<Vec<String>>,
    /// Target group.
    pub tgt_uuid: Option<Uuid>,
    /// Its name, or that of the saved job's.
    pub tgt_name: Option<String>,
    /// Target as JSON.
    pub tgt: Option<String>,
    /// When it was last written.
    pub changed_at: Timestamp,
    /// The next planned time.
    pub next_at: Option<Timestamp>,
    /// The last planned time for which it fired.
    pub last_at: Option<Timestamp>,
    /// State of its last command.
    pub status: Option<String>,
    /// Whose it is.
    pub held: Held,
}

impl Found {
    fn from_row(row: &Row) -> Result<Self, DbError> {
        Ok(Self {
            sched_uuid: row.try_get("sched_uuid")?,
            number: row.try_get("number")?,
            name: row.try_get("name")?,
            function: row.try_get("function")?,
            schedule: row.try_get("schedule")?,
            enabled: row.try_get("enabled")?,
            expired: row.try_get("expired")?,
            job_uuid: row.try_get("job_uuid")?,
            job_name: row.try_get("job_name")?,
            cmd: row.try_get("cmd")?,
            fun: row.try_get("fun")?,
            arg: row.try_get("arg")?,
            masters: row.try_get("masters")?,
            tgt_uuid: row.try_get("tgt_uuid")?,
            tgt_name: row.try_get("tgt_name")?,
            tgt: row.try_get("tgt")?,
            changed_at: row.try_get("changed_at")?,
            next_at: row.try_get("next_at")?,
            last_at: row.try_get("last_at")?,
            status: row.try_get("status")?,
            held: Held::from_row(row)?,
        })
    }
}

/// Filters and order of [`search`]; patterns as of `pattern`.
#[derive(Clone, Copy, Debug, Default)]
pub struct Search<'a> {
    /// This one.
    pub sched_uuid: Option<Uuid>,
    /// With these numbers.
    pub numbers: Option<&'a [i64]>,
    /// With these names.
    pub names: Option<&'a [String]>,
    /// Also those that will never fire again.
    pub also_expired: bool,
    /// Pattern of kind or function.
    pub text: Option<&'a str>,
    /// … or of positional arguments.
    pub in_arg: bool,
    /// … or of keyword arguments.
    pub in_kwarg: bool,
    /// local, runner, wheel.
    pub cmd: Option<&'a str>,
    /// Function.
    pub fun: Option<&'a str>,
    /// On one of these masters.
    pub masters: Option<&'a [String]>,
    /// Pattern of the target.
    pub tgt: Option<&'a str>,
    /// States of the last command.
    pub states: Option<&'a [String]>,
    /// Enabled or not.
    pub enabled: Option<bool>,
    /// Of these saved jobs.
    pub job_names: Option<&'a [String]>,
    /// On these target groups.
    pub tgt_names: Option<&'a [String]>,
    /// Those that will never fire again, or the others.
    pub expired: Option<bool>,
    /// sched_name (default), cmd, fun, tgt_name, job_name, next_fire_time, last_fire_time, status.
    pub sort_by: &'a str,
    /// Largest first.
    pub reverse: bool,
    /// None: all.
    pub limit: Option<i64>,
    /// How many to leave out.
    pub offset: i64,
}

/// One page of the schedules that the viewer may read or discover, and how many there are in all.
pub async fn search(
    client: &impl Session,
    viewer: Viewer<'_>,
    search: &Search<'_>,
) -> Result<(i64, Vec<Found>), DbError> {
    let s = search;
    let params: crate::Params<'_> = &[
        &viewer.superuser,
        &viewer.account,
        &viewer.roles,
        &s.sched_uuid,
        &s.names,
        &s.also_expired,
        &s.text,
        &s.in_arg,
        &s.in_kwarg,
        &s.cmd,
        &s.fun,
        &s.masters,
        &s.tgt,
        &s.states,
        &s.enabled,
        &s.job_names,
        &s.tgt_names,
        &s.expired,
        &s.sort_by,
        &s.reverse,
        &s.limit,
        &s.offset,
        &s.numbers,
    ];
    let rows = client.query(include_str!("../../queries/schedule/search.sql"), params).await?;
    counted(&rows, "name", Found::from_row)
}
