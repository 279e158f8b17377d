//! What routing must know of masters and minions, in two reads. Rules are elsewhere (crates/cluster).

use jiff::Timestamp;
use tokio_postgres::Row;
use uuid::Uuid;

use crate::{DbError, Only, Session};

/// A master as routing sees it.
#[derive(Clone, Debug)]
pub struct MasterRow {
    /// Our id.
    pub master_uuid: Uuid,
    /// Its id.
    pub master_id: String,
    /// Cluster.
    pub cluster_id: String,
    /// Kind of the cluster, as a word.
    pub kind: String,
    /// When its plugin last called.
    pub last_call_at: Option<Timestamp>,
    /// What it said of Salt then, as a word.
    pub salt_state: Option<String>,
    /// Present minions it holds; counted only where routing asks.
    pub present: i64,
    /// It has reported keys, so that who is not among them is not there.
    pub has_keys: bool,
}

/// A minion as routing sees it.
#[derive(Clone, Debug)]
pub struct MinionRow {
    /// Cluster.
    pub cluster_id: String,
    /// Minion.
    pub minion_id: String,
    /// Grains as JSON text, when asked for and known.
    pub grains: Option<String>,
    /// Newest sign of life.
    pub seen_at: Option<Timestamp>,
    /// The master that saw it.
    pub seen_by: Option<Uuid>,
    /// When it last did not answer there.
    pub silent_at: Option<Timestamp>,
    /// Its links.
    pub links: Vec<LinkRow>,
}

/// A minion as one master sees it.
#[derive(Clone, Copy, Debug)]
pub struct LinkRow {
    /// The master.
    pub master_uuid: Uuid,
    /// It holds an accepted key.
    pub key: bool,
    /// Newest sign of life there.
    pub seen_at: Option<Timestamp>,
    /// When it last did not answer there.
    pub silent_at: Option<Timestamp>,
    /// When it last attached itself there (start, auth).
    pub attached_at: Option<Timestamp>,
}

/// Masters of the clusters that `names` (cluster or master ids) mean; all when there are none.
/// Present minions are those seen after `present_since`; counted only when `count` says so.
pub async fn masters(
    client: &impl Session,
    names: Option<&[String]>,
    count: bool,
    present_since: Timestamp,
) -> Result<Vec<MasterRow>, DbError> {
    let sql = include_str!("../queries/routing/masters.sql");
    let rows = client.query(sql, &[&names, &count, &present_since]).await?;
    rows.iter()
        .map(|row| {
            Ok(MasterRow {
                master_uuid: row.try_get("master_uuid")?,
                master_id: row.try_get("master_id")?,
                cluster_id: row.try_get("cluster_id")?,
                kind: row.try_get("kind")?,
                last_call_at: row.try_get("last_call_at")?,
                salt_state: row.try_get("salt_state")?,
                present: row.try_get("present")?,
                has_keys: row.try_get("has_keys")?,
            })
        })
        .collect()
}

/// Minions of `clusters` that hold an accepted key somewhere; only `ids` when they are given.
pub async fn minions(
    client: &impl Session,
    clusters: &[String],
    ids: Option<&[String]>,
    with_grains: bool,
) -> Result<Vec<MinionRow>, DbError> {
    let sql = include_str!("../queries/routing/minions.sql");
    let rows = client.query(sql, &[&clusters, &ids, &with_grains]).await?;
    rows.iter().map(minion).collect()
}

fn minion(row: &Row) -> Result<MinionRow, DbError> {
    let masters: Vec<Uuid> = row.try_get("masters")?;
    let keys: Vec<bool> = row.try_get("keys")?;
    let seen: Vec<Option<Timestamp>> = row.try_get("seen")?;
    let silent: Vec<Option<Timestamp>> = row.try_get("silent")?;
    let attached: Vec<Option<Timestamp>> = row.try_get("attached")?;
    let links = masters.into_iter().zip(keys).zip(seen.into_iter().zip(silent).zip(attached));
    Ok(MinionRow {
        cluster_id: row.try_get("cluster_id")?,
        minion_id: row.try_get("minion_id")?,
        grains: row.try_get("grains")?,
        seen_at: row.try_get("seen_at")?,
        seen_by: row.try_get("seen_by")?,
        silent_at: row.try_get("silent_at")?,
        links: links
            .map(|((master_uuid, key), ((seen_at, silent_at), attached_at))| LinkRow {
                master_uuid,
                key,
                seen_at,
                silent_at,
                attached_at,
            })
            .collect(),
    })
}

/// Present minions of a cluster that `master` does not hold: how many, and the ids of the first `limit`. `live`: its live masters.
pub async fn elsewhere(
    client: &impl Session,
    (cluster_id, master): (&str, Uuid),
    live: &[Uuid],
    present_since: Timestamp,
    limit: i64,
) -> Result<(i64, Vec<String>), DbError> {
    let sql = include_str!("../queries/routing/elsewhere.sql");
    let rows = client.query(sql, &[&cluster_id, &master, &live, &present_since, &limit]).await?;
    let count = rows.first().map_or(Ok(0), |row| row.try_get("count"))?;
    Ok((count, rows.iter().map(|row| row.try_get("minion_id")).collect::<Result<_, _>>()?))
}

/// Minions with an accepted key, by master id.
pub async fn accepted(client: &impl Session, only: &Only) -> Result<Vec<(String, Vec<String>)>, DbError> {
    let sql = include_str!("../queries/routing/accepted.sql");
    let rows = client.query(sql, &[&only.clusters, &only.minions]).await?;
    rows.iter()
        .map(|row| Ok((row.try_get(0)?, row.try_get::<_, Option<Vec<String>>>(1)?.unwrap_or_default())))
        .collect()
}
