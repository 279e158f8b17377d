//! `stats.db_health`: how PostgreSQL is.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::method;

/// No parameters.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DbHealthParams {}

/// How PostgreSQL is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DbHealthReply {
    /// It takes writes, and has connections left.
    pub healthy: bool,
    /// A sentence.
    pub message: String,
    /// Version of PostgreSQL.
    pub version: String,
    /// Bytes of this database.
    pub size_bytes: i64,
    /// Connections to it.
    pub connections: i64,
    /// Connections that PostgreSQL takes, to all databases.
    pub max_connections: i64,
}

method!(
    DbHealth,
    "stats",
    "db_health",
    DbHealthParams,
    DbHealthReply,
    "How the database is: healthy when it takes writes and has connections left."
);
