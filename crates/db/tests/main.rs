//! Stories of the database layer on a real PostgreSQL.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::disallowed_methods)]
#![allow(missing_docs)]

mod account;
mod fleet_lists;
mod grains_kept;
mod keys_counted;
mod lease;
mod listen;
mod migrate;
mod partition;
mod plans;
mod pool;
mod presence;
mod private;
mod queries;
mod returns;
mod schedule_texts;
mod support;
