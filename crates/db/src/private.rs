//! The private PostgreSQL.

/// Why the private PostgreSQL cannot be started or stopped.
#[derive(Debug, thiserror::Error)]
#[error("the private PostgreSQL: {0}")]
pub struct PrivateError(pub String);
