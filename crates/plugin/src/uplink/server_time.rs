//! The server's time as this plugin estimates it: the master's clock and a correction that the server's replies give.

use std::sync::atomic::{AtomicI64, Ordering};

use jiff::{SignedDuration, Timestamp};

/// The correction, in microseconds.
#[derive(Debug, Default)]
pub(super) struct ServerTime(AtomicI64);

impl ServerTime {
    /// What the server's clock says when ours says `now`.
    pub(super) fn at(&self, now: Timestamp) -> Timestamp {
        now.checked_add(SignedDuration::from_micros(self.0.load(Ordering::Relaxed))).unwrap_or(now)
    }

    /// The server said `theirs` when ours said `now`.
    pub(super) fn learn(&self, theirs: Timestamp, now: Timestamp) {
        let apart = theirs.as_microsecond().saturating_sub(now.as_microsecond());
        self.0.store(apart, Ordering::Relaxed);
    }
}
