//! Tables `schedule`, `schedule_run` and `schedule_skip`: what runs when, and what became of planned times. When a planned time
//! is, is the business of others.

mod runs;
mod search;

use jiff::Timestamp;
use tokio_postgres::Row;
use uuid::Uuid;

use crate::{DbError, Session};
pub use runs::{
    History, HistorySearch, Inflight, InflightSearch, Run, claim, dealt_with, forget, history, inflight,
    running, set_skip, skips,
};
pub use search::{Found, Search, search};

/// A schedule as it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// Its key.
    pub sched_uuid: Uuid,
    /// What people call it; unique.
    pub name: String,
    /// `job.run`, mostly.
    pub function: String,
    /// The schedule object, as JSON.
    pub schedule: String,
    /// Whether it fires.
    pub enabled: bool,
    /// A saved job.
    pub job_uuid: Option<Uuid>,
    /// local, runner, wheel.
    pub cmd: Option<String>,
    /// Function.
    pub fun: Option<String>,
    /// `{arg, kwarg}` as JSON.
    pub arg: Option<String>,
    /// Target group.
    pub tgt_uuid: Option<Uuid>,
    /// Target as JSON.
    pub tgt: Option<String>,
    /// Masters.
    pub masters: Option<Vec<String>>,
    /// Whose it is: it runs as this account.
    pub owner_uuid: Option<Uuid>,
    /// When it was last written: intervals count from here.
    pub changed_at: Timestamp,
    /// The next planned time that is not dealt with; none: never again.
    pub next_at: Option<Timestamp>,
}

impl Written {
    fn from_row(row: &Row) -> Result<Self, DbError> {
        Ok(Self {
            sched_uuid: row.try_get("sched_uuid")?,
            name: row.try_get("name")?,
            function: row.try_get("function")?,
            schedule: row.try_get("schedule")?,
            enabled: row.try_get("enabled")?,
            job_uuid: row.try_get("job_uuid")?,
            cmd: row.try_get("cmd")?,
            fun: row.try_get("fun")?,
            arg: row.try_get("arg")?,
            tgt_uuid: row.try_get("tgt_uuid")?,
            tgt: row.try_get("tgt")?,
            masters: row.try_get("masters")?,
            owner_uuid: row.try_get("owner_uuid")?,
            changed_at: row.try_get("changed_at")?,
            next_at: row.try_get("next_at")?,
        })
    }
}

/// One schedule, locked until the transaction ends.
pub async fn get(tx: &impl Session, sched_uuid: Uuid) -> Result<Option<Written>, DbError> {
    let row = tx.query_opt(include_str!("../queries/schedule/get.sql"), &[&sched_uuid]).await?;
    row.as_ref().map(Written::from_row).transpose()
}

/// Schedules with a planned time that has come, the longest due first.
pub async fn due(client: &impl Session, now: Timestamp, limit: i64) -> Result<Vec<Written>, DbError> {
    let rows = client.query(include_str!("../queries/schedule/due.sql"), &[&now, &limit]).await?;
    rows.iter().map(Written::from_row).collect()
}

/// Adds a schedule. False: one of this name was there already.
pub async fn insert(client: &impl Session, new: &Written) -> Result<bool, DbError> {
    let sql = include_str!("../queries/schedule/insert.sql");
    write(client, sql, new).await
}

/// Changes a schedule. An error of the unique name when it is taken; false: there is no such schedule.
pub async fn update(client: &impl Session, new: &Written) -> Result<bool, DbError> {
    let sql = include_str!("../queries/schedule/update.sql");
    write(client, sql, new).await
}

async fn write(client: &impl Session, sql: &'static str, new: &Written) -> Result<bool, DbError> {
    let n = new;
    let params: crate::Params<'_> = &[
        &n.sched_uuid,
        &n.name,
        &n.function,
        &n.schedule,
        &n.enabled,
        &n.job_uuid,
        &n.cmd,
        &n.fun,
        &n.arg,
        &n.tgt_uuid,
        &n.tgt,
        &n.masters,
        &n.owner_uuid,
        &n.changed_at,
        &n.next_at,
    ];
    Ok(client.execute(sql, params).await? == 1)
}

/// Deletes a schedule; what became of its planned times stays.
pub async fn delete(client: &impl Session, sched_uuid: Uuid) -> Result<bool, DbError> {
    Ok(client.execute(include_str!("../queries/schedule/delete.sql"), &[&sched_uuid]).await? == 1)
}

/// The next planned time that is not dealt with, and the last that fired. False: the schedule was changed since
/// `changed_at`, or is gone.
pub async fn go_on(
    client: &impl Session,
    sched_uuid: Uuid,
    changed_at: Timestamp,
    next_at: Option<Timestamp>,
    fired: Option<Timestamp>,
) -> Result<bool, DbError> {
    let sql = include_str!("../queries/schedule/go_on.sql");
    Ok(client.execute(sql, &[&sched_uuid, &changed_at, &next_at, &fired]).await? == 1)
}
