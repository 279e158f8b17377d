//! Table `api_token`: tokens of programs, by their hashes. What they may do is the server's business.
use jiff::Timestamp;
use tokio_postgres::Row;
use uuid::Uuid;

use crate::error::DbError;
use crate::session::{Params, Session};

/// One row of `api_token`, without its hash.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiToken {
    /// Its key.
    pub token_uuid: Uuid,
    /// Whose.
    pub account_uuid: Uuid,
    /// What it is for; unique within the account.
    pub name: String,
    /// Of the permissions of the account only these; none: all of them.
    pub perms: Option<Vec<String>>,
    /// Of the account's minions only these, as JSON.
    pub scope: Option<String>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it ends.
    pub expires_at: Timestamp,
    /// When it was last used, to the minute.
    pub last_used_at: Option<Timestamp>,
}

impl ApiToken {
    fn from_row(row: &Row) -> Result<Self, DbError> {
        Ok(Self {
            token_uuid: row.try_get("token_uuid")?,
            account_uuid: row.try_get("account_uuid")?,
            name: row.try_get("name")?,
            perms: row.try_get("perms")?,
            scope: row.try_get("scope")?,
            created_at: row.try_get("created_at")?,
            expires_at: row.try_get("expires_at")?,
            last_used_at: row.try_get("last_used_at")?,
        })
    }
}

/// Adds a token. False: the account has one of this name.
pub async fn insert(client: &impl Session, new: &ApiToken, hash: &[u8]) -> Result<bool, DbError> {
    let params: Params<'_> = &[
        &new.token_uuid,
        &new.account_uuid,
        &new.name,
        &hash,
        &new.perms,
        &new.created_at,
        &new.expires_at,
        &new.scope,
    ];
    Ok(client.execute(include_str!("../queries/api_token/insert.sql"), params).await? == 1)
}

/// The token with this hash.
pub async fn by_hash(client: &impl Session, hash: &[u8]) -> Result<Option<ApiToken>, DbError> {
    let row = client.query_opt(include_str!("../queries/api_token/by_hash.sql"), &[&hash]).await?;
    row.as_ref().map(ApiToken::from_row).transpose()
}

/// Tokens of one account, or of all.
pub async fn list(client: &impl Session, account_uuid: Option<Uuid>) -> Result<Vec<ApiToken>, DbError> {
    let sql = include_str!("../queries/api_token/list.sql");
    client.query(sql, &[&account_uuid, &None::<Uuid>]).await?.iter().map(ApiToken::from_row).collect()
}

/// The token with this key.
pub async fn get(client: &impl Session, token_uuid: Uuid) -> Result<Option<ApiToken>, DbError> {
    let sql = include_str!("../queries/api_token/list.sql");
    let row = client.query_opt(sql, &[&None::<Uuid>, &token_uuid]).await?;
    row.as_ref().map(ApiToken::from_row).transpose()
}

/// Remembers that it was used.
pub async fn touch(client: &impl Session, token_uuid: Uuid, now: Timestamp) -> Result<(), DbError> {
    client.execute(include_str!("../queries/api_token/touch.sql"), &[&token_uuid, &now]).await.map(drop)
}

/// Revokes a token. False: there is no such token.
pub async fn delete(client: &impl Session, token_uuid: Uuid) -> Result<bool, DbError> {
    Ok(client.execute(include_str!("../queries/api_token/delete.sql"), &[&token_uuid]).await? == 1)
}
