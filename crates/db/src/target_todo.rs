//! Table `target_todo`: minions that changed and groups that are gone, since members were worked out. Triggers write it.

use crate::{DbError, Session};

/// One thing to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Todo {
    /// Its number.
    pub n: i64,
    /// What changed.
    pub what: What,
}

/// What changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// A minion, as (cluster, minion): it is new, gone, or has other grains.
    Minion(String, String),
    /// A group is gone: its number.
    Group(i32),
}

/// The next things to do, at most so many.
pub async fn next(tx: &impl Session, most: i64) -> Result<Vec<Todo>, DbError> {
    let rows = tx.query(include_str!("../queries/target_todo/next.sql"), &[&most]).await?;
    rows.iter()
        .map(|row| {
            let group: Option<i32> = row.try_get("group_no")?;
            let what = match group {
                Some(number) => What::Group(number),
                None => What::Minion(row.try_get("cluster_id")?, row.try_get("minion_id")?),
            };
            Ok(Todo { n: row.try_get("n")?, what })
        })
        .collect()
}

/// Crosses things off.
pub async fn done(tx: &impl Session, numbers: &[i64]) -> Result<(), DbError> {
    tx.execute(include_str!("../queries/target_todo/done.sql"), &[&numbers]).await.map(drop)
}
