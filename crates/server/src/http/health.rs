//! What load balancers and monitors ask: health, version, metrics.

use std::{fmt::Write as _, sync::OnceLock};

use axum::{
    Json, Router,
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use raas_db::{
    DbError,
    metric::{self, Newest},
};
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

async fn metrics(State(state): State<AppState>) -> Response {
    let mut text = recorder().map(PrometheusHandle::render).unwrap_or_default();
    match newest(&state).await {
        Ok(newest) => text.push_str(&sampled(&newest)),
        // What this process counts by itself is still worth reading.
        Err(error) => tracing::debug!(cause = %error.internal(), "samples cannot be read"),
    }
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], text).into_response()
}

/// What the leader sampled last: the same on every server.
async fn newest(state: &AppState) -> Result<Vec<Newest>, DbError> {
    metric::newest(&state.db.client().await?).await
}

fn sampled(newest: &[Newest]) -> String {
    let mut text = String::new();
    for of_name in newest.chunk_by(|a, b| a.metric == b.metric) {
        let Some(first) = of_name.first() else { continue };
        let kind = if first.counter { "counter" } else { "gauge" };
        let _ = writeln!(text, "# TYPE {} {kind}", first.metric);
        for one in of_name {
            let source = one.source.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
            let _ = writeln!(text, "{}{{source=\"{source}\"}} {}", one.metric, one.value);
        }
    }
    text
}
