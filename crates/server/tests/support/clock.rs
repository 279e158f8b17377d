//! A clock that runs as the machine's, and jumps when a story says so.

use std::sync::Mutex;

use jiff::{SignedDuration, Timestamp};
use raas_server::clock::Clock;

/// The machine's time, moved.
#[derive(Debug, Default)]
pub(crate) struct TestClock(Mutex<SignedDuration>);

impl TestClock {
    /// Jumps forward (or back).
    pub(crate) fn advance(&self, seconds: i64) {
        let mut moved = self.0.lock().unwrap();
        *moved = moved.saturating_add(SignedDuration::from_secs(seconds));
    }
}

impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        Timestamp::now().checked_add(*self.0.lock().unwrap()).unwrap()
    }
}
