//! What can go wrong with the database, sorted by what a caller can do about it. The only place that reads SQLSTATEs.
use std::error::Error as _;
use std::fmt::Write as _;

use tokio_postgres::error::SqlState;

use crate::migrate::MigrateError;
use crate::private::PrivateError;

/// Every failure of this crate. The `Display` text may be shown to users; [`DbError::internal`] is for the log only.
#[derive(Debug, thiserror::Error)]
pub enum DbError {
    /// The database cannot answer now: gone, restarting, read-only, full, or too slow. Try again later.
    #[error("the database is unavailable: {why}")]
    Unavailable {
        /// What the matter is.
        trouble: Trouble,
        /// One sentence for an operator.
        why: String,
    },
    /// A row with this key exists already.
    #[error("a row with the same key exists already ({constraint})")]
    Conflict {
        /// The name of the unique constraint.
        constraint: String,
        /// The key, for the log.
        internal: String,
    },
    /// A row that this one refers to does not exist (any more).
    #[error("what this refers to does not exist ({constraint})")]
    Dangling {
        /// The name of the foreign key.
        constraint: String,
        /// The key, for the log.
        internal: String,
    },
    /// A history table has no partition for the row's day: make it (`partition::ensure`), then try again.
    #[error("table {table} has no partition for that day")]
    MissingPartition {
        /// The partitioned table.
        table: String,
    },
    /// Two transactions were in each other's way and this one lost: repeat the whole transaction.
    #[error("two transactions were in each other's way: repeat this one")]
    Repeat {
        /// PostgreSQL's words, for the log.
        internal: String,
    },
    /// The database refused a statement. A fault of ours, or a value that it cannot hold.
    #[error("the database refused a statement ({code})")]
    Query {
        /// The SQLSTATE, or `client` where the fault is on our side of the wire.
        code: String,
        /// PostgreSQL's words, for the log. They may hold data.
        internal: String,
    },
    /// The database URL or another option cannot be used.
    #[error("database configuration: {0}")]
    Config(String),
    /// The schema cannot be brought up to date.
    #[error(transparent)]
    Migrate(#[from] MigrateError),
    /// The private PostgreSQL cannot be started or stopped.
    #[error(transparent)]
    Private(#[from] PrivateError),
}

/// What the matter is with a database that cannot answer; the text may be shown to anybody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
pub enum Trouble {
    /// Nobody answers, or the connection broke.
    #[error("the database is away")]
    Away,
    /// It is busy beyond its limits of time or connections.
    #[error("the database is too busy")]
    Busy,
    /// It is starting, stopping or recovering.
    #[error("the database is restarting")]
    Restarting,
    /// Only a standby is there.
    #[error("the database takes no writes: a standby waits to be promoted")]
    ReadOnly,
    /// It does not let us in, or is none of ours.
    #[error("the database does not let this server in")]
    Closed,
    /// Its disk is full.
    #[error("the disk of the database is full")]
    Full,
}

impl DbError {
    /// An [`DbError::Unavailable`] with this sentence: nobody answers.
    pub fn unavailable(why: impl Into<String>) -> Self {
        Self::Unavailable { trouble: Trouble::Away, why: why.into() }
    }

    /// The same for other trouble.
    pub(crate) fn trouble(trouble: Trouble, why: impl Into<String>) -> Self {
        Self::Unavailable { trouble, why: why.into() }
    }

    /// Whether the database as a whole cannot answer now, whatever was asked.
    pub fn is_unavailable(&self) -> bool {
        matches!(self, Self::Unavailable { .. })
    }

    /// Whether the same transaction may succeed when it is simply repeated.
    pub fn is_repeatable(&self) -> bool {
        matches!(self, Self::Repeat { .. })
    }

    /// Whether a value was none that PostgreSQL can hold: a text with a NUL character, a number or a time out of range.
    pub fn refuses_value(&self) -> bool {
        let codes = [
            SqlState::CHARACTER_NOT_IN_REPERTOIRE,
            SqlState::UNTRANSLATABLE_CHARACTER,
            SqlState::NUMERIC_VALUE_OUT_OF_RANGE,
            SqlState::DATETIME_FIELD_OVERFLOW,
        ];
        matches!(self, Self::Query { code, .. } if codes.iter().any(|one| one.code() == code))
    }

    /// The name of the unique constraint that a row ran into.
    pub fn conflict(&self) -> Option<&str> {
        match self {
            Self::Conflict { constraint, .. } => Some(constraint),
            _ => None,
        }
    }

    /// What PostgreSQL said in its own words. For the log: it may hold data.
    pub fn internal(&self) -> String {
        match self {
            Self::Conflict { internal, .. }
            | Self::Dangling { internal, .. }
            | Self::Repeat { internal }
            | Self::Query { internal, .. } => internal.clone(),
            other => other.to_string(),
        }
    }
}

/// Whether the connection must not go back into the pool after this error.
pub(crate) fn spoils_connection(error: &tokio_postgres::Error) -> bool {
    match error.code() {
        Some(code) => {
            *code == SqlState::READ_ONLY_SQL_TRANSACTION
                || *code == SqlState::ADMIN_SHUTDOWN
                || *code == SqlState::CRASH_SHUTDOWN
                || *code == SqlState::CANNOT_CONNECT_NOW
                || code.code().starts_with("08")
        }
        None => error.is_closed() || lost_connection(error),
    }
}

impl From<tokio_postgres::Error> for DbError {
    fn from(error: tokio_postgres::Error) -> Self {
        match error.as_db_error() {
            Some(said) => from_server(said),
            None if error.is_closed() => Self::unavailable("the connection was closed"),
            None if lost_connection(&error) => Self::unavailable(chain(&error)),
            None => Self::Query { code: "client".into(), internal: chain(&error) },
        }
    }
}

/// Errors of the socket carry an `io::Error`; so do messages that cannot be encoded, which are our fault.
fn lost_connection(error: &tokio_postgres::Error) -> bool {
    error.source().is_some_and(|cause| cause.downcast_ref::<std::io::Error>().is_some())
        && !error.to_string().starts_with("error encoding")
}

fn from_server(said: &tokio_postgres::error::DbError) -> DbError {
    let code = said.code();
    if let Some((trouble, why)) = why_unavailable(code) {
        return DbError::trouble(trouble, format!("{why} ({}: {})", code.code(), said.message()));
    }
    let constraint = said.constraint().unwrap_or("unnamed").to_owned();
    let internal = words(said);
    match code {
        c if *c == SqlState::UNIQUE_VIOLATION => DbError::Conflict { constraint, internal },
        c if *c == SqlState::FOREIGN_KEY_VIOLATION => DbError::Dangling { constraint, internal },
        // "no partition of relation … found for row" has the code of a failed check, but names no constraint.
        c if *c == SqlState::CHECK_VIOLATION && said.constraint().is_none() => {
            DbError::MissingPartition { table: said.table().unwrap_or("unnamed").to_owned() }
        }
        c if *c == SqlState::T_R_SERIALIZATION_FAILURE || *c == SqlState::T_R_DEADLOCK_DETECTED => {
            DbError::Repeat { internal }
        }
        c => DbError::Query { code: c.code().to_owned(), internal },
    }
}

/// The states of a whole server, not of one statement.
fn why_unavailable(code: &SqlState) -> Option<(Trouble, &'static str)> {
    Some(match code.code() {
        "25006" => (Trouble::ReadOnly, "it only takes reads now, as a standby does"),
        "57P01" | "57P02" => (Trouble::Restarting, "it is shutting down"),
        "57P03" => (Trouble::Restarting, "it is starting up or recovering"),
        "57P04" => (Trouble::Closed, "its database was dropped"),
        "57014" => (Trouble::Busy, "a statement took longer than its time limit"),
        "55P03" => (Trouble::Busy, "a lock was not free within its time limit"),
        "25P03" => (Trouble::Busy, "a transaction stood idle longer than its time limit"),
        "53100" => (Trouble::Full, "its disk is full"),
        "53200" => (Trouble::Busy, "it is out of memory"),
        "53300" => (Trouble::Busy, "it has no connection left"),
        "28000" | "28P01" => {
            (Trouble::Closed, "it does not let this account in: check user and password of the URL")
        }
        "3D000" => (Trouble::Closed, "the database of the URL does not exist: create it, or correct the URL"),
        other if other.starts_with("08") => (Trouble::Away, "the connection failed"),
        other if other.starts_with("53") => (Trouble::Busy, "it is out of resources"),
        other if other.starts_with("58") => (Trouble::Away, "its machine reports a fault"),
        _ => return None,
    })
}

/// What the matter is with a host that does not let us connect.
pub(crate) fn trouble_at_connect(error: &tokio_postgres::Error) -> Trouble {
    // What tokio-postgres says of a host that is not the kind of server that was asked for; it has no code.
    if chain(error).contains("does not allow writes") {
        return Trouble::ReadOnly;
    }
    let code = error.as_db_error().and_then(|said| why_unavailable(said.code()));
    code.map_or(Trouble::Away, |(trouble, _)| trouble)
}

fn words(said: &tokio_postgres::error::DbError) -> String {
    let mut text = format!("{}: {}", said.code().code(), said.message());
    for (label, more) in [("detail", said.detail()), ("hint", said.hint()), ("where", said.where_())] {
        if let Some(more) = more {
            let _ = write!(text, "; {label}: {more}");
        }
    }
    text
}

/// An error and everything below it, in one line.
pub(crate) fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        let _ = write!(text, ": {cause}");
        next = cause.source();
    }
    text
}
