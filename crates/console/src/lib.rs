//! The built console (`web/dist`), embedded and served with its headers. The pages themselves are in `web/`.
//!
//! Without a built console everything still compiles, and `/` says how to build it.

mod answer;
mod asset;
mod policy;

use axum::{
    Router,
    http::{HeaderMap, Uri},
    routing::get,
};

use asset::ASSETS;

/// Paths of the console's own pages: each is answered by the same page, which reads the path itself.
const PAGES: &[&str] = &["/", "/jobs", "/jobs/{jid}"];

/// Whether a built console is inside.
pub fn is_built() -> bool {
    !ASSETS.is_empty()
}

/// The pages and their files. Merge it beside the API: no other path is touched.
pub fn routes<S: Clone + Send + Sync + 'static>() -> Router<S> {
    let mut router = Router::new();
    for page in PAGES {
        router = router.route(page, get(async |headers: HeaderMap| answer::page(ASSETS, &headers)));
    }
    for asset in ASSETS.iter().filter(|asset| !asset.is_page()) {
        router = router.route(
            asset.route,
            get(async |uri: Uri, headers: HeaderMap| answer::file(ASSETS, uri.path(), &headers)),
        );
    }
    router
}

#[cfg(test)]
mod tests;
