//! What a page of the console may do: only what came from this server, nothing inline, never inside a frame.

/// `Content-Security-Policy`. Styles set by scripts on elements (positions, widths) are not "inline" in its sense.
pub(crate) const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
    img-src 'self'; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; \
    frame-ancestors 'none'";
