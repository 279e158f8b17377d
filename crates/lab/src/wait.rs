//! Waiting for conditions with a deadline; never for a fixed time.

use std::future::Future;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};

const STEP: Duration = Duration::from_millis(50);

/// Why there is no answer yet.
#[derive(Debug)]
pub enum Miss {
    /// Ask again; this was seen.
    NotYet(String),
    /// It will never come, because of this.
    Never(String),
}

impl From<String> for Miss {
    fn from(seen: String) -> Self {
        Self::NotYet(seen)
    }
}

/// Asks until `probe` has an answer; the error names what was waited for and the last thing seen.
pub async fn until<T, M, F, A>(what: &str, limit: Duration, mut probe: F) -> Result<T>
where
    M: Into<Miss>,
    F: FnMut() -> A,
    A: Future<Output = Result<T, M>>,
{
    let deadline = Instant::now() + limit;
    loop {
        match probe().await.map_err(Into::into) {
            Ok(value) => return Ok(value),
            Err(Miss::Never(why)) => bail!("waited for {what}, in vain: {why}"),
            Err(Miss::NotYet(seen)) if Instant::now() >= deadline => {
                bail!("waited {} s for {what}; last seen: {seen}", limit.as_secs());
            }
            Err(Miss::NotYet(_)) => tokio::time::sleep(STEP).await,
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
