//! Table `ws_ticket`: each opens one stream. Only hashes are kept.
use jiff::Timestamp;
use uuid::Uuid;

use crate::error::DbError;
use crate::session::Session;

/// Adds a ticket.
pub async fn insert(
    client: &impl Session,
    hash: &[u8],
    account_uuid: Uuid,
    expires_at: Timestamp,
) -> Result<(), DbError> {
    let sql = include_str!("../queries/ws_ticket/insert.sql");
    client.execute(sql, &[&hash, &account_uuid, &expires_at]).await.map(drop)
}

/// Uses a ticket up: whose it was, if it was good.
pub async fn take(client: &impl Session, hash: &[u8], now: Timestamp) -> Result<Option<Uuid>, DbError> {
    let row = client.query_opt(include_str!("../queries/ws_ticket/take.sql"), &[&hash, &now]).await?;
    Ok(row.map(|row| row.try_get(0)).transpose()?)
}

/// Forgets tickets that nobody can use any more.
pub async fn forget(client: &impl Session, now: Timestamp) -> Result<u64, DbError> {
    client.execute(include_str!("../queries/ws_ticket/forget.sql"), &[&now]).await
}
