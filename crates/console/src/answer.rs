//! Answers: the page, one of its files, or how to build the console.

use axum::{
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};

use crate::{asset::Asset, policy::CONTENT_SECURITY_POLICY};

const NOT_BUILT: &str = "<!doctype html><html lang=\"en\"><title>raas</title><h1>The console is not built</h1>\
    <p>This raas was compiled without it. Run <code>cargo xtask console</code>, compile again and reload.\
    The API and the command line (<code>raas --help</code>) work without it.</p></html>";

/// The page that answers every path of the console.
pub(crate) fn page(assets: &[Asset], headers: &HeaderMap) -> Response {
    match assets.iter().find(|asset| asset.is_page()) {
        Some(asset) => secured(whole(*asset, headers)),
        None => secured(
            (
                StatusCode::SERVICE_UNAVAILABLE,
                [(header::CONTENT_TYPE, "text/html; charset=utf-8"), (header::CACHE_CONTROL, "no-store")],
                NOT_BUILT,
            )
                .into_response(),
        ),
    }
}

/// One file.
pub(crate) fn file(assets: &[Asset], path: &str, headers: &HeaderMap) -> Response {
    match assets.iter().find(|asset| asset.route == path) {
        Some(asset) => secured(whole(*asset, headers)),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

fn whole(asset: Asset, headers: &HeaderMap) -> Response {
    let known = headers.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let kept = [(header::ETAG, asset.etag), (header::CACHE_CONTROL, asset.cache_control())];
    // A proxy or our own compression may have weakened the validator: `W/"…"`.
    if known.split(',').any(|one| one.trim().trim_start_matches("W/") == asset.etag) {
        return (StatusCode::NOT_MODIFIED, kept).into_response();
    }
    (kept, [(header::CONTENT_TYPE, asset.content_type())], asset.bytes).into_response()
}

fn secured(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(CONTENT_SECURITY_POLICY));
    headers.insert("cross-origin-opener-policy", HeaderValue::from_static("same-origin"));
    headers.insert("cross-origin-resource-policy", HeaderValue::from_static("same-origin"));
    response
}
