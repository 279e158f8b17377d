//! Leadership: one server at a time does what only one may do. By the database's clock, so that servers need not agree on theirs.
use std::time::Duration;

use uuid::Uuid;

use crate::error::DbError;
use crate::session::Session;

/// Takes the lease, or renews it when it is ours already. False: another server holds it.
pub async fn take(client: &impl Session, name: &str, holder: Uuid, time: Duration) -> Result<bool, DbError> {
    let sql = include_str!("../queries/lease/take.sql");
    Ok(client.execute(sql, &[&name, &holder, &time.as_secs_f64()]).await? == 1)
}

/// Renews a lease that is still ours. False: it ended, or another server has it; stop leading at once.
pub async fn renew(client: &impl Session, name: &str, holder: Uuid, time: Duration) -> Result<bool, DbError> {
    let sql = include_str!("../queries/lease/renew.sql");
    Ok(client.execute(sql, &[&name, &holder, &time.as_secs_f64()]).await? == 1)
}

/// Gives the lease back, so that another server need not wait for its end.
pub async fn release(client: &impl Session, name: &str, holder: Uuid) -> Result<(), DbError> {
    client.execute(include_str!("../queries/lease/release.sql"), &[&name, &holder]).await.map(drop)
}
