//! Minions by their grains: details, which grains there are, which values; and forgetting them.

use jiff::Timestamp;
use tokio_postgres::Row;

use super::{Fresh, counted};
use crate::{DbError, Only, Session};

/// Filters and order of [`details`]; patterns as of `pattern`.
#[derive(Clone, Copy, Debug)]
pub struct DetailSearch<'a> {
    /// Pattern of cluster, or master that they were last seen on.
    pub entity: Option<&'a str>,
    /// Pattern of the id.
    pub minion_id: Option<&'a str>,
    /// Grains that all must have, as a JSON object.
    pub grains: Option<&'a str>,
    /// `master_id`, or a grain; none: the id.
    pub sort_by: Option<&'a str>,
    /// Largest first.
    pub reverse: bool,
    /// -1: all.
    pub limit: i64,
    /// How many to leave out.
    pub offset: i64,
    /// Of these minions.
    pub only: &'a Only,
}

/// A minion with its grains.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Detail {
    /// Cluster.
    pub cluster_id: String,
    /// Minion.
    pub minion_id: String,
    /// Master that it was last seen on.
    pub master_id: Option<String>,
    /// When.
    pub seen_at: Option<Timestamp>,
    /// JSON.
    pub grains: Option<String>,
    /// When they last came.
    pub grains_at: Option<Timestamp>,
    /// present, lost, unknown.
    pub status: String,
}

/// One page of minions with their grains, and how many there are in all.
pub async fn details(
    client: &impl Session,
    fresh: Fresh<'_>,
    search: &DetailSearch<'_>,
) -> Result<(i64, Vec<Detail>), DbError> {
    let DetailSearch { entity, minion_id, grains, sort_by, reverse, limit, offset, only } = search;
    let sql = include_str!("../../queries/minion/details.sql");
    let rows = client
        .query(
            sql,
            &[
                &fresh.present,
                &fresh.from,
                entity,
                minion_id,
                grains,
                sort_by,
                reverse,
                limit,
                offset,
                &only.clusters,
                &only.minions,
            ],
        )
        .await?;
    counted(&rows, "minion_id", detail)
}

fn detail(row: &Row) -> Result<Detail, DbError> {
    Ok(Detail {
        cluster_id: row.try_get("cluster_id")?,
        minion_id: row.try_get("minion_id")?,
        master_id: row.try_get("master_id")?,
        seen_at: row.try_get("seen_at")?,
        grains: row.try_get("grains")?,
        grains_at: row.try_get("grains_at")?,
        status: row.try_get("status")?,
    })
}

/// Names of grains, each once; of minions of a master or cluster, whose id fits a pattern.
pub async fn grain_keys(
    client: &impl Session,
    entity: Option<&str>,
    minion_id: Option<&str>,
    only: &Only,
) -> Result<Vec<String>, DbError> {
    let sql = include_str!("../../queries/minion/grain_keys.sql");
    let rows = client.query(sql, &[&entity, &minion_id, &only.clusters, &only.minions]).await?;
    rows.iter().map(|row| Ok(row.try_get("key")?)).collect()
}

/// Values of one grain as JSON, each once.
pub async fn grain_values(
    client: &impl Session,
    key: &str,
    entity: Option<&str>,
    minion_id: Option<&str>,
    only: &Only,
) -> Result<Vec<String>, DbError> {
    let sql = include_str!("../../queries/minion/grain_values.sql");
    let rows = client.query(sql, &[&key, &entity, &minion_id, &only.clusters, &only.minions]).await?;
    rows.iter().map(|row| Ok(row.try_get("text")?)).collect()
}

/// Forgets grains of the minions of a master or cluster, of one minion, or of both. Returns of how many.
pub async fn forget_grains(
    client: &impl Session,
    entity: Option<&str>,
    minion_id: Option<&str>,
) -> Result<u64, DbError> {
    client.execute(include_str!("../../queries/minion/forget_grains.sql"), &[&entity, &minion_id]).await
}

/// Every minion that belongs to its cluster, as (cluster, minion).
pub async fn known(client: &impl Session) -> Result<Vec<(String, String)>, DbError> {
    let rows = client.query(include_str!("../../queries/minion/known.sql"), &[]).await?;
    rows.iter().map(|row| Ok((row.try_get("cluster_id")?, row.try_get("minion_id")?))).collect()
}
