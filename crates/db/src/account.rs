//! Table `account`: who may sign in. Hashing, tokens and permissions are the server's business.
use jiff::Timestamp;
use tokio_postgres::Row;
use uuid::Uuid;

use crate::error::DbError;
use crate::session::Session;

/// One row of `account`.
#[derive(Clone, PartialEq, Eq)]
pub struct Account {
    /// Its key.
    pub account_uuid: Uuid,
    /// Where the account comes from: `internal`, or the name of an outside directory.
    pub config_name: String,
    /// What is typed at sign-in.
    pub username: String,
    /// Argon2id; none: cannot sign in with a password.
    pub password_hash: Option<String>,
    /// The names of its roles.
    pub roles: Vec<String>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last signed in.
    pub last_login_at: Option<Timestamp>,
}

impl std::fmt::Debug for Account {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Account")
            .field("account_uuid", &self.account_uuid)
            .field("config_name", &self.config_name)
            .field("username", &self.username)
            .field("roles", &self.roles)
            .finish_non_exhaustive()
    }
}

impl Account {
    fn from_row(row: &Row) -> Result<Self, DbError> {
        Ok(Self {
            account_uuid: row.try_get("account_uuid")?,
            config_name: row.try_get("config_name")?,
            username: row.try_get("username")?,
            password_hash: row.try_get("password_hash")?,
            roles: row.try_get("roles")?,
            created_at: row.try_get("created_at")?,
            last_login_at: row.try_get("last_login_at")?,
        })
    }
}

/// Adds an account. False: one of this name was there already, and nothing changed (another server was first).
pub async fn insert(client: &impl Session, new: &Account) -> Result<bool, DbError> {
    let sql = include_str!("../queries/account/insert.sql");
    let touched = client
        .execute(
            sql,
            &[
                &new.account_uuid,
                &new.config_name,
                &new.username,
                &new.password_hash,
                &new.roles,
                &new.created_at,
            ],
        )
        .await?;
    Ok(touched == 1)
}

/// The account of this name.
pub async fn find(
    client: &impl Session,
    config_name: &str,
    username: &str,
) -> Result<Option<Account>, DbError> {
    let row =
        client.query_opt(include_str!("../queries/account/find.sql"), &[&config_name, &username]).await?;
    row.as_ref().map(Account::from_row).transpose()
}

/// The account with this key.
pub async fn get(client: &impl Session, account_uuid: Uuid) -> Result<Option<Account>, DbError> {
    let row = client.query_opt(include_str!("../queries/account/get.sql"), &[&account_uuid]).await?;
    row.as_ref().map(Account::from_row).transpose()
}

/// Changes the password; none takes it away. False: there is no such account.
pub async fn set_password_hash(
    client: &impl Session,
    account_uuid: Uuid,
    hash: Option<&str>,
) -> Result<bool, DbError> {
    let sql = include_str!("../queries/account/set_password_hash.sql");
    Ok(client.execute(sql, &[&account_uuid, &hash]).await? == 1)
}

/// Remembers a sign-in.
pub async fn set_last_login(
    client: &impl Session,
    account_uuid: Uuid,
    now: Timestamp,
) -> Result<(), DbError> {
    let sql = include_str!("../queries/account/set_last_login.sql");
    client.execute(sql, &[&account_uuid, &now]).await.map(drop)
}
