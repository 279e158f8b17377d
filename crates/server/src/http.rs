//! Every route of the server, and what surrounds them all: limits, headers, traces, panics.

mod health;

use axum::{
    Router,
    extract::DefaultBodyLimit,
    http::{HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use tower::ServiceBuilder;
use tower_http::{
    catch_panic::CatchPanicLayer,
    compression::{
        CompressionLayer,
        predicate::{DefaultPredicate, NotForContentType, Predicate as _},
    },
    limit::RequestBodyLimitLayer,
    sensitive_headers::SetSensitiveRequestHeadersLayer,
    set_header::SetResponseHeaderLayer,
    trace::TraceLayer,
};

use crate::{AppState, RpcError, auth, link, openapi, rpc, rpc::ApiReply, stream};

/// The whole server as a service.
pub fn router(state: AppState) -> Router {
    let limit = usize::try_from(state.config.server.max_body_mib).unwrap_or(16) << 20;
    let api = Router::new()
        .route("/rpc", post(rpc::answer))
        .route("/raas/rpc", post(rpc::answer))
        .merge(auth::routes())
        .layer(RequestBodyLimitLayer::new(limit));
    // It limits its bodies itself, so that its refusals are signed too.
    let plugins = link::routes(&state);
    let compressed =
        CompressionLayer::new().compress_when(DefaultPredicate::new().and(NotForContentType::SSE));
    Router::new()
        .merge(api)
        .merge(plugins)
        .merge(health::routes())
        .route("/stream", get(stream::stream))
        .route("/openapi.json", get(openapi::serve))
        .merge(raas_console::routes())
        .fallback(unknown)
        .layer(DefaultBodyLimit::disable())
        .layer(
            ServiceBuilder::new()
                .layer(SetSensitiveRequestHeadersLayer::new([header::AUTHORIZATION, header::COOKIE]))
                .layer(TraceLayer::new_for_http())
                .layer(CatchPanicLayer::custom(|_: Box<dyn std::any::Any + Send>| panicked()))
                .layer(fixed(header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
                .layer(fixed(header::X_FRAME_OPTIONS, "DENY"))
                .layer(fixed(header::REFERRER_POLICY, "no-referrer"))
                .layer(compressed),
        )
        .with_state(state)
}

fn fixed(name: HeaderName, value: &'static str) -> SetResponseHeaderLayer<HeaderValue> {
    SetResponseHeaderLayer::if_not_present(name, HeaderValue::from_static(value))
}

fn panicked() -> Response {
    ApiReply(RpcError::Internal("a handler panicked".to_owned())).into_response()
}

async fn unknown(uri: axum::http::Uri) -> Response {
    let error = RpcError::NotFound(format!("there is nothing at {:?}; the API is POST /rpc", uri.path()));
    (StatusCode::NOT_FOUND, ApiReply(error)).into_response()
}
