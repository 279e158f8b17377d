//! The newest return of each minion.

use jiff::{Timestamp, civil::Date};

use crate::{DbError, Session};

/// The newest return of a minion on one day.
#[derive(Clone, Debug)]
pub struct Last {
    /// Which of the minions that were asked for, from 0.
    pub place: usize,
    /// Jid.
    pub jid: String,
    /// Function.
    pub fun: String,
    /// Arguments as JSON.
    pub fun_args: String,
    /// As Salt says.
    pub success: bool,
    /// Return code.
    pub retcode: i64,
    /// When it came.
    pub alter_time: Timestamp,
}

/// The newest return of one day of each of these minions, given as (cluster, minion); those without are left out.
pub async fn last(
    client: &impl Session,
    day: Date,
    minions: &[&(String, String)],
) -> Result<Vec<Last>, DbError> {
    let clusters: Vec<&str> = minions.iter().map(|one| one.0.as_str()).collect();
    let ids: Vec<&str> = minions.iter().map(|one| one.1.as_str()).collect();
    let rows = client.query(include_str!("../../queries/ret/last.sql"), &[&day, &clusters, &ids]).await?;
    rows.iter()
        .map(|row| {
            let place: i64 = row.try_get("place")?;
            Ok(Last {
                place: usize::try_from(place.saturating_sub(1)).unwrap_or(usize::MAX),
                jid: row.try_get("jid")?,
                fun: row.try_get("fun")?,
                fun_args: row.try_get("fun_args")?,
                success: row.try_get("success")?,
                retcode: row.try_get("retcode")?,
                alter_time: row.try_get("alter_time")?,
            })
        })
        .collect()
}
