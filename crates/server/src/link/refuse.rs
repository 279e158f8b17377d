//! How a call of a plugin is refused: what kind, and a sentence for the master's log.

use axum::response::{IntoResponse, Response};
use http::StatusCode;
use raas_db::DbError;
use raas_wire::RefusalCode;

/// A refusal. The door adds the server's time and the signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Refuse(pub(crate) RefusalCode, pub(crate) String);

impl Refuse {
    /// The call cannot be understood.
    pub(crate) fn malformed(why: impl Into<String>) -> Self {
        Self(RefusalCode::Malformed, why.into())
    }

    pub(super) fn status(&self) -> StatusCode {
        match self.0 {
            RefusalCode::Signature | RefusalCode::Clock => StatusCode::UNAUTHORIZED,
            RefusalCode::NotAccepted => StatusCode::FORBIDDEN,
            RefusalCode::Malformed => StatusCode::BAD_REQUEST,
            RefusalCode::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            RefusalCode::TooMany => StatusCode::TOO_MANY_REQUESTS,
            RefusalCode::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        }
    }
}

impl IntoResponse for Refuse {
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        response.extensions_mut().insert(self);
        response
    }
}

impl From<DbError> for Refuse {
    fn from(error: DbError) -> Self {
        if let DbError::Unavailable { trouble, .. } = &error {
            tracing::warn!(cause = error.internal(), "a plugin must come back later");
            return Self(RefusalCode::Unavailable, format!("{trouble}: come back later"));
        }
        if error.is_repeatable() {
            tracing::warn!(cause = error.internal(), "a plugin must come back later");
            let why = "this call and another were in each other's way: come back later";
            return Self(RefusalCode::Unavailable, why.to_owned());
        }
        tracing::error!(cause = error.internal(), "a plugin's call failed");
        Self(RefusalCode::Unavailable, "the server failed on this call; its log says why".to_owned())
    }
}
