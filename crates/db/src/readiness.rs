//! Tables `readiness_check` and `readiness`: what the minions of a cluster said of their configuration when they were asked.

use jiff::Timestamp;
use raas_wire::ClusterKind;

use crate::error::DbError;
use crate::session::Session;
use crate::word;

/// A check begins.
pub async fn start(
    client: &impl Session,
    cluster_id: &str,
    jid: &str,
    now: Timestamp,
) -> Result<(), DbError> {
    client.execute(include_str!("../queries/readiness/start.sql"), &[&cluster_id, &jid, &now]).await.map(drop)
}

/// A check that can be judged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Due {
    /// Cluster.
    pub cluster_id: String,
    /// Its kind.
    pub kind: ClusterKind,
    /// Its accepted masters.
    pub masters: i64,
    /// Jid of the check.
    pub jid: String,
    /// When it began.
    pub started_at: Timestamp,
}

/// Checks whose answers are all there, or will not come; held until the transaction ends.
pub async fn due(tx: &impl Session, limit: i64) -> Result<Vec<Due>, DbError> {
    let rows = tx.query(include_str!("../queries/readiness/due.sql"), &[&limit]).await?;
    rows.iter()
        .map(|row| {
            Ok(Due {
                cluster_id: row.try_get("cluster_id")?,
                kind: word::kind(row)?,
                masters: row.try_get("masters")?,
                jid: row.try_get("jid")?,
                started_at: row.try_get("started_at")?,
            })
        })
        .collect()
}

/// What came of asking one minion.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// Minion.
    pub minion_id: String,
    /// State of its outcome, as a word.
    pub state: String,
    /// Why.
    pub reason: String,
    /// What it returned, packed as in `body`.
    pub body: Option<Vec<u8>>,
}

/// What came of a check.
pub async fn answers(tx: &impl Session, jid: &str, cluster_id: &str) -> Result<Vec<Answer>, DbError> {
    let rows = tx.query(include_str!("../queries/readiness/answers.sql"), &[&jid, &cluster_id]).await?;
    rows.iter()
        .map(|row| {
            Ok(Answer {
                minion_id: row.try_get("minion_id")?,
                state: row.try_get("state")?,
                reason: row.try_get("reason")?,
                body: row.try_get("body")?,
            })
        })
        .collect()
}

/// What one minion said: settings as JSON, or why there are none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// Minion.
    pub minion_id: String,
    /// JSON.
    pub settings: Option<String>,
    /// A clause.
    pub problem: Option<String>,
}

/// A check is judged: what the minions said, and the findings as JSON.
pub async fn judged(
    tx: &impl Session,
    cluster_id: &str,
    said: &[Said],
    findings: &str,
    now: Timestamp,
) -> Result<(), DbError> {
    let minions: Vec<_> = said.iter().map(|one| one.minion_id.as_str()).collect();
    let settings: Vec<_> = said.iter().map(|one| one.settings.as_deref()).collect();
    let problems: Vec<_> = said.iter().map(|one| one.problem.as_deref()).collect();
    let sql = include_str!("../queries/readiness/save.sql");
    tx.execute(sql, &[&cluster_id, &now, &minions, &settings, &problems]).await?;
    let sql = include_str!("../queries/readiness/judged.sql");
    tx.execute(sql, &[&cluster_id, &now, &findings]).await.map(drop)
}

/// The last check of a cluster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// Cluster.
    pub cluster_id: String,
    /// Jid.
    pub jid: String,
    /// When it began.
    pub started_at: Timestamp,
    /// Its answers are awaited; the findings are those of the check before.
    pub open: bool,
    /// When the findings were made.
    pub judged_at: Option<Timestamp>,
    /// The findings, as JSON.
    pub findings: String,
}

/// The last checks of these clusters.
pub async fn checks(client: &impl Session, clusters: &[String]) -> Result<Vec<Check>, DbError> {
    let rows = client.query(include_str!("../queries/readiness/checks.sql"), &[&clusters]).await?;
    rows.iter()
        .map(|row| {
            Ok(Check {
                cluster_id: row.try_get("cluster_id")?,
                jid: row.try_get("jid")?,
                started_at: row.try_get("started_at")?,
                open: row.try_get("open")?,
                judged_at: row.try_get("judged_at")?,
                findings: row.try_get("findings")?,
            })
        })
        .collect()
}

/// What one minion said last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OfMinion {
    /// Minion.
    pub minion_id: String,
    /// When it was asked last.
    pub asked_at: Timestamp,
    /// What it said last, as JSON.
    pub settings: Option<String>,
    /// When.
    pub said_at: Option<Timestamp>,
    /// Why it said nothing when it was asked last.
    pub problem: Option<String>,
}

/// What the minions of a cluster said.
pub async fn minions(client: &impl Session, cluster_id: &str) -> Result<Vec<OfMinion>, DbError> {
    let rows = client.query(include_str!("../queries/readiness/minions.sql"), &[&cluster_id]).await?;
    rows.iter()
        .map(|row| {
            Ok(OfMinion {
                minion_id: row.try_get("minion_id")?,
                asked_at: row.try_get("asked_at")?,
                settings: row.try_get("settings")?,
                said_at: row.try_get("said_at")?,
                problem: row.try_get("problem")?,
            })
        })
        .collect()
}
