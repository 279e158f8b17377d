//! What load balancers and monitors ask: health, version, metrics.

use std::sync::OnceLock;

use axum::{
    Json, Router,
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use raas_db::DbError;
use serde_json::json;

use crate::AppState;

/// The routes.
pub(super) fn routes() -> Router<AppState> {
    recorder();
    Router::new()
        .route("/health/live", get(|| async { Json(json!({"status": "live"})) }))
        .route("/health/ready", get(ready))
        .route("/version", get(|| async { Json(json!({"raas": env!("CARGO_PKG_VERSION")})) }))
        .route("/metrics", get(metrics))
}

async fn ready(State(state): State<AppState>) -> Response {
    if state.shutdown.is_cancelled() {
        return not_ready("the server is stopping");
    }
    match state.db.ping().await {
        Ok(()) => Json(json!({"status": "ready"})).into_response(),
        Err(error) => {
            tracing::warn!(cause = %error.internal(), "not ready");
            match error {
                DbError::Unavailable { trouble, .. } => not_ready(&trouble.to_string()),
                _ => not_ready("the database does not answer as it should"),
            }
        }
    }
}

fn not_ready(why: &str) -> Response {
    (StatusCode::SERVICE_UNAVAILABLE, Json(json!({"status": "not ready", "reason": why}))).into_response()
}

/// One recorder for the process: several servers in one test share it.
fn recorder() -> Option<&'static PrometheusHandle> {
    static HANDLE: OnceLock<Option<PrometheusHandle>> = OnceLock::new();
    HANDLE.get_or_init(|| PrometheusBuilder::new().install_recorder().ok()).as_ref()
}

async fn metrics() -> Response {
    let text = recorder().map(PrometheusHandle::render).unwrap_or_default();
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], text).into_response()
}
