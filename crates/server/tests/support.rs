//! What the stories share: a server of their own, an operator's hands, a plugin's hands, and patience.

mod clock;
mod plugin;
mod server;

pub(crate) use clock::TestClock;
pub(crate) use plugin::{Plugin, Refused, Request};
pub(crate) use server::{PASSWORD, Server};

use std::time::Duration;

use tokio::time::{Instant, sleep};

/// Waits until it is there; the story fails after 20 seconds with what was seen last.
pub(crate) async fn until<T>(what: &str, mut look: impl AsyncFnMut() -> Result<T, String>) -> T {
    let started = Instant::now();
    loop {
        match look().await {
            Ok(found) => return found,
            Err(seen) => {
                assert!(started.elapsed() < Duration::from_secs(20), "never happened: {what}; seen: {seen}");
            }
        }
        sleep(Duration::from_millis(20)).await;
    }
}
