//! How many batches of reports are in memory at once: small ones side by side, large ones one after the other.

use axum::body::Bytes;
use raas_wire::{BodyError, MAX_PLAIN, RefusalCode};
use tokio::sync::{Semaphore, SemaphorePermit};

use super::{
    Refuse,
    reports::{Batch, BatchError},
};

/// Batches up to these sizes, before and after decompression, are small. What plugins send is, unless a single return is
/// large: their batches end at 4 MiB of records.
const SMALL: (usize, usize) = (4 << 20, 16 << 20);
/// Small ones at once. Their transactions must leave connections of the pool to everybody else.
const SIDE_BY_SIDE: usize = 6;

/// The places.
#[derive(Debug)]
pub struct Taking {
    small: Semaphore,
    large: Semaphore,
}

impl Default for Taking {
    fn default() -> Self {
        Self { small: Semaphore::new(SIDE_BY_SIDE), large: Semaphore::new(1) }
    }
}

impl Taking {
    /// Reads a batch off the async threads. Its place is kept until the batch is done with.
    pub(super) async fn read(&self, body: Bytes) -> Result<(Batch, SemaphorePermit<'_>), Refuse> {
        if body.len() <= SMALL.0 {
            let place = place(&self.small).await?;
            match read(body.clone(), SMALL.1).await? {
                Err(BatchError::Body(BodyError::TooLarge { .. })) => {}
                read => return Ok((read.map_err(|error| unreadable(&error))?, place)),
            }
        }
        let place = place(&self.large).await?;
        Ok((read(body, MAX_PLAIN).await?.map_err(|error| unreadable(&error))?, place))
    }

    /// Whether as many batches are being taken as this machine has work for: what can wait should.
    pub(crate) fn is_busy(&self) -> bool {
        self.small.available_permits() + 2 <= SIDE_BY_SIDE || self.large.available_permits() == 0
    }
}

async fn place(places: &Semaphore) -> Result<SemaphorePermit<'_>, Refuse> {
    let ending = |_| Refuse(RefusalCode::Unavailable, "this server is stopping".to_owned());
    places.acquire().await.map_err(ending)
}

async fn read(body: Bytes, limit: usize) -> Result<Result<Batch, BatchError>, Refuse> {
    let read = tokio::task::spawn_blocking(move || Batch::read(&body, limit)).await;
    read.map_err(|_| Refuse::malformed("the batch cannot be read"))
}

fn unreadable(error: &BatchError) -> Refuse {
    match error {
        BatchError::Body(BodyError::TooLarge { .. }) => Refuse(RefusalCode::TooLarge, error.to_string()),
        _ => Refuse::malformed(error.to_string()),
    }
}
