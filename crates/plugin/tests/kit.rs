//! What the stories share: a clock that stands still until it is moved, repeatable randomness, records read back.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU8, Ordering};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use raas_plugin::clock::{Clock, ServerTime};
use raas_plugin::random::Random;
use raas_plugin::spool::{Limits, Options, RawRecord, Spool};
use raas_wire::Report;

/// Microseconds that passed, and by how much the clock was set.
#[derive(Debug)]
pub(crate) struct TestClock {
    passed: AtomicI64,
    set: AtomicI64,
    server: ServerTime,
}

impl TestClock {
    pub(crate) fn new() -> Arc<Self> {
        let server = ServerTime::default();
        Arc::new(Self { passed: AtomicI64::new(0), set: AtomicI64::new(1_780_000_000_000_000), server })
    }

    /// Somebody sets the clock; no time passes.
    pub(crate) fn jump(&self, seconds: i64) {
        self.set.fetch_add(seconds * 1_000_000, Ordering::Relaxed);
    }

    pub(crate) fn forward(&self, by: Duration) {
        self.passed.fetch_add(i64::try_from(by.as_micros()).unwrap(), Ordering::Relaxed);
    }
}

impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        let (passed, set) = (self.passed.load(Ordering::Relaxed), self.set.load(Ordering::Relaxed));
        Timestamp::from_microsecond(passed + set).unwrap()
    }

    fn steady(&self) -> SignedDuration {
        SignedDuration::from_micros(self.passed.load(Ordering::Relaxed))
    }

    fn server(&self) -> &ServerTime {
        &self.server
    }
}

/// Different bytes at each call.
#[derive(Debug, Default)]
pub(crate) struct TestRandom(AtomicU8);

impl Random for TestRandom {
    fn fill(&self, bytes: &mut [u8]) {
        bytes.fill(self.0.fetch_add(1, Ordering::Relaxed));
    }
}

/// A spool in `dir`. Openings that share `random` draw different epochs.
pub(crate) fn open(dir: &Path, limits: Limits, clock: &Arc<TestClock>, random: &Arc<TestRandom>) -> Spool {
    let options = Options { path: dir.join("spool.db"), limits };
    Spool::open(options, Arc::clone(clock) as _, Arc::clone(random) as _).unwrap()
}

pub(crate) fn spool(dir: &Path) -> Spool {
    open(dir, Limits::default(), &TestClock::new(), &Arc::default())
}

pub(crate) fn report(record: &RawRecord) -> Report {
    serde_json::from_str(record.report.as_str()).unwrap()
}

/// All that waits.
pub(crate) async fn waiting(spool: &Spool) -> Vec<Report> {
    let chunk = spool.oldest(usize::MAX, usize::MAX).await.unwrap();
    chunk.map(|chunk| chunk.records.iter().map(report).collect()).unwrap_or_default()
}

/// Waits until `reports` of the spool are as `are` wants them.
pub(crate) async fn until(spool: &Spool, what: &str, are: impl Fn(&[Report]) -> bool) -> Vec<Report> {
    let mut depth = spool.depth();
    let limit = tokio::time::timeout(Duration::from_secs(20), async {
        loop {
            depth.borrow_and_update();
            let reports = waiting(spool).await;
            if are(&reports) {
                return reports;
            }
            depth.changed().await.unwrap();
        }
    });
    limit.await.unwrap_or_else(|_| panic!("no {what} within 20 s"))
}
