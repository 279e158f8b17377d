//! What a kind of report is, and how records of one kind are taken so that a bad one never blocks the rest.

use std::future::Future;

use jiff::{SignedDuration, Timestamp};
use raas_db::body::Body;
use raas_db::master::Master;
use raas_db::minion::Teller;
use raas_db::{DbError, Transaction};
use raas_wire::Report;

use crate::{AppState, Change};

/// A skew up to this is no skew: a heartbeat's way here, and its wait for a busy server, look the same. Correcting for
/// it would put events of two masters with true clocks in a wrong order.
const NOISE_MS: i64 = 1_000;

/// Who reports, and when we took it.
#[derive(Clone, Copy, Debug)]
pub struct Source<'a> {
    /// The server.
    pub state: &'a AppState,
    /// The authenticated master. A report may touch only its cluster.
    pub master: &'a Master,
    /// The server's clock.
    pub now: Timestamp,
    /// A dead letter is tried again: newer reports may have been taken since it came.
    pub again: bool,
}

impl<'a> Source<'a> {
    /// A time of the master's clock as ours, and never in the future: corrected for the skew that it had when the record
    /// was taken, where its plugin knew that, else for the one it has now.
    pub fn corrected(&self, at: Timestamp, skew_ms: Option<i64>) -> Timestamp {
        let skew = match skew_ms.unwrap_or(self.master.clock_skew_ms) {
            small if small.unsigned_abs() <= NOISE_MS.unsigned_abs() => SignedDuration::ZERO,
            skew => SignedDuration::from_millis(skew),
        };
        at.checked_sub(skew).unwrap_or(at).clamp(Timestamp::UNIX_EPOCH, self.now)
    }

    /// The master's skew in whole seconds, so that what came about the same time has the same.
    pub(super) fn whole_skew_ms(&self) -> i64 {
        self.master.clock_skew_ms / NOISE_MS * NOISE_MS
    }

    /// Evidence before it is stale.
    pub fn fresh_from(&self) -> Timestamp {
        crate::link::presence::fresh_from(self.state, self.now)
    }

    /// Tells every console, on commit, that something changed in this cluster.
    pub async fn changed(&self, tx: &Transaction<'_>, topic: &str) -> Result<(), DbError> {
        let change = Change::of(topic).in_cluster(&self.master.cluster_id);
        self.state.notify_change(tx, &change).await
    }

    /// Who tells it, for the tables of minions.
    pub fn teller(&self) -> Teller<'a> {
        Teller { cluster_id: &self.master.cluster_id, master_uuid: self.master.master_uuid }
    }
}

/// One record of a kind.
#[derive(Debug)]
pub struct Item<'a, T> {
    /// Its number.
    pub n: u64,
    /// When it was taken, by [`Source::corrected`].
    pub at: Timestamp,
    /// The skew of its master at that moment, where that is known.
    pub skew_ms: Option<i64>,
    /// What it says.
    pub report: &'a T,
    /// The value that it carries, ready to be stored.
    pub value: Option<&'a Body>,
}

impl<T> Clone for Item<'_, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Item<'_, T> {}

/// A record that could not be taken, or not wholly: it goes to the dead letters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// Its number.
    pub n: u64,
    /// A sentence.
    pub reason: String,
}

/// What came of records: those that are refused. All others are written (in the transaction) when it returns.
pub type Taken = Result<Vec<Refused>, DbError>;

/// One kind of report. Each has a file beside this one.
pub trait Kind {
    /// What it carries.
    type Report: Sync;

    /// The part of a report that is of this kind.
    fn of(report: &Report) -> Option<&Self::Report>;

    /// Takes all records of this kind of a batch at once, in a set-based way; the same records again change nothing.
    /// An error that is about the data makes the frame try smaller parts, down to the one record that is at fault.
    fn take(
        tx: &Transaction<'_>,
        source: &Source<'_>,
        items: &[Item<'_, Self::Report>],
    ) -> impl Future<Output = Taken> + Send;
}

/// Takes items of one kind, whole if possible, else in halves, so that only what is at fault is refused.
pub(super) async fn take<K: Kind>(
    tx: &mut Transaction<'_>,
    source: &Source<'_>,
    items: &[Item<'_, K::Report>],
) -> Taken {
    let mut refused = Vec::new();
    let mut todo = if items.is_empty() { Vec::new() } else { vec![items] };
    while let Some(part) = todo.pop() {
        let point = tx.savepoint().await?;
        match K::take(&point, source, part).await {
            Ok(more) => {
                point.commit().await?;
                refused.extend(more);
            }
            Err(error) if is_about_data(&error) => {
                point.rollback().await?;
                if let [one] = part {
                    tracing::warn!(n = one.n, why = error.internal(), "a record cannot be stored");
                    refused.push(Refused { n: one.n, reason: error.to_string() });
                } else {
                    let (first, second) = part.split_at(part.len() / 2);
                    todo.extend([second, first]);
                }
            }
            Err(error) => return Err(error),
        }
    }
    Ok(refused)
}

/// Whether other data could have been stored: then a record is at fault, not the database.
fn is_about_data(error: &DbError) -> bool {
    match error {
        DbError::Conflict { .. } | DbError::Dangling { .. } => true,
        // 22: a value that cannot be; 23: one that breaks a rule; 54: one beyond a limit of PostgreSQL.
        DbError::Query { code, .. } => {
            code == "client" || ["22", "23", "54"].iter().any(|class| code.starts_with(class))
        }
        _ => false,
    }
}
