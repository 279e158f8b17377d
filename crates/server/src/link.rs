//! The plugins' door: enrolment, held commands, claims, reports. Signed both ways; nothing here trusts what it is told.

pub(crate) mod accept;
mod caller;
mod claim;
mod commands;
mod door;
mod enroll;
pub(crate) mod presence;
mod refuse;
pub mod reports;
mod take_reports;
mod taking;

use axum::{
    Router, middleware,
    routing::{get, post},
};
use raas_wire::path;

use crate::AppState;

pub(crate) use caller::Caller;
pub(crate) use enroll::name_problem;
pub(crate) use refuse::Refuse;
pub(crate) use reports::{is_minion_id, without_nul};
pub(crate) use taking::Taking;

/// The routes under `/plugin/v1/`.
pub fn routes(state: &AppState) -> Router<AppState> {
    Router::new()
        .route(path::ENROLL, post(enroll::enroll))
        .route(path::COMMANDS, get(commands::commands))
        .route(path::CLAIM, post(claim::claim))
        .route(path::REPORTS, post(take_reports::reports))
        .layer(middleware::from_fn_with_state(state.clone(), door::door))
}
