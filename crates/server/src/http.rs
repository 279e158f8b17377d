//! Every route of the server, and what surrounds them all: limits, headers, traces, panics.

pub(crate) mod body;
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
    sensitive_headers::SetSensitiveRequestHeadersLayer,
    set_header::SetResponseHeaderLayer,
    trace::TraceLayer,
};

use crate::{AppState, RpcError, auth, link, openapi, rpc, rpc::ApiReply, stream};

/// The whole server as a service.
pub fn router(state: AppState) -> Router {
    let api = Router::new()
        .route("/rpc", post(rpc::answer))
        .route("/raas/rpc", post(rpc::answer))
        .merge(auth::routes())
        .method_not_allowed_fallback(wrong_method);
    // Bodies are limited where they are read (`body`): a refusal has the shape of its door.
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

async fn wrong_method(method: axum::http::Method, uri: axum::http::Uri) -> Response {
    let why = match uri.path() {
        "/account/login" => format!("{method} /account/login is not served: use GET or POST"),
        path => format!("{method} {path} is not served: calls of the API are POST {path}"),
    };
    ApiReply(RpcError::WrongMethod(why)).into_response()
}

async fn unknown(uri: axum::http::Uri) -> Response {
    let error = RpcError::NotFound(format!("there is nothing at {:?}; the API is POST /rpc", uri.path()));
    (StatusCode::NOT_FOUND, ApiReply(error)).into_response()
}
