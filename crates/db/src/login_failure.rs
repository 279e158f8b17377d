//! Table `login_failure`: failed sign-ins by name and address, so that the throttle holds across servers. How long to wait is the server's business.
use std::time::Duration;

use jiff::Timestamp;

use crate::error::DbError;
use crate::session::{Params, Session};

/// Who tried, and from where.
#[derive(Clone, Copy, Debug)]
pub struct Attempt<'a> {
    /// Directory.
    pub config_name: &'a str,
    /// Name. Names without an account count too: the answer must not tell them apart.
    pub username: &'a str,
    /// Address; empty: not known.
    pub address: &'a str,
}

/// How many failures there were lately.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Recent {
    /// Of this name from this address.
    pub here: i64,
    /// From this address, whatever the name.
    pub of_address: i64,
    /// Of this name, wherever from.
    pub of_name: i64,
    /// The last one from this address.
    pub last_at: Option<Timestamp>,
}

/// Counts one more; a failure that is older than `window` starts the count anew.
pub async fn record(
    client: &impl Session,
    attempt: Attempt<'_>,
    now: Timestamp,
    window: Duration,
) -> Result<(), DbError> {
    let since = now.checked_sub(window).unwrap_or(Timestamp::MIN);
    let params: Params<'_> = &[&attempt.config_name, &attempt.username, &attempt.address, &now, &since];
    client.execute(include_str!("../queries/login_failure/record.sql"), params).await.map(drop)
}

/// The failures since then.
pub async fn recent(
    client: &impl Session,
    attempt: Attempt<'_>,
    since: Timestamp,
) -> Result<Recent, DbError> {
    let params: Params<'_> = &[&attempt.config_name, &attempt.username, &attempt.address, &since];
    let row = client.query_one(include_str!("../queries/login_failure/recent.sql"), params).await?;
    Ok(Recent {
        here: row.try_get("here")?,
        of_address: row.try_get("of_address")?,
        of_name: row.try_get("of_name")?,
        last_at: row.try_get("last_at")?,
    })
}

/// Whether the audit is to hear that this address is locked out: once in a while, however often it comes.
pub async fn tell(
    client: &impl Session,
    address: &str,
    now: Timestamp,
    since: Timestamp,
) -> Result<bool, DbError> {
    let sql = include_str!("../queries/login_failure/tell.sql");
    Ok(client.execute(sql, &[&address, &now, &since]).await? > 0)
}

/// Forgets the failures of this name from this address: it signed in.
pub async fn clear(client: &impl Session, attempt: Attempt<'_>) -> Result<(), DbError> {
    let params: Params<'_> = &[&attempt.config_name, &attempt.username, &attempt.address];
    client.execute(include_str!("../queries/login_failure/clear.sql"), params).await.map(drop)
}

/// Forgets what is older than this; returns how many rows.
pub async fn forget(client: &impl Session, before: Timestamp) -> Result<u64, DbError> {
    client.execute(include_str!("../queries/login_failure/forget.sql"), &[&before]).await
}
