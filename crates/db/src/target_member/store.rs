//! Writing members: what there is, and the differences. Whoever writes holds the lock.

use std::collections::BTreeMap;

use tokio_postgres::Row;
use tokio_postgres::types::{ToSql, Type};

use crate::{DbError, Session};

/// A minion to be matched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Minion {
    /// Cluster.
    pub cluster_id: String,
    /// Minion.
    pub minion_id: String,
    /// Its grains are known.
    pub told: bool,
    /// As JSON text, when asked for and known.
    pub grains: Option<String>,
}

impl Minion {
    fn from_row(row: &Row) -> Result<Self, DbError> {
        Ok(Self {
            cluster_id: row.try_get("cluster_id")?,
            minion_id: row.try_get("minion_id")?,
            told: row.try_get("told")?,
            grains: row.try_get("grains")?,
        })
    }
}

/// Groups of one minion by their numbers, and whether it is sure.
pub type Groups = BTreeMap<i32, bool>;

/// The groups of minions, by cluster and minion.
pub type Of = BTreeMap<(String, String), Groups>;

/// What is to be written. A member that became sure, or unsure, is gone and new.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// Group, cluster, minion.
    pub gone: Vec<(i32, String, String)>,
    /// Group, cluster, minion, sure.
    pub new: Vec<(i32, String, String, bool)>,
}

/// Takes the right to write, until the transaction ends. False: another server has it.
pub async fn lock(tx: &impl Session) -> Result<bool, DbError> {
    Ok(tx.query_one(include_str!("../../queries/target_member/lock.sql"), &[]).await?.try_get("taken")?)
}

/// These minions (clusters and ids side by side), where they are still there.
pub async fn minions(
    tx: &impl Session,
    (clusters, minions): (&[&str], &[&str]),
    with_grains: bool,
) -> Result<Vec<Minion>, DbError> {
    let sql = include_str!("../../queries/target_member/minions.sql");
    tx.query(sql, &[&clusters, &minions, &with_grains]).await?.iter().map(Minion::from_row).collect()
}

/// The next minions after this one, in the order of their keys.
pub async fn minions_after(
    tx: &impl Session,
    (cluster, minion): (&str, &str),
    with_grains: bool,
    most: i64,
) -> Result<Vec<Minion>, DbError> {
    let sql = include_str!("../../queries/target_member/minions_after.sql");
    tx.query(sql, &[&cluster, &minion, &with_grains, &most]).await?.iter().map(Minion::from_row).collect()
}

/// What is kept of these minions (clusters and ids side by side).
pub async fn of_minions(tx: &impl Session, (clusters, minions): (&[&str], &[&str])) -> Result<Of, DbError> {
    let sql = include_str!("../../queries/target_member/of_minions.sql");
    tx.query(sql, &[&clusters, &minions]).await?.iter().map(of).collect()
}

/// What is kept in these groups of minions after the first and up to the last.
pub async fn between(
    tx: &impl Session,
    groups: &[i32],
    first: (&str, &str),
    last: (&str, &str),
) -> Result<Of, DbError> {
    let sql = include_str!("../../queries/target_member/between.sql");
    tx.query(sql, &[&groups, &first.0, &first.1, &last.0, &last.1]).await?.iter().map(of).collect()
}

fn of(row: &Row) -> Result<((String, String), Groups), DbError> {
    let groups: Vec<i32> = row.try_get("groups")?;
    let sure: Vec<bool> = row.try_get("sure")?;
    Ok(((row.try_get("cluster_id")?, row.try_get("minion_id")?), groups.into_iter().zip(sure).collect()))
}

/// Writes differences.
pub async fn write(tx: &impl Session, changes: &Changes) -> Result<(), DbError> {
    if !changes.gone.is_empty() {
        let group: Vec<i32> = changes.gone.iter().map(|one| one.0).collect();
        let cluster: Vec<&str> = changes.gone.iter().map(|one| one.1.as_str()).collect();
        let minion: Vec<&str> = changes.gone.iter().map(|one| one.2.as_str()).collect();
        let sql = include_str!("../../queries/target_member/drop.sql");
        tx.execute(sql, &[&group, &cluster, &minion]).await?;
    }
    if !changes.new.is_empty() {
        let rows: Vec<Vec<&(dyn ToSql + Sync)>> =
            changes.new.iter().map(|(g, c, m, s)| -> Vec<&(dyn ToSql + Sync)> { vec![g, c, m, s] }).collect();
        let types = [Type::INT4, Type::TEXT, Type::TEXT, Type::BOOL];
        tx.copy_rows(include_str!("../../queries/target_member/copy.sql"), &types, &rows).await?;
    }
    Ok(())
}

/// Forgets the members of a group that is gone.
pub async fn forget(tx: &impl Session, group_no: i32) -> Result<u64, DbError> {
    tx.execute(include_str!("../../queries/target_member/forget.sql"), &[&group_no]).await
}
