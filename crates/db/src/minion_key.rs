//! Table `minion_key`: keys of minions as their cluster is to have them. Who is asked for what is in `key_change`.

use jiff::Timestamp;
use tokio_postgres::Row;
use uuid::Uuid;

use crate::error::DbError;
use crate::link::Key;
use crate::minion::{Teller, counted};
use crate::only::Only;
use crate::session::Session;

/// A decision; at most one per minion in a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// Cluster.
    pub cluster_id: String,
    /// Minion.
    pub minion_id: String,
    /// accepted, rejected, absent.
    pub desired: &'static str,
    /// Fingerprint and PEM of the key.
    pub key: Option<(String, String)>,
}

/// An operator decided.
pub async fn decide(
    tx: &impl Session,
    decisions: &[Decision],
    by: &str,
    now: Timestamp,
) -> Result<(), DbError> {
    let clusters: Vec<_> = decisions.iter().map(|one| one.cluster_id.as_str()).collect();
    let minions: Vec<_> = decisions.iter().map(|one| one.minion_id.as_str()).collect();
    let desired: Vec<_> = decisions.iter().map(|one| one.desired).collect();
    let fingerprints: Vec<_> =
        decisions.iter().map(|one| one.key.as_ref().map(|key| key.0.as_str())).collect();
    let pems: Vec<_> = decisions.iter().map(|one| one.key.as_ref().map(|key| key.1.as_str())).collect();
    let sql = include_str!("../queries/minion_key/decide.sql");
    tx.execute(sql, &[&now, &by, &clusters, &minions, &desired, &fingerprints, &pems]).await.map(drop)
}

/// What was decided about a minion's key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decided {
    /// Cluster.
    pub cluster_id: String,
    /// Minion.
    pub minion_id: String,
    /// accepted, rejected, absent.
    pub desired: String,
    /// SHA-256 of the PEM text, hex.
    pub fingerprint: Option<String>,
    /// PEM.
    pub public_key: Option<String>,
    /// When.
    pub decided_at: Timestamp,
    /// By whom.
    pub decided_by: String,
    /// Since when, and why, nothing is written any more.
    pub suspended: Option<(Timestamp, String)>,
}

/// What was decided about these minions, given as (cluster, minion).
pub async fn of_minions(client: &impl Session, pairs: &[(&str, &str)]) -> Result<Vec<Decided>, DbError> {
    let (clusters, minions): (Vec<_>, Vec<_>) = pairs.iter().copied().unzip();
    let sql = include_str!("../queries/minion_key/of_minions.sql");
    let rows = client.query(sql, &[&clusters, &minions]).await?;
    rows.iter()
        .map(|row| {
            let suspended: (Option<Timestamp>, Option<String>) =
                (row.try_get("suspended_at")?, row.try_get("suspended_why")?);
            Ok(Decided {
                cluster_id: row.try_get("cluster_id")?,
                minion_id: row.try_get("minion_id")?,
                desired: row.try_get("desired")?,
                fingerprint: row.try_get("fingerprint")?,
                public_key: row.try_get("public_key")?,
                decided_at: row.try_get("decided_at")?,
                decided_by: row.try_get("decided_by")?,
                suspended: suspended.0.map(|at| (at, suspended.1.unwrap_or_default())),
            })
        })
        .collect()
}

/// Before new key lists of a master replace the old ones: suspends what was changed there by other hands.
/// Returns the minions.
pub async fn suspend(
    tx: &impl Session,
    (by, master_id): (Teller<'_>, &str),
    keys: &[Key<'_>],
    at: Timestamp,
) -> Result<Vec<String>, DbError> {
    let id: Vec<_> = keys.iter().map(|key| key.minion_id).collect();
    let state: Vec<_> = keys.iter().map(|key| key.key_state).collect();
    let fingerprint: Vec<_> = keys.iter().map(|key| key.fingerprint).collect();
    let sql = include_str!("../queries/minion_key/suspend.sql");
    let rows =
        tx.query(sql, &[&by.cluster_id, &by.master_uuid, &id, &state, &fingerprint, &at, &master_id]).await?;
    rows.iter().map(|row| Ok(row.try_get("minion_id")?)).collect()
}

/// A minion's key on one master, where it may not be as desired.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Differing {
    /// Minion.
    pub minion_id: String,
    /// Master.
    pub master_uuid: Uuid,
    /// accepted, rejected, absent.
    pub desired: String,
    /// Of the key that was decided about.
    pub desired_fingerprint: Option<String>,
    /// Of the key that was decided about.
    pub public_key: Option<String>,
    /// When.
    pub decided_at: Timestamp,
    /// State of the key there.
    pub key_state: Option<String>,
    /// Its fingerprint.
    pub fingerprint: Option<String>,
    /// Since when it is so.
    pub key_at: Option<Timestamp>,
    /// When that master was last asked for a change.
    pub tried_at: Option<Timestamp>,
    /// How often.
    pub tries: i32,
    /// It has not said that the change is made.
    pub unanswered: bool,
}

impl Differing {
    fn from_row(row: &Row) -> Result<Self, DbError> {
        Ok(Self {
            minion_id: row.try_get("minion_id")?,
            master_uuid: row.try_get("master_uuid")?,
            desired: row.try_get("desired")?,
            desired_fingerprint: row.try_get("desired_fingerprint")?,
            public_key: row.try_get("public_key")?,
            decided_at: row.try_get("decided_at")?,
            key_state: row.try_get("key_state")?,
            fingerprint: row.try_get("fingerprint")?,
            key_at: row.try_get("key_at")?,
            tried_at: row.try_get("tried_at")?,
            tries: row.try_get("tries")?,
            unanswered: row.try_get("unanswered")?,
        })
    }
}

/// Where the keys of a cluster may not be as desired, on these of its masters.
pub async fn differing(
    tx: &impl Session,
    cluster_id: &str,
    present: &[Uuid],
    limit: i64,
) -> Result<Vec<Differing>, DbError> {
    let sql = include_str!("../queries/minion_key/differing.sql");
    tx.query(sql, &[&cluster_id, &present, &limit]).await?.iter().map(Differing::from_row).collect()
}

/// Forgets decisions to delete that are carried out everywhere.
pub async fn forget_absent(tx: &impl Session, cluster_id: &str) -> Result<u64, DbError> {
    tx.execute(include_str!("../queries/minion_key/forget_absent.sql"), &[&cluster_id]).await
}

/// A minion whose key nobody spreads any more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suspended {
    /// Cluster.
    pub cluster_id: String,
    /// Minion.
    pub minion_id: String,
    /// A sentence.
    pub why: String,
    /// How many such ids the cluster has.
    pub count: i64,
}

/// Suspended ids, at most three per cluster, the newest first.
pub async fn suspended(client: &impl Session, clusters: &[String]) -> Result<Vec<Suspended>, DbError> {
    let rows = client.query(include_str!("../queries/minion_key/suspended.sql"), &[&clusters]).await?;
    rows.iter()
        .map(|row| {
            Ok(Suspended {
                cluster_id: row.try_get("cluster_id")?,
                minion_id: row.try_get("minion_id")?,
                why: row.try_get::<_, Option<String>>("suspended_why")?.unwrap_or_default(),
                count: row.try_get("count")?,
            })
        })
        .collect()
}

/// Which rows of the matrix.
#[derive(Clone, Copy, Debug)]
pub struct Search<'a> {
    /// Cluster, or a master of it.
    pub entity: Option<&'a str>,
    /// Pattern of the minion's id.
    pub minion_id: Option<&'a str>,
    /// Only what an operator should look at.
    pub needs_decision: bool,
    /// -1: all.
    pub limit: i64,
    /// How many to leave out.
    pub offset: i64,
    /// Of these minions.
    pub only: &'a Only,
}

/// A row of the matrix, as (cluster, minion, masters hold different keys).
pub type MatrixRow = (String, String, bool);

/// One page of the matrix' rows, and how many there are in all.
pub async fn page(client: &impl Session, search: &Search<'_>) -> Result<(i64, Vec<MatrixRow>), DbError> {
    let Search { entity, minion_id, needs_decision, limit, offset, only } = search;
    let sql = include_str!("../queries/minion_key/page.sql");
    let rows = client
        .query_anew(sql, &[entity, minion_id, needs_decision, limit, offset, &only.clusters, &only.minions])
        .await?;
    counted(&rows, "minion_id", |row| {
        Ok((row.try_get("cluster_id")?, row.try_get("minion_id")?, row.try_get("conflict")?))
    })
}

/// One cell of the matrix: a minion's key on one master.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MatrixCell {
    /// Cluster.
    pub cluster_id: String,
    /// Minion.
    pub minion_id: String,
    /// Master.
    pub master_id: String,
    /// The master has told its keys.
    pub told: bool,
    /// accepted, pending, rejected, denied.
    pub key_state: Option<String>,
    /// SHA-256 of the PEM text, hex.
    pub fingerprint: Option<String>,
    /// Since when.
    pub since: Option<Timestamp>,
    /// Of a denied key beside it.
    pub denied_fingerprint: Option<String>,
    /// accept, reject, delete: what the master is asked for.
    pub action: Option<String>,
    /// Since when.
    pub change_since: Option<Timestamp>,
    /// Last try.
    pub tried_at: Option<Timestamp>,
    /// Why it was not made.
    pub error: Option<String>,
}

/// The cells of these rows, given as (cluster, minion).
pub async fn cells(client: &impl Session, pairs: &[(&str, &str)]) -> Result<Vec<MatrixCell>, DbError> {
    let (clusters, minions): (Vec<_>, Vec<_>) = pairs.iter().copied().unzip();
    let rows = client.query(include_str!("../queries/minion_key/cells.sql"), &[&clusters, &minions]).await?;
    rows.iter()
        .map(|row| {
            Ok(MatrixCell {
                cluster_id: row.try_get("cluster_id")?,
                minion_id: row.try_get("minion_id")?,
                master_id: row.try_get("master_id")?,
                told: row.try_get("told")?,
                key_state: row.try_get("key_state")?,
                fingerprint: row.try_get("fingerprint")?,
                since: row.try_get("key_at")?,
                denied_fingerprint: row.try_get("denied_fingerprint")?,
                action: row.try_get("action")?,
                change_since: row.try_get("change_since")?,
                tried_at: row.try_get("tried_at")?,
                error: row.try_get("error")?,
            })
        })
        .collect()
}
