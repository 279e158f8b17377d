//! Table `ws_ticket`: each opens one stream. Only hashes are kept.
use jiff::Timestamp;
use uuid::Uuid;

use crate::error::DbError;
use crate::session::Session;

/// Whose a ticket is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Holder {
    /// Account.
    pub account_uuid: Uuid,
    /// The session, or the token of a program, that it was asked for with; none: name and password.
    pub session_uuid: Option<Uuid>,
    /// It is a token.
    pub by_token: bool,
}

/// Adds a ticket.
pub async fn insert(
    client: &impl Session,
    hash: &[u8],
    whose: Holder,
    expires_at: Timestamp,
) -> Result<(), DbError> {
    let sql = include_str!("../queries/ws_ticket/insert.sql");
    let params: crate::Params<'_> =
        &[&hash, &whose.account_uuid, &whose.session_uuid, &whose.by_token, &expires_at];
    client.execute(sql, params).await.map(drop)
}

/// Uses a ticket up: whose it was, if it was good.
pub async fn take(client: &impl Session, hash: &[u8], now: Timestamp) -> Result<Option<Holder>, DbError> {
    let row = client.query_opt(include_str!("../queries/ws_ticket/take.sql"), &[&hash, &now]).await?;
    row.map(|row| {
        Ok(Holder {
            account_uuid: row.try_get("account_uuid")?,
            session_uuid: row.try_get("session_uuid")?,
            by_token: row.try_get("by_token")?,
        })
    })
    .transpose()
}

/// Forgets tickets that nobody can use any more.
pub async fn forget(client: &impl Session, now: Timestamp) -> Result<u64, DbError> {
    client.execute(include_str!("../queries/ws_ticket/forget.sql"), &[&now]).await
}
