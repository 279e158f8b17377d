//! Publishing again what Salt failed at. Only publications: a runner or a wheel function that failed may have run.

use std::time::Duration;

use raas_salt::{Publication, PublishRequest, RequestError};
use tokio::time::Instant;

use super::salt::Salt;

/// So soon no minion can have started anew and forgotten the jid: it runs a jid once, however often that comes.
const SOON: Duration = Duration::from_secs(3);
/// Between attempts.
const PAUSE: Duration = Duration::from_millis(200);

/// Publishes within `limit`. Salt's event bus is a process of its own; after it was started again each worker of the master
/// fails once at whatever it is asked, before anything goes out (`StreamClosedError` in Salt 3006 to 3008).
pub(super) async fn publish(
    salt: &dyn Salt,
    job: &PublishRequest,
    limit: Duration,
) -> Result<Publication, RequestError> {
    let begins = Instant::now();
    loop {
        let error = match salt.publish(job, limit.saturating_sub(begins.elapsed())).await {
            Err(error @ RequestError::Failed { .. }) => error,
            done => return done,
        };
        if begins.elapsed() + PAUSE >= limit.min(SOON) {
            return Err(error);
        }
        tracing::debug!(jid = job.jid, %error, "published again");
        tokio::time::sleep(PAUSE).await;
    }
}
