//! The plugins' door: enrolment, held commands, claims, reports. Signed both ways; nothing here trusts what it is told.

use axum::Router;

use crate::AppState;

/// The routes under `/plugin/v1/`.
pub fn routes() -> Router<AppState> {
    Router::new()
}
