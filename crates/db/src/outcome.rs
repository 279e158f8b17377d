//! Table `outcome`: the one answer for (jid, minion). Whoever writes here holds the rows of the commands (`command::lock`).

mod change;
mod returned;
mod search;
mod story;

use jiff::{Timestamp, civil::Date};
use tokio_postgres::Row;
use uuid::Uuid;

pub use change::{Change, Deliver, MoveRun, Wait, change, deliver, move_run, wait};
pub(crate) use returned::{decided, returned};
pub use search::{Found, Place, Search, SortBy, count, place, search};
pub use story::{Outcome, Was, changes, get};

use crate::{DbError, Session, command::Delta};

/// An expected outcome, as it starts.
#[derive(Clone, Debug)]
pub struct NewOutcome {
    /// Cluster.
    pub cluster_id: String,
    /// Minion, or the master itself for a runner or wheel.
    pub minion_id: String,
    /// First state.
    pub state: &'static str,
    /// Why.
    pub reason: String,
    /// The master it is expected through.
    pub master_uuid: Option<Uuid>,
    /// When the reconciler looks at it; none when it ended.
    pub deadline: Option<Timestamp>,
}

/// An outcome whose deadline passed.
#[derive(Clone, Debug)]
pub struct Due {
    /// Day of the jid.
    pub day: Date,
    /// Cluster.
    pub cluster_id: String,
    /// Jid.
    pub jid: String,
    /// Minion.
    pub minion_id: String,
    /// State, as a word.
    pub state: String,
    /// The master it was given to.
    pub master_uuid: Option<Uuid>,
    /// How often it was asked about.
    pub asked: i32,
    /// Since when masters that were asked do not hold the minion.
    pub unheld_since: Option<Timestamp>,
    /// Last change.
    pub changed_at: Timestamp,
    /// local, runner, wheel.
    pub cmd: String,
    /// How long a minion may be silent before it is asked.
    pub timeout_ms: i64,
    /// raas or salt.
    pub source: String,
    /// Who asked for the command to be stopped.
    pub stopped_by: Option<String>,
}

/// An outcome that is still open.
#[derive(Clone, Debug)]
pub struct Open {
    /// Minion.
    pub minion_id: String,
    /// State, as a word.
    pub state: String,
    /// How often it was asked about.
    pub asked: i32,
    /// Since when masters that were asked do not hold the minion.
    pub unheld_since: Option<Timestamp>,
    /// The master it was given to.
    pub master_uuid: Option<Uuid>,
}

/// Stores the outcomes that a plan expects.
pub async fn insert(
    client: &impl Session,
    day: Date,
    jid: &str,
    now: Timestamp,
    new: &[NewOutcome],
) -> Result<(), DbError> {
    if new.is_empty() {
        return Ok(());
    }
    let sql = include_str!("../queries/outcome/insert.sql");
    let clusters: Vec<_> = new.iter().map(|o| o.cluster_id.as_str()).collect();
    let minions: Vec<_> = new.iter().map(|o| o.minion_id.as_str()).collect();
    let states: Vec<_> = new.iter().map(|o| o.state).collect();
    let reasons: Vec<_> = new.iter().map(|o| o.reason.as_str()).collect();
    let masters: Vec<_> = new.iter().map(|o| o.master_uuid).collect();
    let deadlines: Vec<_> = new.iter().map(|o| o.deadline).collect();
    client
        .execute(sql, &[&day, &jid, &now, &clusters, &minions, &states, &reasons, &masters, &deadlines])
        .await?;
    Ok(())
}

/// Outcomes whose deadline passed, of all commands or of some.
pub async fn due(
    client: &impl Session,
    now: Timestamp,
    jids: Option<&[String]>,
    limit: i64,
) -> Result<Vec<Due>, DbError> {
    let sql = include_str!("../queries/outcome/due.sql");
    let rows = client.query(sql, &[&now, &jids, &limit]).await?;
    rows.iter()
        .map(|row| {
            Ok(Due {
                day: row.try_get("day")?,
                cluster_id: row.try_get("cluster_id")?,
                jid: row.try_get("jid")?,
                minion_id: row.try_get("minion_id")?,
                state: row.try_get("state")?,
                master_uuid: row.try_get("master_uuid")?,
                asked: row.try_get("asked")?,
                unheld_since: row.try_get("unheld_since")?,
                changed_at: row.try_get("changed_at")?,
                cmd: row.try_get("cmd")?,
                timeout_ms: row.try_get("timeout_ms")?,
                source: row.try_get("source")?,
                stopped_by: row.try_get("stopped_by")?,
            })
        })
        .collect()
}

/// Open outcomes of one command in one cluster; of all minions, or of some.
pub async fn open(
    client: &impl Session,
    day: Date,
    cluster_id: &str,
    jid: &str,
    minions: Option<&[String]>,
) -> Result<Vec<Open>, DbError> {
    let sql = include_str!("../queries/outcome/open.sql");
    let rows = client.query(sql, &[&day, &cluster_id, &jid, &minions]).await?;
    rows.iter()
        .map(|row| {
            Ok(Open {
                minion_id: row.try_get("minion_id")?,
                state: row.try_get("state")?,
                asked: row.try_get("asked")?,
                unheld_since: row.try_get("unheld_since")?,
                master_uuid: row.try_get("master_uuid")?,
            })
        })
        .collect()
}

/// Queued outcomes of commands that nobody will publish any more are due now.
pub async fn hurry(client: &impl Session, jids: &[String], now: Timestamp) -> Result<u64, DbError> {
    let sql = include_str!("../queries/outcome/hurry.sql");
    client.execute(sql, &[&jids, &now]).await
}

/// The open outcomes of a command are due then, if not before.
pub async fn look_soon(client: &impl Session, jid: &str, at: Timestamp) -> Result<u64, DbError> {
    client.execute(include_str!("../queries/outcome/look_soon.sql"), &[&jid, &at]).await
}

/// Outcomes expected through these masters, which are gone, are due now.
pub async fn hurry_lost(client: &impl Session, masters: &[Uuid], now: Timestamp) -> Result<u64, DbError> {
    client.execute(include_str!("../queries/outcome/hurry_lost.sql"), &[&masters, &now]).await
}

/// Outcomes of a job in one cluster that had been given up, though nobody published the job: that is known now.
pub async fn never_sent(
    client: &impl Session,
    (day, cluster_id, jid): (Date, &str, &str),
    reason: &str,
    now: Timestamp,
) -> Result<u64, DbError> {
    let sql = include_str!("../queries/outcome/never_sent.sql");
    client.execute(sql, &[&day, &cluster_id, &jid, &reason, &now]).await
}

pub(crate) fn delta(row: &Row) -> Result<Delta, DbError> {
    Ok(Delta {
        jid: row.try_get("jid")?,
        expected: row.try_get("expected")?,
        open: row.try_get("open")?,
        good: row.try_get("good")?,
        failed: row.try_get("failed")?,
    })
}
