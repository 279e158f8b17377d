//! Table `account`: who may sign in, and what they hold. Hashing, tokens and what permissions mean is the server's business.
use jiff::Timestamp;
use tokio_postgres::Row;
use uuid::Uuid;

use crate::error::DbError;
use crate::session::{Params, Session};

/// "raaspeop" as a number: whoever changes accounts, groups or roles holds it.
const LOCK: i64 = 0x7261_6173_7065_6f70;

/// One row of `account`, with its roles and groups.
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
    /// Permissions of its own.
    pub perms: Vec<String>,
    /// Minions that it never gets beyond, as JSON `{cluster: {tgt, tgt_type}}`; none: no limit.
    pub scope: Option<String>,
    /// Whatever a client keeps with it, as JSON.
    pub custom_data: Option<String>,
    /// Its key in an outside directory.
    pub remote_uid: Option<String>,
    /// The names of its own roles.
    pub roles: Vec<String>,
    /// … and of those that it has through groups.
    pub held_roles: Vec<String>,
    /// Every permission that it has, wherever from.
    pub held_perms: Vec<String>,
    /// The names of its groups.
    pub groups: Vec<String>,
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
    /// An internal account that holds nothing yet.
    pub fn new(account_uuid: Uuid, username: &str, created_at: Timestamp) -> Self {
        Self {
            account_uuid,
            config_name: "internal".to_owned(),
            username: username.to_owned(),
            password_hash: None,
            perms: Vec::new(),
            scope: None,
            custom_data: None,
            remote_uid: None,
            roles: Vec::new(),
            held_roles: Vec::new(),
            held_perms: Vec::new(),
            groups: Vec::new(),
            created_at,
            last_login_at: None,
        }
    }

    fn from_row(row: &Row) -> Result<Self, DbError> {
        Ok(Self {
            account_uuid: row.try_get("account_uuid")?,
            config_name: row.try_get("config_name")?,
            username: row.try_get("username")?,
            password_hash: row.try_get("password_hash")?,
            perms: row.try_get("perms")?,
            scope: row.try_get("scope")?,
            custom_data: row.try_get("custom_data")?,
            remote_uid: row.try_get("remote_uid")?,
            roles: row.try_get("roles")?,
            held_roles: row.try_get("held_roles")?,
            held_perms: row.try_get("held_perms")?,
            groups: row.try_get("groups")?,
            created_at: row.try_get("created_at")?,
            last_login_at: row.try_get("last_login_at")?,
        })
    }
}

/// What an account holds, role by role: each allows its permissions within its own scope.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Access {
    /// The account.
    pub account_uuid: Uuid,
    /// Where it comes from.
    pub config_name: String,
    /// Its name.
    pub username: String,
    /// Permissions of its own.
    pub perms: Vec<String>,
    /// What it never gets beyond, as JSON.
    pub scope: Option<String>,
    /// Another one after each change of the password; says nothing of it.
    pub password_mark: Option<String>,
    /// Its roles, those of its groups included.
    pub roles: Vec<HeldRole>,
}

/// A role that somebody has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeldRole {
    /// Its name.
    pub name: String,
    /// What it allows.
    pub perms: Vec<String>,
    /// Where, as JSON.
    pub scope: Option<String>,
}

/// What this account holds now.
pub async fn access(client: &impl Session, account_uuid: Uuid) -> Result<Option<Access>, DbError> {
    let rows = client.query(include_str!("../queries/account/access.sql"), &[&account_uuid]).await?;
    let Some(first) = rows.first() else { return Ok(None) };
    let role = |row: &Row| -> Result<Option<HeldRole>, DbError> {
        let Some(name) = row.try_get("role")? else { return Ok(None) };
        Ok(Some(HeldRole { name, perms: row.try_get("role_perms")?, scope: row.try_get("role_scope")? }))
    };
    Ok(Some(Access {
        account_uuid: first.try_get("account_uuid")?,
        config_name: first.try_get("config_name")?,
        username: first.try_get("username")?,
        perms: first.try_get("perms")?,
        scope: first.try_get("scope")?,
        password_mark: first.try_get("password_mark")?,
        roles: rows.iter().filter_map(|row| role(row).transpose()).collect::<Result<_, _>>()?,
    }))
}

/// Waits until nobody else changes accounts, groups or roles; until the end of the transaction.
pub async fn lock(client: &impl Session) -> Result<(), DbError> {
    client.execute(include_str!("../queries/account/lock.sql"), &[&LOCK]).await.map(drop)
}

/// Adds an account with its roles. False: one of this name was there already, and nothing changed (another server was first).
pub async fn insert(client: &impl Session, new: &Account) -> Result<bool, DbError> {
    let params: Params<'_> = &[
        &new.account_uuid,
        &new.config_name,
        &new.username,
        &new.password_hash,
        &new.perms,
        &new.scope,
        &new.custom_data,
        &new.remote_uid,
        &new.created_at,
    ];
    let touched = client.execute(include_str!("../queries/account/insert.sql"), params).await?;
    if touched == 1 {
        set_roles(client, new.account_uuid, &new.roles).await?;
    }
    Ok(touched == 1)
}

/// Changes name, permissions, scope, custom data. An error of the unique name when it is taken.
pub async fn update(client: &impl Session, new: &Account) -> Result<bool, DbError> {
    let params: Params<'_> =
        &[&new.account_uuid, &new.username, &new.perms, &new.scope, &new.custom_data, &new.remote_uid];
    Ok(client.execute(include_str!("../queries/account/update.sql"), params).await? == 1)
}

/// Deletes an account. What it did stays in the history.
pub async fn delete(client: &impl Session, account_uuid: Uuid) -> Result<bool, DbError> {
    Ok(client.execute(include_str!("../queries/account/delete.sql"), &[&account_uuid]).await? == 1)
}

/// Gives the account exactly these roles; names that are no role are left out.
pub async fn set_roles(client: &impl Session, account_uuid: Uuid, roles: &[String]) -> Result<(), DbError> {
    let sql = include_str!("../queries/account/set_roles.sql");
    client.execute(sql, &[&account_uuid, &roles]).await.map(drop)
}

/// Puts the account into exactly these groups; names that are no group are left out.
pub async fn set_groups(client: &impl Session, account_uuid: Uuid, groups: &[String]) -> Result<(), DbError> {
    let sql = include_str!("../queries/account/set_groups.sql");
    client.execute(sql, &[&account_uuid, &groups]).await.map(drop)
}

/// All accounts of one directory, or of all, by name.
pub async fn all(client: &impl Session, config_name: Option<&str>) -> Result<Vec<Account>, DbError> {
    let sql = include_str!("../queries/account/get.sql");
    let params: Params<'_> = &[&None::<Vec<Uuid>>, &config_name, &None::<&str>];
    client.query(sql, params).await?.iter().map(Account::from_row).collect()
}

/// The names of all accounts of one directory, or of all, in their order.
pub async fn names(client: &impl Session, config_name: Option<&str>) -> Result<Vec<(Uuid, String)>, DbError> {
    let rows = client.query(include_str!("../queries/account/names.sql"), &[&config_name]).await?;
    rows.iter().map(|row| Ok((row.try_get("account_uuid")?, row.try_get("username")?))).collect()
}

/// Some accounts, by name.
pub async fn some(client: &impl Session, accounts: &[Uuid]) -> Result<Vec<Account>, DbError> {
    let sql = include_str!("../queries/account/get.sql");
    let params: Params<'_> = &[&accounts, &None::<&str>, &None::<&str>];
    client.query(sql, params).await?.iter().map(Account::from_row).collect()
}

/// The account of this name.
pub async fn find(
    client: &impl Session,
    config_name: &str,
    username: &str,
) -> Result<Option<Account>, DbError> {
    let sql = include_str!("../queries/account/get.sql");
    let row = client.query_opt(sql, &[&None::<Vec<Uuid>>, &config_name, &username]).await?;
    row.as_ref().map(Account::from_row).transpose()
}

/// The account with this key.
pub async fn get(client: &impl Session, account_uuid: Uuid) -> Result<Option<Account>, DbError> {
    let sql = include_str!("../queries/account/get.sql");
    let row = client.query_opt(sql, &[&[account_uuid].as_slice(), &None::<&str>, &None::<&str>]).await?;
    row.as_ref().map(Account::from_row).transpose()
}

/// How many accounts can sign in and may do everything.
pub async fn superusers(client: &impl Session) -> Result<i64, DbError> {
    let row = client.query_one(include_str!("../queries/account/superusers.sql"), &[]).await?;
    Ok(row.try_get(0)?)
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
