//! Table `account_group`: groups of accounts, whose members hold the group's roles.
use tokio_postgres::Row;
use uuid::Uuid;

use crate::error::DbError;
use crate::session::Session;

/// One group with its roles and members.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// Its key.
    pub group_uuid: Uuid,
    /// `internal`, or the name of an outside directory.
    pub config_name: String,
    /// Unique within its directory.
    pub name: String,
    /// For people.
    pub description: Option<String>,
    /// Whatever a client keeps with it, as JSON.
    pub custom_data: Option<String>,
    /// Its key in an outside directory.
    pub remote_uid: Option<String>,
    /// Names of its roles.
    pub roles: Vec<String>,
    /// What these roles allow.
    pub perms: Vec<String>,
    /// Its members.
    pub members: Vec<Uuid>,
}

impl Group {
    fn from_row(row: &Row) -> Result<Self, DbError> {
        Ok(Self {
            group_uuid: row.try_get("group_uuid")?,
            config_name: row.try_get("config_name")?,
            name: row.try_get("name")?,
            description: row.try_get("description")?,
            custom_data: row.try_get("custom_data")?,
            remote_uid: row.try_get("remote_uid")?,
            roles: row.try_get("roles")?,
            perms: row.try_get("perms")?,
            members: row.try_get("members")?,
        })
    }
}

/// All groups, by name.
pub async fn all(client: &impl Session) -> Result<Vec<Group>, DbError> {
    let rows = client.query(include_str!("../queries/account_group/all.sql"), &[]).await?;
    rows.iter().map(Group::from_row).collect()
}

/// Adds a group without roles and members. False: one of this name was there already.
pub async fn insert(client: &impl Session, new: &Group) -> Result<bool, DbError> {
    let sql = include_str!("../queries/account_group/insert.sql");
    let params: crate::Params<'_> =
        &[&new.group_uuid, &new.config_name, &new.name, &new.description, &new.custom_data, &new.remote_uid];
    Ok(client.execute(sql, params).await? == 1)
}

/// Changes name, description and custom data. An error of the unique name when it is taken.
pub async fn update(client: &impl Session, new: &Group) -> Result<bool, DbError> {
    let sql = include_str!("../queries/account_group/update.sql");
    let params: crate::Params<'_> =
        &[&new.group_uuid, &new.name, &new.description, &new.custom_data, &new.remote_uid];
    Ok(client.execute(sql, params).await? == 1)
}

/// Deletes a group; its members stay, without the group's roles.
pub async fn delete(client: &impl Session, group_uuid: Uuid) -> Result<bool, DbError> {
    Ok(client.execute(include_str!("../queries/account_group/delete.sql"), &[&group_uuid]).await? == 1)
}

/// Gives the group exactly these roles; names that are no role are left out.
pub async fn set_roles(client: &impl Session, group_uuid: Uuid, roles: &[String]) -> Result<(), DbError> {
    let sql = include_str!("../queries/account_group/set_roles.sql");
    client.execute(sql, &[&group_uuid, &roles]).await.map(drop)
}
