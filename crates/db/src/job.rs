//! Table `job`: saved jobs. What their inputs mean is the business of others.

use jiff::Timestamp;
use tokio_postgres::Row;
use uuid::Uuid;

use crate::{
    DbError, Session,
    minion::counted,
    saved::{Held, Viewer},
};

/// One row of `job`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Job {
    /// Its key.
    pub job_uuid: Uuid,
    /// What people call it; unique.
    pub name: String,
    /// For people.
    pub description: String,
    /// local, runner, wheel.
    pub cmd: String,
    /// Function.
    pub fun: String,
    /// `{arg, kwarg}` with inputs, as JSON.
    pub arg: String,
    /// Of a runner or wheel.
    pub masters: Option<Vec<String>>,
    /// Target group that it is meant for.
    pub tgt_uuid: Option<Uuid>,
    /// Its name.
    pub tgt_name: Option<String>,
    /// Whose it is.
    pub held: Held,
}

impl Job {
    fn from_row(row: &Row) -> Result<Self, DbError> {
        Ok(Self {
            job_uuid: row.try_get("job_uuid")?,
            name: row.try_get("name")?,
            description: row.try_get("description")?,
            cmd: row.try_get("cmd")?,
            fun: row.try_get("fun")?,
            arg: row.try_get("arg")?,
            masters: row.try_get("masters")?,
            tgt_uuid: row.try_get("tgt_uuid")?,
            tgt_name: row.try_get("tgt_name")?,
            held: Held::from_row(row)?,
        })
    }
}

/// Filters and order of [`search`]; patterns as of `pattern`.
#[derive(Clone, Copy, Debug, Default)]
pub struct Search<'a> {
    /// This one.
    pub job_uuid: Option<Uuid>,
    /// local, runner, wheel.
    pub cmd: Option<&'a str>,
    /// Meant for this group.
    pub tgt_uuid: Option<Uuid>,
    /// … or for none.
    pub or_none: bool,
    /// This role may do something with it.
    pub role_uuid: Option<Uuid>,
    /// Meant for one of these.
    pub masters: Option<&'a [String]>,
    /// Pattern of the name.
    pub name: Option<&'a str>,
    /// Pattern of the description.
    pub description: Option<&'a str>,
    /// Pattern of the function.
    pub fun: Option<&'a str>,
    /// name (default), desc, cmd, fun.
    pub sort_by: &'a str,
    /// Largest first.
    pub reverse: bool,
    /// None: all.
    pub limit: Option<i64>,
    /// How many to leave out.
    pub offset: i64,
}

/// One page of the jobs that the viewer may read or discover, and how many there are in all.
pub async fn search(
    client: &impl Session,
    viewer: Viewer<'_>,
    search: &Search<'_>,
) -> Result<(i64, Vec<Job>), DbError> {
    let s = search;
    let params: crate::Params<'_> = &[
        &viewer.superuser,
        &viewer.account,
        &viewer.roles,
        &s.job_uuid,
        &s.cmd,
        &s.tgt_uuid,
        &s.or_none,
        &s.role_uuid,
        &s.masters,
        &s.name,
        &s.description,
        &s.fun,
        &s.sort_by,
        &s.reverse,
        &s.limit,
        &s.offset,
    ];
    let rows = client.query(include_str!("../queries/job/search.sql"), params).await?;
    counted(&rows, "name", Job::from_row)
}

/// This job, if the viewer may read or discover it.
pub async fn get(client: &impl Session, viewer: Viewer<'_>, job_uuid: Uuid) -> Result<Option<Job>, DbError> {
    let one = Search { job_uuid: Some(job_uuid), ..Search::default() };
    Ok(search(client, viewer, &one).await?.1.pop())
}

/// What is written of a job.
#[derive(Clone, Debug)]
pub struct Written {
    /// Its key.
    pub job_uuid: Uuid,
    /// Name.
    pub name: String,
    /// For people.
    pub description: String,
    /// local, runner, wheel.
    pub cmd: &'static str,
    /// Function.
    pub fun: String,
    /// JSON.
    pub arg: String,
    /// Of a runner or wheel.
    pub masters: Option<Vec<String>>,
    /// Target group.
    pub tgt_uuid: Option<Uuid>,
}

/// Adds a job. False: one of this name was there already. An error of the key when that is taken.
pub async fn insert(
    client: &impl Session,
    new: &Written,
    owner: Uuid,
    now: Timestamp,
) -> Result<bool, DbError> {
    let sql = include_str!("../queries/job/insert.sql");
    let n = new;
    let params: crate::Params<'_> = &[
        &n.job_uuid,
        &n.name,
        &n.description,
        &n.cmd,
        &n.fun,
        &n.arg,
        &n.masters,
        &n.tgt_uuid,
        &owner,
        &now,
    ];
    Ok(client.execute(sql, params).await? == 1)
}

/// Changes a job. An error of the unique name when it is taken; false: there is no such job.
pub async fn update(client: &impl Session, new: &Written, now: Timestamp) -> Result<bool, DbError> {
    let sql = include_str!("../queries/job/update.sql");
    let n = new;
    let params: crate::Params<'_> =
        &[&n.job_uuid, &n.name, &n.description, &n.cmd, &n.fun, &n.arg, &n.masters, &n.tgt_uuid, &now];
    Ok(client.execute(sql, params).await? == 1)
}

/// Deletes a job.
pub async fn delete(client: &impl Session, job_uuid: Uuid) -> Result<bool, DbError> {
    Ok(client.execute(include_str!("../queries/job/delete.sql"), &[&job_uuid]).await? == 1)
}

/// Names of the schedules that run a job.
pub async fn schedules(client: &impl Session, job_uuid: Uuid) -> Result<Vec<String>, DbError> {
    let rows = client.query(include_str!("../queries/job/schedules.sql"), &[&job_uuid]).await?;
    rows.iter().map(|row| Ok(row.try_get(0)?)).collect()
}

/// Deletes the schedules that run a job; their keys come back.
pub async fn delete_schedules(client: &impl Session, job_uuid: Uuid) -> Result<Vec<Uuid>, DbError> {
    let rows = client.query(include_str!("../queries/job/delete_schedules.sql"), &[&job_uuid]).await?;
    rows.iter().map(|row| Ok(row.try_get(0)?)).collect()
}
