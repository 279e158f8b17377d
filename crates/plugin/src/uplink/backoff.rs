//! How long to wait before the next try: longer each time, and not the same for everybody.

use std::time::Duration;

use crate::random::Random;

/// Growing pauses.
#[derive(Clone, Copy, Debug)]
pub(super) struct Backoff {
    first: Duration,
    most: Duration,
    growth: f64,
    next: Duration,
}

impl Backoff {
    /// For a server that does not answer: from a quarter of a second, doubling, to 5 seconds.
    pub(super) fn unreachable() -> Self {
        let first = Duration::from_millis(250);
        Self { first, most: Duration::from_secs(5), growth: 2.0, next: first }
    }

    /// For a master that waits for an operator, who likes to see what he did: from a second, slowly, to `most`.
    pub(super) fn pending(most: Duration) -> Self {
        let first = Duration::from_secs(1).min(most);
        Self { first, most, growth: 1.1, next: first }
    }

    /// It went well.
    pub(super) fn reset(&mut self) {
        self.next = self.first;
    }

    /// Waits.
    pub(super) async fn pause(&mut self, random: &dyn Random) {
        let pause = random.jitter(self.next);
        self.next = self.next.mul_f64(self.growth).min(self.most);
        tokio::time::sleep(pause).await;
    }
}
