//! How long to wait before the next try: longer each time, and not the same for everybody.

use std::time::Duration;

use crate::random::Random;

/// Growing pauses.
#[derive(Clone, Copy, Debug)]
pub(super) struct Backoff {
    first: Duration,
    most: Duration,
    next: Duration,
}

impl Backoff {
    /// From `first`, doubling, to `most`.
    pub(super) fn new(first: Duration, most: Duration) -> Self {
        Self { first, most, next: first }
    }

    /// For a server that does not answer.
    pub(super) fn unreachable() -> Self {
        Self::new(Duration::from_millis(250), Duration::from_secs(5))
    }

    /// It went well.
    pub(super) fn reset(&mut self) {
        self.next = self.first;
    }

    /// Waits.
    pub(super) async fn pause(&mut self, random: &dyn Random) {
        let pause = random.jitter(self.next);
        self.next = (self.next * 2).min(self.most);
        tokio::time::sleep(pause).await;
    }
}
