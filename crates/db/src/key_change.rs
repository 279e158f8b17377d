//! Table `key_change`: changes of minions' keys that masters are asked for, until they are seen there.

use jiff::Timestamp;
use uuid::Uuid;

use crate::error::DbError;
use crate::session::Session;

/// A change that one master is asked for; at most one per minion and master in a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// Cluster.
    pub cluster_id: String,
    /// Minion, about which something is decided.
    pub minion_id: String,
    /// Master.
    pub master_uuid: Uuid,
    /// accept, reject, delete.
    pub action: &'static str,
    /// The delivery; none: when the master is there.
    pub delivery_id: Option<Uuid>,
}

/// Masters are asked for these.
pub async fn ask(tx: &impl Session, asked: &[Asked], now: Timestamp) -> Result<(), DbError> {
    if asked.is_empty() {
        return Ok(());
    }
    let clusters: Vec<_> = asked.iter().map(|one| one.cluster_id.as_str()).collect();
    let minions: Vec<_> = asked.iter().map(|one| one.minion_id.as_str()).collect();
    let masters: Vec<_> = asked.iter().map(|one| one.master_uuid).collect();
    let actions: Vec<_> = asked.iter().map(|one| one.action).collect();
    let deliveries: Vec<_> = asked.iter().map(|one| one.delivery_id).collect();
    let sql = include_str!("../queries/key_change/ask.sql");
    tx.execute(sql, &[&now, &clusters, &minions, &masters, &actions, &deliveries]).await.map(drop)
}

/// What a master says of one change: made, or why not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer<'a> {
    /// The delivery; an answer to an earlier one says nothing any more.
    pub delivery_id: Uuid,
    /// Minion.
    pub minion_id: &'a str,
    /// Why it was not made.
    pub error: Option<String>,
}

/// A master answered.
pub async fn answered(
    tx: &impl Session,
    master_uuid: Uuid,
    answers: &[Answer<'_>],
    now: Timestamp,
) -> Result<(), DbError> {
    let deliveries: Vec<_> = answers.iter().map(|one| one.delivery_id).collect();
    let minions: Vec<_> = answers.iter().map(|one| one.minion_id).collect();
    let errors: Vec<_> = answers.iter().map(|one| one.error.as_deref()).collect();
    let sql = include_str!("../queries/key_change/answered.sql");
    tx.execute(sql, &[&now, &master_uuid, &deliveries, &minions, &errors]).await.map(drop)
}

/// Ends what is as desired, on all masters of a cluster or on one. Unanswered ones only when they were tried before then.
pub async fn settle(
    tx: &impl Session,
    cluster_id: &str,
    master_uuid: Option<Uuid>,
    tried_before: Timestamp,
) -> Result<u64, DbError> {
    let sql = include_str!("../queries/key_change/settle.sql");
    tx.execute(sql, &[&cluster_id, &master_uuid, &tried_before]).await
}

/// A change that does not come about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stuck {
    /// Cluster.
    pub cluster_id: String,
    /// Minion.
    pub minion_id: String,
    /// Master.
    pub master_id: String,
    /// accept, reject, delete.
    pub action: String,
    /// What the master says.
    pub error: Option<String>,
    /// How many such changes the cluster has.
    pub count: i64,
}

/// Changes that present masters refused, or that were asked for before then; at most three per cluster.
pub async fn stuck(
    client: &impl Session,
    clusters: &[String],
    present: &[Uuid],
    since: Timestamp,
) -> Result<Vec<Stuck>, DbError> {
    let sql = include_str!("../queries/key_change/stuck.sql");
    let rows = client.query(sql, &[&clusters, &present, &since]).await?;
    rows.iter()
        .map(|row| {
            Ok(Stuck {
                cluster_id: row.try_get("cluster_id")?,
                minion_id: row.try_get("minion_id")?,
                master_id: row.try_get("master_id")?,
                action: row.try_get("action")?,
                error: row.try_get("error")?,
                count: row.try_get("count")?,
            })
        })
        .collect()
}

/// Masters that may still make an earlier change of these minions' keys, as (cluster, minion, master id).
pub async fn unanswered(
    tx: &impl Session,
    pairs: &[(&str, &str)],
) -> Result<Vec<(String, String, String)>, DbError> {
    let (clusters, minions): (Vec<_>, Vec<_>) = pairs.iter().copied().unzip();
    let rows = tx.query(include_str!("../queries/key_change/unanswered.sql"), &[&clusters, &minions]).await?;
    rows.iter()
        .map(|row| Ok((row.try_get("cluster_id")?, row.try_get("minion_id")?, row.try_get("master_id")?)))
        .collect()
}
