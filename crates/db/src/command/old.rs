//! Commands of days gone by: how many there are, and forgetting them.

use jiff::civil::Date;

use crate::{DbError, Session};

/// What is known of commands of days before one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Old {
    /// Commands given here.
    pub commands: i64,
    /// Outcomes expected.
    pub expected: i64,
    /// Returns.
    pub returned: i64,
    /// All jobs.
    pub jids: i64,
}

/// What [`forget`] would forget, by the commands' own counters.
pub async fn old(client: &impl Session, before: Date) -> Result<Old, DbError> {
    let row = client.query_one(include_str!("../../queries/command/old.sql"), &[&before]).await?;
    Ok(Old {
        commands: row.try_get("commands")?,
        expected: row.try_get("expected")?,
        returned: row.try_get("returned")?,
        jids: row.try_get("jids")?,
    })
}

/// The day of the oldest command that has not ended.
pub async fn oldest_open_day(client: &impl Session) -> Result<Option<Date>, DbError> {
    let row = client.query_one(include_str!("../../queries/command/oldest_open_day.sql"), &[]).await?;
    Ok(row.try_get("day")?)
}

/// Forgets up to `limit` commands of days before this one.
pub async fn forget(client: &impl Session, before: Date, limit: i64) -> Result<u64, DbError> {
    client.execute(include_str!("../../queries/command/forget.sql"), &[&before, &limit]).await
}
