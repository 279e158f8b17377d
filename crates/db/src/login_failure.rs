//! Table `login_failure`: failed sign-ins per name, so that the throttle holds across servers. How long to wait is the server's business.
use std::time::Duration;

use jiff::Timestamp;
use tokio_postgres::Row;

use crate::error::DbError;
use crate::session::Session;

/// The failed sign-ins of one name. Names without an account count too: the answer must not tell them apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoginFailure {
    /// How many in a row.
    pub failures: i32,
    /// The last one.
    pub last_at: Timestamp,
}

impl LoginFailure {
    fn from_row(row: &Row) -> Result<Self, DbError> {
        Ok(Self { failures: row.try_get("failures")?, last_at: row.try_get("last_at")? })
    }
}

/// Counts one more; a failure that is older than `window` starts the count anew.
pub async fn record(
    client: &impl Session,
    config_name: &str,
    username: &str,
    now: Timestamp,
    window: Duration,
) -> Result<LoginFailure, DbError> {
    let since = now.checked_sub(window).unwrap_or(Timestamp::MIN);
    let sql = include_str!("../queries/login_failure/record.sql");
    LoginFailure::from_row(&client.query_one(sql, &[&config_name, &username, &now, &since]).await?)
}

/// The failures of this name; none: no throttle.
pub async fn get(
    client: &impl Session,
    config_name: &str,
    username: &str,
) -> Result<Option<LoginFailure>, DbError> {
    let row = client
        .query_opt(include_str!("../queries/login_failure/get.sql"), &[&config_name, &username])
        .await?;
    row.as_ref().map(LoginFailure::from_row).transpose()
}

/// Forgets the failures of this name: it signed in.
pub async fn clear(client: &impl Session, config_name: &str, username: &str) -> Result<(), DbError> {
    client
        .execute(include_str!("../queries/login_failure/clear.sql"), &[&config_name, &username])
        .await
        .map(drop)
}

/// Forgets what is older than this; returns how many names.
pub async fn forget(client: &impl Session, before: Timestamp) -> Result<u64, DbError> {
    client.execute(include_str!("../queries/login_failure/forget.sql"), &[&before]).await
}
