//! One embedded file: its path, its bytes, and what follows from its name.

/// One file of `web/dist`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Asset {
    /// Path in the browser, as `/assets/index-x1y2.js`.
    pub(crate) route: &'static str,
    /// Strong validator, quoted.
    pub(crate) etag: &'static str,
    /// Content.
    pub(crate) bytes: &'static [u8],
}

/// All files, by path; none when the console was not built.
pub(crate) const ASSETS: &[Asset] = include!(concat!(env!("OUT_DIR"), "/assets.rs"));

impl Asset {
    /// Whether it is the page that everything starts from.
    pub(crate) fn is_page(&self) -> bool {
        self.route == "/index.html"
    }

    /// Its media type.
    pub(crate) fn content_type(&self) -> &'static str {
        match self.route.rsplit('.').next().unwrap_or_default() {
            "html" => "text/html; charset=utf-8",
            "js" => "text/javascript; charset=utf-8",
            "css" => "text/css; charset=utf-8",
            "svg" => "image/svg+xml",
            "png" => "image/png",
            "woff2" => "font/woff2",
            "json" => "application/json",
            _ => "application/octet-stream",
        }
    }

    /// How long it may be kept: a file whose name carries its hash never changes.
    pub(crate) fn cache_control(&self) -> &'static str {
        if self.route.starts_with("/assets/") { "public, max-age=31536000, immutable" } else { "no-cache" }
    }
}
