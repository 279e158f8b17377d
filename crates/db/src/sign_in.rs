//! Table `session`: who is signed in, from where. A token of a session that is not here any more is worth nothing.
use jiff::Timestamp;
use tokio_postgres::Row;
use uuid::Uuid;

use crate::error::DbError;
use crate::session::{Params, Session};

/// One row of `session`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignIn {
    /// Its key; the token names it.
    pub session_uuid: Uuid,
    /// Whose.
    pub account_uuid: Uuid,
    /// When it began.
    pub created_at: Timestamp,
    /// When it ends by itself.
    pub expires_at: Timestamp,
    /// When it was last used, to the minute.
    pub last_seen_at: Timestamp,
    /// From where it was begun.
    pub address: Option<String>,
    /// With what.
    pub user_agent: Option<String>,
}

impl SignIn {
    fn from_row(row: &Row) -> Result<Self, DbError> {
        Ok(Self {
            session_uuid: row.try_get("session_uuid")?,
            account_uuid: row.try_get("account_uuid")?,
            created_at: row.try_get("created_at")?,
            expires_at: row.try_get("expires_at")?,
            last_seen_at: row.try_get("last_seen_at")?,
            address: row.try_get("address")?,
            user_agent: row.try_get("user_agent")?,
        })
    }
}

/// Begins a session.
pub async fn insert(client: &impl Session, new: &SignIn) -> Result<(), DbError> {
    let params: Params<'_> = &[
        &new.session_uuid,
        &new.account_uuid,
        &new.created_at,
        &new.expires_at,
        &new.address,
        &new.user_agent,
    ];
    client.execute(include_str!("../queries/session/insert.sql"), params).await.map(drop)
}

/// The session with this key, unless it has ended.
pub async fn get(
    client: &impl Session,
    session_uuid: Uuid,
    now: Timestamp,
) -> Result<Option<SignIn>, DbError> {
    let row = client.query_opt(include_str!("../queries/session/get.sql"), &[&session_uuid, &now]).await?;
    row.as_ref().map(SignIn::from_row).transpose()
}

/// Sessions of one account, or of all, the last used first.
pub async fn list(
    client: &impl Session,
    account_uuid: Option<Uuid>,
    now: Timestamp,
) -> Result<Vec<SignIn>, DbError> {
    let rows = client.query(include_str!("../queries/session/list.sql"), &[&account_uuid, &now]).await?;
    rows.iter().map(SignIn::from_row).collect()
}

/// Remembers that it was used.
pub async fn touch(client: &impl Session, session_uuid: Uuid, now: Timestamp) -> Result<(), DbError> {
    client.execute(include_str!("../queries/session/touch.sql"), &[&session_uuid, &now]).await.map(drop)
}

/// Ends a session. False: there is no such session.
pub async fn delete(client: &impl Session, session_uuid: Uuid) -> Result<bool, DbError> {
    Ok(client.execute(include_str!("../queries/session/delete.sql"), &[&session_uuid]).await? == 1)
}

/// Ends all sessions of an account but this one; returns how many.
pub async fn delete_others(
    client: &impl Session,
    account_uuid: Uuid,
    kept: Option<Uuid>,
) -> Result<u64, DbError> {
    client.execute(include_str!("../queries/session/delete_others.sql"), &[&account_uuid, &kept]).await
}

/// Forgets sessions that have ended by themselves.
pub async fn forget(client: &impl Session, now: Timestamp) -> Result<u64, DbError> {
    client.execute(include_str!("../queries/session/forget.sql"), &[&now]).await
}
