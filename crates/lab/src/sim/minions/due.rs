//! What the minions do next, and when.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::time::Duration;

use tokio::time::Instant;

/// Something that is due at some time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Due {
    /// A hot-hot minion connects to a master.
    Attach { minion: usize, master: usize },
    /// A failover minion looks for a master, but not this one.
    Seek { minion: usize, not: Option<usize> },
    /// A run ends.
    Finish { minion: usize, job: usize, run: u8, via: usize },
    /// A plugin's question is answered.
    Answer { minion: usize, job: usize, via: usize },
    /// A hot-hot minion tries to return once more.
    Again { minion: usize, job: usize, run: u8, via: usize, tries: u8 },
}

/// All of it, soonest first.
#[derive(Debug, Default)]
pub(super) struct Agenda(BinaryHeap<Reverse<(Instant, Due)>>);

impl Agenda {
    pub(super) fn put(&mut self, after: Duration, due: Due) {
        self.0.push(Reverse((Instant::now() + after, due)));
    }

    pub(super) fn next(&self) -> Option<Instant> {
        self.0.peek().map(|Reverse((at, _))| *at)
    }

    pub(super) fn take(&mut self, now: Instant) -> Option<Due> {
        self.next().filter(|at| *at <= now)?;
        self.0.pop().map(|Reverse((_, due))| due)
    }
}

/// Until something is due; a little later, so that what is due together goes out together.
pub(super) async fn until(next: Option<Instant>) {
    match next {
        Some(at) => tokio::time::sleep_until(at + Duration::from_millis(5)).await,
        None => std::future::pending().await,
    }
}
