//! Table `target_group`: saved targets. Whom they mean is worked out elsewhere.

use jiff::Timestamp;
use tokio_postgres::Row;
use uuid::Uuid;

use crate::{
    DbError, Session,
    minion::counted,
    saved::{Held, Viewer},
};

/// One row of `target_group`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TargetGroup {
    /// Its key.
    pub tgt_uuid: Uuid,
    /// What people call it; unique.
    pub name: String,
    /// For people.
    pub description: String,
    /// `{master id, cluster id or *: {tgt, tgt_type}}` as JSON.
    pub tgt: String,
    /// The server's own: never changed or deleted.
    pub built_in: bool,
    /// One more whenever it may mean other minions.
    pub version: i64,
    /// Whose it is.
    pub held: Held,
}

impl TargetGroup {
    fn from_row(row: &Row) -> Result<Self, DbError> {
        Ok(Self {
            tgt_uuid: row.try_get("tgt_uuid")?,
            name: row.try_get("name")?,
            description: row.try_get("description")?,
            tgt: row.try_get("tgt")?,
            built_in: row.try_get("built_in")?,
            version: row.try_get("version")?,
            held: Held::from_row(row)?,
        })
    }
}

/// Filters and order of [`search`]; patterns as of `pattern`.
#[derive(Clone, Copy, Debug, Default)]
pub struct Search<'a> {
    /// This one.
    pub tgt_uuid: Option<Uuid>,
    /// Meant for this master: by its id, its cluster's, or `*`.
    pub master_id: Option<&'a str>,
    /// This role may do something with it.
    pub role_uuid: Option<Uuid>,
    /// Pattern of the name.
    pub name: Option<&'a str>,
    /// Pattern of the description.
    pub description: Option<&'a str>,
    /// name (default) or desc.
    pub sort_by: &'a str,
    /// Largest first.
    pub reverse: bool,
    /// None: all.
    pub limit: Option<i64>,
    /// How many to leave out.
    pub offset: i64,
}

/// One page of the groups that the viewer may read or discover, and how many there are in all.
pub async fn search(
    client: &impl Session,
    viewer: Viewer<'_>,
    search: &Search<'_>,
) -> Result<(i64, Vec<TargetGroup>), DbError> {
    let Search { tgt_uuid, master_id, role_uuid, name, description, sort_by, reverse, limit, offset } =
        search;
    let sql = include_str!("../queries/target_group/search.sql");
    let params: crate::Params<'_> = &[
        &viewer.superuser,
        &viewer.account,
        &viewer.roles,
        tgt_uuid,
        master_id,
        role_uuid,
        name,
        description,
        sort_by,
        reverse,
        limit,
        offset,
    ];
    let rows = client.query(sql, params).await?;
    counted(&rows, "name", TargetGroup::from_row)
}

/// This group, if the viewer may read or discover it.
pub async fn get(
    client: &impl Session,
    viewer: Viewer<'_>,
    tgt_uuid: Uuid,
) -> Result<Option<TargetGroup>, DbError> {
    let one = Search { tgt_uuid: Some(tgt_uuid), ..Search::default() };
    Ok(search(client, viewer, &one).await?.1.pop())
}

/// What is written of a group.
#[derive(Clone, Debug)]
pub struct Written<'a> {
    /// Its key.
    pub tgt_uuid: Uuid,
    /// Name.
    pub name: &'a str,
    /// For people.
    pub description: &'a str,
    /// JSON.
    pub tgt: &'a str,
}

/// Adds a group. False: one of this name was there already.
pub async fn insert(
    client: &impl Session,
    new: &Written<'_>,
    owner: Uuid,
    now: Timestamp,
) -> Result<bool, DbError> {
    let sql = include_str!("../queries/target_group/insert.sql");
    let params: crate::Params<'_> = &[&new.tgt_uuid, &new.name, &new.description, &new.tgt, &owner, &now];
    Ok(client.execute(sql, params).await? == 1)
}

/// Changes a group. An error of the unique name when it is taken; false: there is no such group.
pub async fn update(client: &impl Session, new: &Written<'_>, now: Timestamp) -> Result<bool, DbError> {
    let sql = include_str!("../queries/target_group/update.sql");
    let params: crate::Params<'_> = &[&new.tgt_uuid, &new.name, &new.description, &new.tgt, &now];
    Ok(client.execute(sql, params).await? == 1)
}

/// Deletes groups; jobs that were meant for them lose their target.
pub async fn delete(client: &impl Session, groups: &[Uuid]) -> Result<u64, DbError> {
    client.execute(include_str!("../queries/target_group/delete.sql"), &[&groups]).await
}

/// What depends on these groups, as (`job` or `schedule`, name).
pub async fn dependents(client: &impl Session, groups: &[Uuid]) -> Result<Vec<(String, String)>, DbError> {
    let rows = client.query(include_str!("../queries/target_group/dependents.sql"), &[&groups]).await?;
    rows.iter().map(|row| Ok((row.try_get("kind")?, row.try_get("name")?))).collect()
}

/// Deletes the schedules that run on these groups; their keys come back.
pub async fn delete_schedules(client: &impl Session, groups: &[Uuid]) -> Result<Vec<Uuid>, DbError> {
    let sql = include_str!("../queries/target_group/delete_schedules.sql");
    client.query(sql, &[&groups]).await?.iter().map(|row| Ok(row.try_get(0)?)).collect()
}

/// A group, as to whether its members are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Version {
    /// Its number.
    pub number: i32,
    /// Its version.
    pub version: i64,
    /// All members of this version are kept.
    pub resolved: bool,
}

/// Every group, and whether its members are kept.
pub async fn versions(client: &impl Session) -> Result<Vec<Version>, DbError> {
    let rows = client.query(include_str!("../queries/target_group/versions.sql"), &[]).await?;
    rows.iter()
        .map(|row| {
            let (number, version) = (row.try_get("number")?, row.try_get("version")?);
            Ok(Version { number, version, resolved: row.try_get("resolved")? })
        })
        .collect()
}

/// A group as who works out members needs it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// Its number.
    pub number: i32,
    /// Its version.
    pub version: i64,
    /// What others call it.
    pub name: String,
    /// As JSON.
    pub tgt: String,
}

/// Every group as it is now.
pub async fn kept(client: &impl Session) -> Result<Vec<Kept>, DbError> {
    let rows = client.query(include_str!("../queries/target_group/kept.sql"), &[]).await?;
    rows.iter()
        .map(|row| {
            let (number, version) = (row.try_get("number")?, row.try_get("version")?);
            Ok(Kept { number, version, name: row.try_get("name")?, tgt: row.try_get("tgt")? })
        })
        .collect()
}

/// All members of these groups (number, version) are kept, where they are still of this version.
pub async fn set_resolved(tx: &impl Session, groups: &[(i32, i64)]) -> Result<u64, DbError> {
    let (numbers, versions): (Vec<i32>, Vec<i64>) = groups.iter().copied().unzip();
    tx.execute(include_str!("../queries/target_group/set_resolved.sql"), &[&numbers, &versions]).await
}
