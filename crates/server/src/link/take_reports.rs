//! `POST /plugin/v1/reports`: a batch of records; the answer is the highest number committed.

use axum::{Json, body::Bytes, extract::State};
use raas_wire::{BodyError, Committed, RefusalCode};

use super::{
    Caller, Refuse,
    reports::{self, Batch, BatchError},
};
use crate::AppState;

/// Takes a batch of the master that calls.
pub(super) async fn reports(
    State(state): State<AppState>,
    Caller(master): Caller,
    body: Bytes,
) -> Result<Json<Committed>, Refuse> {
    let read = tokio::task::spawn_blocking(move || Batch::read(&body)).await;
    let batch = match read {
        Ok(Ok(batch)) => batch,
        Ok(Err(error)) => return Err(unreadable(&error)),
        Err(_) => return Err(Refuse::malformed("the batch cannot be read")),
    };
    Ok(Json(reports::take(&state, &master, batch, state.clock.now()).await?))
}

fn unreadable(error: &BatchError) -> Refuse {
    match error {
        BatchError::Body(BodyError::TooLarge { .. }) => Refuse(RefusalCode::TooLarge, error.to_string()),
        _ => Refuse::malformed(error.to_string()),
    }
}
