//! Table `saved_access`, and what target groups, jobs and schedules have in common: an owner, and rights of roles.

use tokio_postgres::Row;
use uuid::Uuid;

use crate::{DbError, Session};

/// Who looks at saved things: what may be seen follows from it.
#[derive(Clone, Copy, Debug)]
pub struct Viewer<'a> {
    /// May do everything.
    pub superuser: bool,
    /// Account.
    pub account: Uuid,
    /// Names of its roles.
    pub roles: &'a [String],
}

/// Whose a saved thing is, and who may do what with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    /// What the viewer may do: read, write, discover, delete.
    pub rights: Vec<String>,
    /// Owner; none when the account is gone, or there never was one.
    pub owner_uuid: Option<Uuid>,
    /// Its name.
    pub username: Option<String>,
    /// Its directory.
    pub config_name: Option<String>,
    /// `{role: [right, …]}` as JSON.
    pub access: Option<String>,
}

impl Held {
    pub(crate) fn from_row(row: &Row) -> Result<Self, DbError> {
        Ok(Self {
            rights: row.try_get("rights")?,
            owner_uuid: row.try_get("owner_uuid")?,
            username: row.try_get("username")?,
            config_name: row.try_get("config_name")?,
            access: row.try_get("access")?,
        })
    }
}

/// Gives exactly these roles these rights (each as `read,write`) to a saved thing.
pub async fn set_access(
    tx: &impl Session,
    resource: Uuid,
    access: &[(String, String)],
) -> Result<(), DbError> {
    forget_access(tx, &[resource]).await?;
    let (roles, rights): (Vec<&str>, Vec<&str>) =
        access.iter().map(|(role, rights)| (role.as_str(), rights.as_str())).unzip();
    let sql = include_str!("../queries/saved/set_access.sql");
    tx.execute(sql, &[&resource, &roles, &rights]).await.map(drop)
}

/// Forgets who may do what with these.
pub async fn forget_access(tx: &impl Session, resources: &[Uuid]) -> Result<(), DbError> {
    tx.execute(include_str!("../queries/saved/clear_access.sql"), &[&resources]).await.map(drop)
}

/// Gives what `from` owns of a kind (`target_groups`, `jobs`) to `to`; only `some`, when they are given. Their keys come back.
pub async fn transfer(
    tx: &impl Session,
    kind: &str,
    (from, to): (Uuid, Uuid),
    some: Option<&[Uuid]>,
) -> Result<Vec<Uuid>, DbError> {
    let rows = tx.query(include_str!("../queries/saved/transfer.sql"), &[&kind, &from, &to, &some]).await?;
    rows.iter().map(|row| Ok(row.try_get("resource_uuid")?)).collect()
}
