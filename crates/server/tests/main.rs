//! Stories of the server, through its real doors, on a real PostgreSQL.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::disallowed_methods)]
#![allow(missing_docs)]

mod commands;
mod door;
mod faults;
mod fleet;
mod ingest;
mod people;
mod saved;
mod support;
