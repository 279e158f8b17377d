//! Table `role`: what a role allows, and where. What the words mean is the server's business.
use tokio_postgres::Row;
use uuid::Uuid;

use crate::error::DbError;
use crate::session::Session;

/// One row of `role`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Role {
    /// Its key.
    pub role_uuid: Uuid,
    /// What people call it; unique.
    pub name: String,
    /// For people.
    pub description: Option<String>,
    /// The words of its permissions.
    pub perms: Vec<String>,
    /// The server's own: never changed or deleted.
    pub built_in: bool,
    /// Minions that it reaches, as JSON `{cluster: {tgt, tgt_type}}`; none: all.
    pub scope: Option<String>,
}

impl Role {
    fn from_row(row: &Row) -> Result<Self, DbError> {
        Ok(Self {
            role_uuid: row.try_get("role_uuid")?,
            name: row.try_get("name")?,
            description: row.try_get("description")?,
            perms: row.try_get("perms")?,
            built_in: row.try_get("built_in")?,
            scope: row.try_get("scope")?,
        })
    }
}

/// All roles, by name.
pub async fn all(client: &impl Session) -> Result<Vec<Role>, DbError> {
    let rows = client.query(include_str!("../queries/role/all.sql"), &[]).await?;
    rows.iter().map(Role::from_row).collect()
}

/// Names of the roles that hold one of these permissions.
pub async fn with_perms(client: &impl Session, perms: &[&str]) -> Result<Vec<String>, DbError> {
    let rows = client.query(include_str!("../queries/role/with_perms.sql"), &[&perms]).await?;
    rows.iter().map(|row| Ok(row.try_get(0)?)).collect()
}

/// Writes what a built-in role allows in this version of the server.
pub async fn save_built_in(client: &impl Session, name: &str, perms: &[&str]) -> Result<(), DbError> {
    client.execute(include_str!("../queries/role/save_built_in.sql"), &[&name, &perms]).await.map(drop)
}

/// Adds a role. False: one of this name was there already.
pub async fn insert(client: &impl Session, new: &Role) -> Result<bool, DbError> {
    let sql = include_str!("../queries/role/insert.sql");
    let params: crate::Params<'_> = &[&new.role_uuid, &new.name, &new.description, &new.perms, &new.scope];
    Ok(client.execute(sql, params).await? == 1)
}

/// Changes a role that is not built in. False: there is no such role.
pub async fn update(client: &impl Session, new: &Role) -> Result<bool, DbError> {
    let sql = include_str!("../queries/role/update.sql");
    let params: crate::Params<'_> = &[&new.role_uuid, &new.name, &new.description, &new.perms, &new.scope];
    Ok(client.execute(sql, params).await? == 1)
}

/// Deletes a role that is not built in; whoever held it does not any more.
pub async fn delete(client: &impl Session, role_uuid: Uuid) -> Result<bool, DbError> {
    Ok(client.execute(include_str!("../queries/role/delete.sql"), &[&role_uuid]).await? == 1)
}
