//! What can go wrong in a call, and the one place that maps it to the envelope and to HTTP.

use http::StatusCode;
use raas_api::ErrorBody;
use raas_db::{DbError, Trouble};
use serde_json::{Value, json};

/// Why a call failed. The text is for the caller: what failed, the value, what to do.
#[derive(Debug, thiserror::Error)]
pub enum RpcError {
    /// A parameter is wrong.
    #[error("parameter {parameter:?} is {given}: expected {expected}")]
    Invalid {
        /// Its name.
        parameter: String,
        /// What was given.
        given: String,
        /// What was expected.
        expected: String,
    },
    /// A parameter is wrong, and what is wrong is more than what was expected.
    #[error("parameter {parameter:?} is {given}: {problem}")]
    Wrong {
        /// Its name.
        parameter: String,
        /// What was given.
        given: String,
        /// What is wrong with it.
        problem: String,
    },
    /// The parameters contradict each other, or something is missing that no single parameter names.
    #[error("{0}")]
    Unusable(String),
    /// The envelope itself cannot be read.
    #[error("{0}")]
    Malformed(String),
    /// There is no such thing.
    #[error("{0}")]
    NotFound(String),
    /// It is there already, or in the way.
    #[error("{0}")]
    Conflict(String),
    /// Signed in, but not allowed.
    #[error("{0}")]
    Forbidden(String),
    /// Signed in, but without the permission.
    #[error(
        "user {user:?} may not {what}: it needs {}, which {} have",
        any_of(permissions),
        the_roles(roles)
    )]
    Missing {
        /// Who.
        user: String,
        /// What was wanted, as `call cmd.route_cmd`.
        what: String,
        /// One of these would do.
        permissions: Vec<String>,
        /// Roles that have it.
        roles: Vec<String>,
    },
    /// Not signed in.
    #[error("{0}")]
    Unauthenticated(String),
    /// Too often.
    #[error("{0}")]
    TooMany(String),
    /// Too large.
    #[error("{0}")]
    TooLarge(String),
    /// The request did not arrive in time.
    #[error("{0}")]
    TooSlow(String),
    /// Another HTTP method is served here.
    #[error("{0}")]
    WrongMethod(String),
    /// The database (or the server) is away for now.
    #[error("{0}")]
    Unavailable(String),
    /// A fault of ours: logged with its cause, never shown.
    #[error("the server failed on this call; its log says why")]
    Internal(String),
}

impl RpcError {
    /// A wrong parameter.
    pub fn invalid(parameter: &str, given: impl std::fmt::Display, expected: impl Into<String>) -> Self {
        Self::Invalid { parameter: parameter.to_owned(), given: given.to_string(), expected: expected.into() }
    }

    /// A wrong parameter, with what is wrong about it.
    pub fn wrong(parameter: &str, given: impl std::fmt::Display, problem: impl Into<String>) -> Self {
        Self::Wrong { parameter: parameter.to_owned(), given: given.to_string(), problem: problem.into() }
    }

    /// The HTTP-like code.
    pub fn status(&self) -> StatusCode {
        match self {
            Self::Invalid { .. } | Self::Wrong { .. } | Self::Unusable(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Malformed(_) => StatusCode::BAD_REQUEST,
            Self::NotFound(_) => StatusCode::NOT_FOUND,
            Self::Conflict(_) => StatusCode::CONFLICT,
            Self::Forbidden(_) | Self::Missing { .. } => StatusCode::FORBIDDEN,
            Self::Unauthenticated(_) => StatusCode::UNAUTHORIZED,
            Self::TooMany(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::TooLarge(_) => StatusCode::PAYLOAD_TOO_LARGE,
            Self::TooSlow(_) => StatusCode::REQUEST_TIMEOUT,
            Self::WrongMethod(_) => StatusCode::METHOD_NOT_ALLOWED,
            Self::Unavailable(_) => StatusCode::SERVICE_UNAVAILABLE,
            Self::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// The `error` of the envelope. Logs what the caller must not see.
    pub fn body(&self) -> ErrorBody {
        if let Self::Internal(cause) = self {
            tracing::error!(%cause, "call failed");
        }
        let detail = match self {
            Self::Invalid { parameter, given, expected } => {
                json!({"parameter": parameter, "given": given, "expected": expected})
            }
            Self::Wrong { parameter, given, problem } => {
                json!({"parameter": parameter, "given": given, "problem": problem})
            }
            Self::Missing { permissions, roles, .. } => json!({"permissions": permissions, "roles": roles}),
            _ => Value::Null,
        };
        ErrorBody { code: self.status().as_u16(), message: self.to_string(), detail }
    }
}

fn any_of(permissions: &[String]) -> String {
    let one = if permissions.len() == 1 { "the permission" } else { "one of the permissions" };
    format!("{one} {}", permissions.join(", "))
}

fn the_roles(roles: &[String]) -> String {
    format!("the roles {}", roles.join(", "))
}

impl From<DbError> for RpcError {
    fn from(error: DbError) -> Self {
        match &error {
            DbError::Unavailable { trouble, .. } => {
                tracing::warn!(cause = %error.internal(), "database unavailable");
                Self::Unavailable(match trouble {
                    Trouble::Full => format!("{trouble}; nothing was lost, try again when there is room"),
                    Trouble::Closed => format!("{trouble}; its log says why"),
                    _ => format!("{trouble}; nothing was lost, try again in a moment"),
                })
            }
            DbError::Repeat { .. } => {
                Self::Unavailable("two calls were in each other's way; repeat this one".to_owned())
            }
            // A NUL character in a text: JSON can carry it, PostgreSQL cannot.
            DbError::Query { code, .. } if matches!(code.as_str(), "22021" | "22P05") => {
                Self::Unusable("a parameter holds a NUL character, which no text here can hold".to_owned())
            }
            _ => Self::Internal(error.internal()),
        }
    }
}
