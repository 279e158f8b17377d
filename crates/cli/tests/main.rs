//! Stories of the `raas` command against a real server: what people see, what programs read, and the exit codes.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
#![allow(missing_docs)]

mod events;
mod people;
mod saved;
mod support;
