//! What a browser gets, with a console inside and without.

use axum::{
    body::Body,
    http::{HeaderMap, HeaderValue, Request, StatusCode, header},
    response::Response,
};
use http_body_util::BodyExt as _;
use tower::ServiceExt as _;

use crate::{answer, asset::Asset, is_built, routes};

const BUILT: &[Asset] = &[
    Asset { route: "/assets/index-x1.js", etag: "\"1\"", bytes: b"let x = 1" },
    Asset { route: "/index.html", etag: "\"2\"", bytes: b"<title>raas</title>" },
];

fn header<'a>(response: &'a Response, name: &str) -> &'a str {
    response.headers().get(name).map(|value| value.to_str().unwrap()).unwrap_or_default()
}

async fn text(response: Response) -> String {
    String::from_utf8(response.into_body().collect().await.unwrap().to_bytes().to_vec()).unwrap()
}

#[tokio::test]
async fn the_page_is_asked_for_again_each_time_and_runs_only_our_own_files() {
    let response = answer::page(BUILT, &HeaderMap::new());
    assert_eq!(response.status(), StatusCode::OK);
    assert_eq!(header(&response, "content-type"), "text/html; charset=utf-8");
    assert_eq!(header(&response, "cache-control"), "no-cache");
    let policy = header(&response, "content-security-policy");
    assert!(policy.contains("default-src 'none'"), "{policy}");
    assert!(!policy.contains("unsafe"), "{policy}");
    assert_eq!(text(response).await, "<title>raas</title>");
}

#[test]
fn a_file_named_by_its_hash_is_kept_for_ever() {
    let response = answer::file(BUILT, "/assets/index-x1.js", &HeaderMap::new());
    assert_eq!(header(&response, "content-type"), "text/javascript; charset=utf-8");
    assert_eq!(header(&response, "cache-control"), "public, max-age=31536000, immutable");
}

#[test]
fn what_the_browser_has_already_is_not_sent_again() {
    let mut headers = HeaderMap::new();
    headers.insert(header::IF_NONE_MATCH, HeaderValue::from_static("W/\"2\""));
    assert_eq!(answer::page(BUILT, &headers).status(), StatusCode::NOT_MODIFIED);
    headers.insert(header::IF_NONE_MATCH, HeaderValue::from_static("\"3\""));
    assert_eq!(answer::page(BUILT, &headers).status(), StatusCode::OK);
}

#[tokio::test]
async fn without_a_built_console_the_page_says_how_to_build_it() {
    let response = answer::page(&[], &HeaderMap::new());
    assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert!(text(response).await.contains("cargo xtask console"));
}

#[tokio::test]
async fn every_page_of_the_console_answers_at_its_own_address() {
    let expected = if is_built() { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    for path in ["/", "/jobs", "/jobs/20260102030405000678"] {
        let request = Request::builder().uri(path).body(Body::empty()).unwrap();
        let response = routes::<()>().oneshot(request).await.unwrap();
        assert_eq!(response.status(), expected, "{path}");
    }
    let request = Request::builder().uri("/rpcs").body(Body::empty()).unwrap();
    assert_eq!(routes::<()>().oneshot(request).await.unwrap().status(), StatusCode::NOT_FOUND);
}
