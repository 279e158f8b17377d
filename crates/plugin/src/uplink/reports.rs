//! Sends what waits in the spool, oldest first, and forgets it when the server says that it is committed.

use std::sync::Arc;

use raas_wire::{Committed, RefusalCode};

use super::backoff::Backoff;
use super::{CallError, Uplink};
use crate::spool::Chunk;

/// Bytes of reports in one batch, before compression; a single larger report goes alone. A batch is held in memory, once.
const MAX_BYTES: usize = 4 << 20;

/// Sends until the server does not accept this master any more; says why.
pub(super) async fn keep(uplink: &Uplink) -> String {
    let mut depth = uplink.spool.depth();
    let mut backoff = Backoff::unreachable();
    loop {
        depth.borrow_and_update();
        match next(uplink).await {
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
    while let Ok(true) = next(uplink).await {}
}

/// Sends one batch. False when nothing waits.
async fn next(uplink: &Uplink) -> Result<bool, CallError> {
    let Ok(Some(chunk)) = uplink.spool.oldest(uplink.pace.batch, MAX_BYTES).await else { return Ok(false) };
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
