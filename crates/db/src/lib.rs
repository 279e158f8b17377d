//! PostgreSQL for raas: connect, migrate, listen, lease, partitions, and one module per table. Nothing else may know it.
//!
//! # How a table module looks
//!
//! One module per table, one statement per file in `queries/<table>/<verb>.sql`, one function per verb:
//!
//! ```text
//! /// The master with this id.
//! pub async fn get(client: &impl Session, master_id: &str) -> Result<Option<Master>, DbError> {
//!     let row = client.query_opt(include_str!("../queries/master/get.sql"), &[&master_id]).await?;
//!     row.as_ref().map(Master::from_row).transpose()
//! }
//! ```
//!
//! * A function takes `&impl Session`: a pooled [`Client`] or an open [`Transaction`] of one. What must happen together
//!   is put into one transaction by the caller: `let tx = client.transaction().await?; …; tx.commit().await?`.
//! * Row structs are plain data with a private `from_row(&Row) -> Result<Self, DbError>`; a nullable column is an `Option`.
//! * Statements are constants and prepared once per connection. A list of values is one array: `= ANY($1)`, `unnest($1::text[])`.
//!   Above some 200 rows: [`Session::copy_rows`] into a temporary table, then `INSERT … SELECT … ON CONFLICT`.
//! * Time and ids are parameters, never `now()` or `gen_random_uuid()`; only `lease` uses the database's clock.
//! * The integration tests prepare every file under `queries/` against the migrated schema, and refuse files that no
//!   module includes.

pub mod account;
pub mod account_group;
pub mod api_token;
pub mod audit;
pub mod body;
pub mod cluster;
pub mod command;
mod connect;
pub mod dead_letter;
pub mod delivery;
mod error;
mod from_end;
pub mod gap;
pub mod highstate;
pub mod job;
pub mod key_change;
pub mod kv;
pub mod lease;
pub mod link;
pub mod listen;
pub mod login_failure;
pub mod master;
pub mod master_key;
pub mod master_told;
pub mod metric;
pub mod migrate;
pub mod minion;
pub mod minion_key;
mod only;
mod options;
mod ordered;
pub mod outcome;
pub mod partition;
pub mod pattern;
mod pool;
pub mod private;
pub mod readiness;
pub mod report_progress;
pub mod ret;
pub mod role;
pub mod routing;
pub mod saved;
pub mod schedule;
pub mod secret;
mod session;
pub mod sign_in;
pub mod target_group;
pub mod target_member;
pub mod target_todo;
#[cfg(feature = "testing")]
pub mod testing;
pub mod witness;
mod word;
pub mod ws_ticket;

pub use error::{DbError, Trouble};
pub use only::Only;
pub use options::DbOptions;
pub use pool::Db;
pub use session::{Client, Link, Params, Session, Transaction};
