//! What the stories share: a server of their own, an operator's hands, a plugin's hands, and patience.

mod beside;
mod clock;
mod plugin;
mod server;

pub(crate) use beside::Beside;
pub(crate) use clock::TestClock;
pub(crate) use plugin::{Plugin, Refused, Request};
pub(crate) use server::{PASSWORD, Server};

use std::time::Duration;

use tokio::time::{Instant, sleep};

/// How long a story waits for anything: a loaded machine may be slow.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

/// Waits until it is there; the story fails after a minute with what was seen last.
pub(crate) async fn until<T>(what: &str, mut look: impl AsyncFnMut() -> Result<T, String>) -> T {
    let started = Instant::now();
    loop {
        match look().await {
            Ok(found) => return found,
            Err(seen) => {
                assert!(started.elapsed() < PATIENCE, "never happened: {what}; seen: {seen}");
            }
        }
        sleep(Duration::from_millis(20)).await;
    }
}
