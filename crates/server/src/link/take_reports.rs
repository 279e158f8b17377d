//! `POST /plugin/v1/reports`: a batch of records; the answer is the highest number committed.

use axum::{Json, body::Bytes, extract::State};
use raas_wire::Committed;

use super::{Caller, Refuse, reports};
use crate::AppState;

/// Takes a batch of the master that calls.
pub(super) async fn reports(
    State(state): State<AppState>,
    Caller(master): Caller,
    body: Bytes,
) -> Result<Json<Committed>, Refuse> {
    let (batch, place) = state.taking.read(body).await?;
    let committed = reports::take(&state, &master, batch, state.clock.now()).await?;
    drop(place);
    Ok(Json(committed))
}
