//! How much the spool keeps, and which reports may be dropped when that is not enough.

use std::time::Duration;

use jiff::Timestamp;
use raas_wire::Report;
use uuid::Uuid;

use super::store::Dropped;

/// How much is kept while the server is away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Records; beyond it the oldest events go.
    pub records: u64,
    /// Bytes of reports; beyond it the oldest events go.
    pub bytes: u64,
    /// Events older than this go.
    pub age: Duration,
    /// Bytes kept in memory while the disk cannot be written.
    pub memory: usize,
    /// Pages of the file, for tests of a full disk.
    pub pages: Option<u32>,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            records: 35_000_000,
            bytes: 4 << 30,
            age: Duration::from_secs(86_400),
            memory: 64 << 20,
            pages: None,
        }
    }
}

/// Whether a report is an event that may be dropped. What a job depends on never is.
pub(super) fn is_event(report: &Report) -> bool {
    match report {
        Report::Seen(_) | Report::Job(_) | Report::Grains(_) => true,
        Report::Pinged(pinged) => pinged.delivery_id.is_none(),
        Report::Published(_)
        | Report::HandedBack(_)
        | Report::RunStarted(_)
        | Report::Ran(_)
        | Report::Return(_)
        | Report::Asked(_)
        | Report::Keys(_)
        | Report::KeysDone(_)
        | Report::Gap(_) => false,
    }
}

/// The delivery that a report answers for good.
pub(super) fn answers(report: &Report) -> Option<Uuid> {
    match report {
        Report::Published(one) => Some(one.delivery_id),
        Report::HandedBack(one) => Some(one.delivery_id),
        Report::Ran(one) => Some(one.delivery_id),
        Report::Asked(one) => Some(one.delivery_id),
        Report::Pinged(one) => one.delivery_id,
        Report::KeysDone(one) => Some(one.delivery_id),
        Report::RunStarted(_)
        | Report::Return(_)
        | Report::Job(_)
        | Report::Seen(_)
        | Report::Keys(_)
        | Report::Grains(_)
        | Report::Gap(_) => None,
    }
}

/// One more was dropped.
pub(super) fn lose(lost: &mut Option<Dropped>, at: Timestamp) {
    let before = lost.unwrap_or(Dropped { from: at, to: at, count: 0 });
    *lost = Some(Dropped {
        from: before.from.min(at),
        to: before.to.max(at),
        count: before.count.saturating_add(1),
    });
}
