//! Table `cluster`: groups of masters. A single master is a cluster of its own, named after it.

use jiff::Timestamp;
use raas_wire::ClusterKind;
use uuid::Uuid;

use crate::error::DbError;
use crate::session::Session;
use crate::word;

/// What is known of a cluster's name, apart from one master.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// Its kind.
    pub kind: ClusterKind,
    /// One of the accepted masters in it.
    pub other_master: Option<String>,
}

/// How many minions of a cluster have a presence on a master.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MinionCount {
    /// Cluster.
    pub cluster_id: String,
    /// Master that they were last seen on.
    pub seen_by: Option<Uuid>,
    /// present, lost, unknown.
    pub presence: String,
    /// How many.
    pub minions: i64,
}

/// A minion id for which the masters of a cluster hold different keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyConflict {
    /// Cluster.
    pub cluster_id: String,
    /// Minion.
    pub minion_id: String,
    /// `<master> has <fingerprint>`, by master.
    pub held: Vec<String>,
    /// Fingerprint of the key that was accepted for the cluster, through raas.
    pub desired: Option<String>,
    /// How many such ids the cluster has.
    pub count: i64,
}

/// A minion id of a failover cluster that some of its masters accepted, and some did not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MissingKey {
    /// Cluster.
    pub cluster_id: String,
    /// Minion.
    pub minion_id: String,
    /// Masters without an accepted key of it.
    pub lacking: Vec<String>,
    /// How many such ids the cluster has.
    pub count: i64,
}

/// A minion that moves between its masters all the time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flapping {
    /// Cluster.
    pub cluster_id: String,
    /// Minion.
    pub minion_id: String,
    /// How often it moved in the time that was asked for; of many, the last ten are known.
    pub moves: i64,
    /// How many such minions the cluster has.
    pub count: i64,
}

/// Makes the cluster, or gives it its new kind.
pub async fn make(
    tx: &impl Session,
    cluster_id: &str,
    kind: ClusterKind,
    now: Timestamp,
) -> Result<(), DbError> {
    let sql = include_str!("../queries/cluster/make.sql");
    tx.execute(sql, &[&cluster_id, &kind.as_str(), &now]).await.map(drop)
}

/// Ends a cluster that has no master left. True: it ended.
pub async fn drop_empty(tx: &impl Session, cluster_id: &str) -> Result<bool, DbError> {
    Ok(tx.execute(include_str!("../queries/cluster/drop_empty.sql"), &[&cluster_id]).await? > 0)
}

/// What is known of this cluster, apart from this master.
pub async fn known(
    client: &impl Session,
    cluster_id: &str,
    apart_from: &str,
) -> Result<Option<Known>, DbError> {
    let row =
        client.query_opt(include_str!("../queries/cluster/known.sql"), &[&cluster_id, &apart_from]).await?;
    row.map(|row| Ok(Known { kind: word::kind(&row)?, other_master: row.try_get("other_master")? }))
        .transpose()
}

/// One page of clusters by id, and how many there are in all.
pub async fn page(
    client: &impl Session,
    (cluster_id, kind): (Option<&str>, Option<ClusterKind>),
    (limit, offset): (i64, i64),
) -> Result<(i64, Vec<(String, ClusterKind)>), DbError> {
    let kind = kind.map(ClusterKind::as_str);
    let count = client.query_one(include_str!("../queries/cluster/count.sql"), &[&cluster_id, &kind]).await?;
    let sql = include_str!("../queries/cluster/page.sql");
    let rows = client.query(sql, &[&cluster_id, &kind, &limit, &offset]).await?;
    let mut clusters = Vec::with_capacity(rows.len());
    for row in &rows {
        clusters.push((row.try_get("cluster_id")?, word::kind(row)?));
    }
    Ok((count.try_get("count")?, clusters))
}

/// Minions of these clusters, or of all, each counted once.
pub async fn minion_counts(
    client: &impl Session,
    clusters: Option<&[String]>,
    present: &[Uuid],
    fresh_from: Timestamp,
) -> Result<Vec<MinionCount>, DbError> {
    let sql = include_str!("../queries/cluster/minion_counts.sql");
    let rows = client.query_anew(sql, &[&clusters, &present, &fresh_from]).await?;
    rows.iter()
        .map(|row| {
            Ok(MinionCount {
                cluster_id: row.try_get("cluster_id")?,
                seen_by: row.try_get("seen_by")?,
                presence: row.try_get("presence")?,
                minions: row.try_get("minions")?,
            })
        })
        .collect()
}

/// Present minions that each present master of these clusters holds; hot-hot clusters only.
pub async fn held(
    client: &impl Session,
    clusters: &[String],
    present: &[Uuid],
    fresh_from: Timestamp,
) -> Result<Vec<(Uuid, i64)>, DbError> {
    let sql = include_str!("../queries/cluster/held.sql");
    let rows = client.query(sql, &[&clusters, &present, &fresh_from]).await?;
    rows.iter().map(|row| Ok((row.try_get("master_uuid")?, row.try_get("minions")?))).collect()
}

/// Minion ids with different keys, at most three per cluster.
pub async fn key_conflicts(client: &impl Session, clusters: &[String]) -> Result<Vec<KeyConflict>, DbError> {
    let rows = client.query(include_str!("../queries/cluster/key_conflicts.sql"), &[&clusters]).await?;
    rows.iter()
        .map(|row| {
            Ok(KeyConflict {
                cluster_id: row.try_get("cluster_id")?,
                minion_id: row.try_get("minion_id")?,
                held: row.try_get("held")?,
                desired: row.try_get("desired")?,
                count: row.try_get("count")?,
            })
        })
        .collect()
}

/// Minion ids that some masters accepted and some did not, at most three per cluster; failover clusters only.
pub async fn missing_keys(client: &impl Session, clusters: &[String]) -> Result<Vec<MissingKey>, DbError> {
    let rows = client.query(include_str!("../queries/cluster/missing_keys.sql"), &[&clusters]).await?;
    rows.iter()
        .map(|row| {
            Ok(MissingKey {
                cluster_id: row.try_get("cluster_id")?,
                minion_id: row.try_get("minion_id")?,
                lacking: row.try_get("lacking")?,
                count: row.try_get("count")?,
            })
        })
        .collect()
}

/// Minions that moved at least `times` times since then, at most three per cluster, the worst first.
pub async fn flapping(
    client: &impl Session,
    clusters: &[String],
    since: Timestamp,
    times: i32,
) -> Result<Vec<Flapping>, DbError> {
    let sql = include_str!("../queries/cluster/flapping.sql");
    let rows = client.query(sql, &[&clusters, &since, &times]).await?;
    rows.iter()
        .map(|row| {
            Ok(Flapping {
                cluster_id: row.try_get("cluster_id")?,
                minion_id: row.try_get("minion_id")?,
                moves: row.try_get("moves")?,
                count: row.try_get("count")?,
            })
        })
        .collect()
}

/// The keys of minions of these clusters are to be compared then, or earlier.
pub async fn look_at_keys(tx: &impl Session, clusters: &[&str], at: Timestamp) -> Result<u64, DbError> {
    tx.execute(include_str!("../queries/cluster/look_at_keys.sql"), &[&clusters, &at]).await
}

/// Clusters whose keys are to be compared now; held until the transaction ends.
pub async fn keys_due(tx: &impl Session, now: Timestamp, limit: i64) -> Result<Vec<String>, DbError> {
    let rows = tx.query(include_str!("../queries/cluster/keys_due.sql"), &[&now, &limit]).await?;
    rows.iter().map(|row| Ok(row.try_get("cluster_id")?)).collect()
}

/// They were compared; when they are next.
pub async fn keys_looked(
    tx: &impl Session,
    cluster_id: &str,
    next: Option<Timestamp>,
) -> Result<(), DbError> {
    tx.execute(include_str!("../queries/cluster/keys_looked.sql"), &[&cluster_id, &next]).await.map(drop)
}
