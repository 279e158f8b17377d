//! Open outcomes that move on or end without a return.

use jiff::{Timestamp, civil::Date};
use uuid::Uuid;

use super::delta;
use crate::{DbError, Session, command::Delta};

/// A master took a job for this minion.
#[derive(Clone, Debug)]
pub struct Deliver {
    /// Day of the jid.
    pub day: Date,
    /// Jid.
    pub jid: String,
    /// Minion.
    pub minion_id: String,
    /// When the minion is asked.
    pub deadline: Timestamp,
}

/// A step of one open outcome.
#[derive(Clone, Debug)]
pub struct Change {
    /// Day of the jid.
    pub day: Date,
    /// Cluster.
    pub cluster_id: String,
    /// Jid.
    pub jid: String,
    /// Minion.
    pub minion_id: String,
    /// New state.
    pub state: &'static str,
    /// Why.
    pub reason: String,
    /// When to look again; none when it ended.
    pub deadline: Option<Timestamp>,
    /// How often it was asked about.
    pub asked: i32,
    /// Since when masters that were asked do not hold the minion.
    pub unheld_since: Option<Timestamp>,
}

/// Marks outcomes as delivered through `master`; unexpected minions are expected from now on. One entry per (jid, minion).
pub async fn deliver(
    client: &impl Session,
    cluster_id: &str,
    master: Uuid,
    reason: &str,
    now: Timestamp,
    to: &[Deliver],
) -> Result<Vec<Delta>, DbError> {
    if to.is_empty() {
        return Ok(Vec::new());
    }
    let sql = include_str!("../../queries/outcome/deliver.sql");
    let days: Vec<_> = to.iter().map(|d| d.day).collect();
    let jids: Vec<_> = to.iter().map(|d| d.jid.as_str()).collect();
    let minions: Vec<_> = to.iter().map(|d| d.minion_id.as_str()).collect();
    let deadlines: Vec<_> = to.iter().map(|d| d.deadline).collect();
    let rows =
        client.query(sql, &[&days, &jids, &minions, &deadlines, &cluster_id, &reason, &master, &now]).await?;
    rows.iter().map(delta).collect()
}

/// Moves open outcomes on, or ends them. Ended ones stay as they are.
pub async fn change(
    client: &impl Session,
    now: Timestamp,
    changes: &[Change],
) -> Result<Vec<Delta>, DbError> {
    if changes.is_empty() {
        return Ok(Vec::new());
    }
    let sql = include_str!("../../queries/outcome/change.sql");
    let days: Vec<_> = changes.iter().map(|c| c.day).collect();
    let clusters: Vec<_> = changes.iter().map(|c| c.cluster_id.as_str()).collect();
    let jids: Vec<_> = changes.iter().map(|c| c.jid.as_str()).collect();
    let minions: Vec<_> = changes.iter().map(|c| c.minion_id.as_str()).collect();
    let states: Vec<_> = changes.iter().map(|c| c.state).collect();
    let reasons: Vec<_> = changes.iter().map(|c| c.reason.as_str()).collect();
    let deadlines: Vec<_> = changes.iter().map(|c| c.deadline).collect();
    let asked: Vec<_> = changes.iter().map(|c| c.asked).collect();
    let unheld: Vec<_> = changes.iter().map(|c| c.unheld_since).collect();
    let rows = client
        .query(
            sql,
            &[&days, &clusters, &jids, &minions, &states, &reasons, &deadlines, &asked, &now, &unheld],
        )
        .await?;
    rows.iter().map(delta).collect()
}

/// An open outcome about which nothing can be said yet.
#[derive(Clone, Debug)]
pub struct Wait {
    /// Day of the jid.
    pub day: Date,
    /// Cluster.
    pub cluster_id: String,
    /// Jid.
    pub jid: String,
    /// Minion.
    pub minion_id: String,
    /// When to look again.
    pub until: Timestamp,
}

/// Looks at open outcomes again later; nothing else of them changes.
pub async fn wait(client: &impl Session, waits: &[Wait]) -> Result<(), DbError> {
    if waits.is_empty() {
        return Ok(());
    }
    let sql = include_str!("../../queries/outcome/wait.sql");
    let days: Vec<_> = waits.iter().map(|w| w.day).collect();
    let clusters: Vec<_> = waits.iter().map(|w| w.cluster_id.as_str()).collect();
    let jids: Vec<_> = waits.iter().map(|w| w.jid.as_str()).collect();
    let minions: Vec<_> = waits.iter().map(|w| w.minion_id.as_str()).collect();
    let until: Vec<_> = waits.iter().map(|w| w.until).collect();
    client.execute(sql, &[&days, &clusters, &jids, &minions, &until]).await.map(drop)
}

/// A run that nobody claimed goes to another master.
#[derive(Clone, Debug)]
pub struct MoveRun<'a> {
    /// Day of the jid.
    pub day: Date,
    /// Cluster.
    pub cluster_id: &'a str,
    /// Jid.
    pub jid: &'a str,
    /// Id of the master that it goes from.
    pub from: &'a str,
    /// Id of the master that it goes to.
    pub to: &'a str,
    /// The master that it goes to.
    pub to_uuid: Uuid,
    /// Why.
    pub reason: &'a str,
    /// When to look at it.
    pub deadline: Timestamp,
}

/// Moves the outcome of a run. False: it is not queued any more, or that master has one already.
pub async fn move_run(client: &impl Session, run: &MoveRun<'_>, now: Timestamp) -> Result<bool, DbError> {
    let MoveRun { day, cluster_id, jid, from, to, to_uuid, reason, deadline } = run;
    let sql = include_str!("../../queries/outcome/move_run.sql");
    let moved =
        client.execute(sql, &[day, cluster_id, jid, from, to, to_uuid, reason, deadline, &now]).await?;
    Ok(moved == 1)
}
