//! Waiting for conditions with a deadline; never for a fixed time.

use std::future::Future;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};

const STEP: Duration = Duration::from_millis(50);

/// Asks until `probe` has an answer; after `limit` the error names what was waited for and the last thing seen.
pub async fn until<T, F, A>(what: &str, limit: Duration, mut probe: F) -> Result<T>
where
    F: FnMut() -> A,
    A: Future<Output = Result<T, String>>,
{
    let deadline = Instant::now() + limit;
    loop {
        match probe().await {
            Ok(value) => return Ok(value),
            Err(seen) if Instant::now() >= deadline => {
                bail!("waited {} s for {what}; last seen: {seen}", limit.as_secs());
            }
            Err(_) => tokio::time::sleep(STEP).await,
        }
    }
}

/// The same for conditions that are seen at once, such as files and processes.
pub async fn until_true(what: &str, limit: Duration, mut probe: impl FnMut() -> bool) -> Result<()> {
    until(what, limit, || std::future::ready(if probe() { Ok(()) } else { Err("not yet".to_owned()) })).await
}

/// The same without a runtime, for `Drop` and other blocking places: whether it became true.
pub fn blocking(limit: Duration, mut probe: impl FnMut() -> bool) -> bool {
    let deadline = Instant::now() + limit;
    loop {
        if probe() {
            return true;
        }
        if Instant::now() >= deadline {
            return false;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
}
