//! Sends what waits in the spool, oldest first, and forgets it when the server says that it is committed.

use std::sync::Arc;
use std::time::Duration;

use raas_wire::{Committed, RefusalCode};
use tokio::time::Instant;

use super::backoff::Backoff;
use super::{CallError, Uplink};
use crate::spool::Chunk;

/// Bytes of reports in one batch while many wait, before compression; a single larger report goes alone. A batch is held in
/// memory, once.
pub const BATCH_BYTES: usize = 1 << 20;
/// In one batch otherwise: nothing is gained by larger ones, and the memory is the master's.
const FEW_BYTES: usize = 256 << 10;
/// So many records are many: more than what comes in the time of a call.
const MANY: u64 = 1000;

/// A batch that took longer is followed by a smaller one, whatever came of it: on a busy server a large one would never be
/// done in the time that a call has, and sending the same again would keep it busy for nothing.
const SLOW: Duration = Duration::from_secs(3);
/// A batch that took less is followed by a larger one.
const QUICK: Duration = Duration::from_secs(1);
/// Batches get no smaller than this.
const LEAST: usize = 25;

/// How many records are sent together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Size {
    now: usize,
    most: usize,
}

impl Size {
    fn new(most: usize) -> Self {
        Self { now: most, most }
    }

    /// A batch took so long; `good`: and was committed.
    fn took(&mut self, time: Duration, good: bool) {
        if time >= SLOW {
            self.now = (self.now / 2).max(LEAST.min(self.most));
        } else if good && time < QUICK {
            self.now = (self.now + self.now / 2 + 1).min(self.most);
        }
    }
}

/// Sends until the server does not accept this master any more; says why.
pub(super) async fn keep(uplink: &Uplink) -> String {
    let mut depth = uplink.spool.depth();
    let mut backoff = Backoff::unreachable();
    let mut size = Size::new(uplink.pace.batch);
    loop {
        depth.borrow_and_update();
        let start = Instant::now();
        let sent = next(uplink, size.now).await;
        size.took(start.elapsed(), matches!(sent, Ok(true)));
        match sent {
            Ok(true) => backoff.reset(),
            Ok(false) => {
                if depth.changed().await.is_err() {
                    return "the plugin is ending".to_owned();
                }
            }
            Err(CallError::Refused { code: RefusalCode::NotAccepted, message }) => return message,
            Err(error) => {
                tracing::debug!(%error, "reports wait");
                backoff.pause(uplink.client.random()).await;
            }
        }
    }
}

/// Sends all that waits.
pub(super) async fn drain(uplink: &Uplink) {
    while let Ok(true) = next(uplink, uplink.pace.batch).await {}
}

/// Sends one batch of at most so many records. False when nothing waits.
async fn next(uplink: &Uplink, records: usize) -> Result<bool, CallError> {
    let many = uplink.spool.depth().borrow().records > MANY;
    let bytes = if many { BATCH_BYTES } else { FEW_BYTES };
    let Ok(Some(chunk)) = uplink.spool.oldest(records, bytes).await else { return Ok(false) };
    let chunk = Arc::new(chunk);
    match send(uplink, Arc::clone(&chunk)).await {
        Ok(committed) => {
            let _ = uplink.spool.committed(committed.epoch, committed.through);
            Ok(true)
        }
        Err(error) => shrink(uplink, &chunk, error).await,
    }
}

/// A batch that the server cannot take is sent record by record; a record that it cannot take is given up, and a gap says so.
async fn shrink(uplink: &Uplink, chunk: &Chunk, error: CallError) -> Result<bool, CallError> {
    if !matches!(error.code(), Some(RefusalCode::TooLarge | RefusalCode::Malformed)) {
        return Err(error);
    }
    for record in &chunk.records {
        let (epoch, n) = (chunk.epoch, record.n);
        match send(uplink, Arc::new(Chunk { epoch, records: vec![record.clone()] })).await {
            Ok(committed) => {
                let _ = uplink.spool.committed(committed.epoch, committed.through);
            }
            Err(error) => match error.code() {
                Some(RefusalCode::TooLarge | RefusalCode::Malformed) => {
                    tracing::error!(n, %error, "the server cannot take this record: given up");
                    let _ = uplink.spool.give_up(n, &format!("the server could not take a record: {error}"));
                    return Ok(true);
                }
                _ => return Err(error),
            },
        }
    }
    Ok(true)
}

async fn send(uplink: &Uplink, chunk: Arc<Chunk>) -> Result<Committed, CallError> {
    let encoded = tokio::task::spawn_blocking(move || raas_wire::encode(&*chunk)).await;
    match encoded {
        Ok(Ok(body)) => uplink.client.report(body).await,
        Ok(Err(error)) => {
            Err(CallError::Refused { code: RefusalCode::Malformed, message: error.to_string() })
        }
        Err(error) => Err(CallError::Refused { code: RefusalCode::Unavailable, message: error.to_string() }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slow_batches_get_smaller_and_quick_ones_larger_within_limits() {
        let mut size = Size::new(2000);
        size.took(Duration::from_secs(30), false);
        assert_eq!(size.now, 1000);
        size.took(Duration::from_secs(4), true);
        assert_eq!(size.now, 500);
        size.took(Duration::from_secs(2), true);
        size.took(Duration::from_millis(5), false);
        assert_eq!(size.now, 500, "a server that is down says nothing about the size");
        for _ in 0..20 {
            size.took(Duration::from_secs(30), false);
        }
        assert_eq!(size.now, LEAST);
        for _ in 0..20 {
            size.took(Duration::from_millis(100), true);
        }
        assert_eq!(size.now, 2000);
        let mut small = Size::new(3);
        small.took(Duration::from_secs(30), false);
        assert_eq!(small.now, 3);
    }
}
