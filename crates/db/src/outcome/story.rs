//! One outcome with all that it was: for the one who asks why.

use jiff::{Timestamp, civil::Date};
use uuid::Uuid;

use crate::{DbError, Session};

/// One outcome as it stands.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// Day of the jid.
    pub day: Date,
    /// Cluster.
    pub cluster_id: String,
    /// Minion, or the master of a runner or wheel.
    pub minion_id: String,
    /// State, as a word.
    pub state: String,
    /// Why.
    pub reason: String,
    /// Whose witness decided it; until then the master it was given to.
    pub master_uuid: Option<Uuid>,
    /// Return code.
    pub retcode: Option<i64>,
    /// Returned after it had ended without a return.
    pub late: bool,
    /// Two different returns came.
    pub ran_twice: bool,
    /// The plan did not expect it.
    pub unexpected: bool,
    /// How many masters saw the return.
    pub witnesses: i32,
    /// When it was first expected.
    pub created_at: Timestamp,
    /// Last change.
    pub changed_at: Timestamp,
    /// When the reconciler looks at it; none when it ended.
    pub deadline: Option<Timestamp>,
    /// Since when masters that were asked do not hold the minion.
    pub unheld_since: Option<Timestamp>,
    /// Changes that are not kept: they came after the first four.
    pub left_out: i32,
}

/// What an outcome was from a moment on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Was {
    /// From when.
    pub at: Timestamp,
    /// State, as a word.
    pub state: String,
    /// Why.
    pub reason: String,
    /// The master it had to do with.
    pub master_uuid: Option<Uuid>,
    /// Returned after it had ended without a return.
    pub late: bool,
    /// Two different returns came.
    pub ran_twice: bool,
}

/// The outcomes of one minion in one command: one per cluster that has a minion of this id; of `cluster_id` only, when given.
pub async fn get(
    client: &impl Session,
    jid: &str,
    minion_id: &str,
    cluster_id: Option<&str>,
) -> Result<Vec<Outcome>, DbError> {
    let sql = include_str!("../../queries/outcome/get.sql");
    let rows = client.query(sql, &[&jid, &minion_id, &cluster_id]).await?;
    rows.iter()
        .map(|row| {
            Ok(Outcome {
                day: row.try_get("day")?,
                cluster_id: row.try_get("cluster_id")?,
                minion_id: row.try_get("minion_id")?,
                state: row.try_get("state")?,
                reason: row.try_get("reason")?,
                master_uuid: row.try_get("master_uuid")?,
                retcode: row.try_get("retcode")?,
                late: row.try_get("late")?,
                ran_twice: row.try_get("ran_twice")?,
                unexpected: row.try_get("unexpected")?,
                witnesses: row.try_get("witnesses")?,
                created_at: row.try_get("created_at")?,
                changed_at: row.try_get("changed_at")?,
                deadline: row.try_get("deadline")?,
                unheld_since: row.try_get("unheld_since")?,
                left_out: row.try_get("left_out")?,
            })
        })
        .collect()
}

/// Every change of an outcome, oldest first; the last is what it is now.
pub async fn changes(
    client: &impl Session,
    (day, cluster_id, jid): (Date, &str, &str),
    minion_id: &str,
) -> Result<Vec<Was>, DbError> {
    let sql = include_str!("../../queries/outcome/changes.sql");
    let rows = client.query(sql, &[&day, &cluster_id, &jid, &minion_id]).await?;
    rows.iter()
        .map(|row| {
            Ok(Was {
                at: row.try_get("at")?,
                state: row.try_get("state")?,
                reason: row.try_get("reason")?,
                master_uuid: row.try_get("master_uuid")?,
                late: row.try_get("late")?,
                ran_twice: row.try_get("ran_twice")?,
            })
        })
        .collect()
}
