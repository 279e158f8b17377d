//! Table `highstate_todo`: returns of runs of states that are not worked in yet, and minions that went.

use jiff::civil::Date;

use crate::{DbError, Session};

/// One thing to do.
#[derive(Clone, Debug)]
pub struct Todo {
    /// Its number.
    pub n: i64,
    /// Cluster.
    pub cluster_id: String,
    /// Minion.
    pub minion_id: String,
    /// The return, where it is still there; none: the minion went.
    pub returned: Option<Returned>,
}

/// A return to be worked in.
#[derive(Clone, Debug)]
pub struct Returned {
    /// Day of the jid.
    pub day: Date,
    /// Jid.
    pub jid: String,
    /// Function.
    pub fun: String,
    /// Arguments as JSON.
    pub fun_args: String,
    /// What [`crate::body::unpack`] reads; none: it is gone, or too large.
    pub body: Option<Vec<u8>>,
}

/// Notes returns of one cluster: day, jid, minion.
pub async fn note(
    client: &impl Session,
    cluster_id: &str,
    returns: &[(Date, &str, &str)],
) -> Result<(), DbError> {
    let days: Vec<Date> = returns.iter().map(|one| one.0).collect();
    let jids: Vec<&str> = returns.iter().map(|one| one.1).collect();
    let minions: Vec<&str> = returns.iter().map(|one| one.2).collect();
    let sql = include_str!("../../queries/highstate/note.sql");
    client.execute(sql, &[&cluster_id, &days, &jids, &minions]).await.map(drop)
}

/// Notes minions that went without anybody's note.
pub async fn absent(client: &impl Session) -> Result<u64, DbError> {
    client.execute(include_str!("../../queries/highstate/absent.sql"), &[]).await
}

/// Takes the right to work, until the transaction ends. False: another server has it.
pub async fn lock(tx: &impl Session) -> Result<bool, DbError> {
    Ok(tx.query_one(include_str!("../../queries/highstate/lock.sql"), &[]).await?.try_get("taken")?)
}

/// How much is taken at once.
#[derive(Clone, Copy, Debug)]
pub struct Batch {
    /// Minions, those that wait longest.
    pub minions: i64,
    /// So many of what waits longest: what is theirs of it is taken along.
    pub waiting: i64,
    /// Things to do.
    pub most: i64,
    /// Bytes of the JSON of values that do not stand in their return's row, about.
    pub bytes: i64,
    /// Values of more bytes are left out.
    pub largest: i64,
}

impl Batch {
    /// One thing to do.
    pub fn one(largest: i64) -> Self {
        Self { minions: 1, waiting: 1, most: 1, bytes: 0, largest }
    }
}

/// The next things to do.
pub async fn next(client: &impl Session, batch: Batch) -> Result<Vec<Todo>, DbError> {
    let sql = include_str!("../../queries/highstate/next.sql");
    let Batch { minions, waiting, most, bytes, largest } = batch;
    let rows = client.query(sql, &[&minions, &largest, &waiting, &most, &bytes]).await?;
    rows.iter()
        .map(|row| {
            let fun: Option<String> = row.try_get("fun")?;
            let returned = match fun {
                None => None,
                Some(fun) => Some(Returned {
                    day: row.try_get("day")?,
                    jid: row.try_get("jid")?,
                    fun,
                    fun_args: row.try_get("fun_args")?,
                    body: row.try_get("body")?,
                }),
            };
            Ok(Todo {
                n: row.try_get("n")?,
                cluster_id: row.try_get("cluster_id")?,
                minion_id: row.try_get("minion_id")?,
                returned,
            })
        })
        .collect()
}

/// Crosses things off.
pub async fn done(client: &impl Session, numbers: &[i64]) -> Result<(), DbError> {
    client.execute(include_str!("../../queries/highstate/done.sql"), &[&numbers]).await.map(drop)
}
