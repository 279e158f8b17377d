//! `/rpc`: the envelope, the table of methods, and one file per method.

mod absent;
mod arguments;
mod entry;
mod envelope;
mod handle;
mod needs;
mod table;

mod admin;
mod api;
mod audit;
mod auth;
mod cluster;
mod cmd;
mod job;
mod kv;
mod master;
mod minions;
mod page;
mod ret;
mod saved;
mod schedule;
mod stats;
mod test;
mod tgt;
mod words;

pub(crate) use cmd::{Scheduled, fire};
pub use entry::Entry;
pub use envelope::ApiReply;
pub(crate) use envelope::answer;
pub use handle::Handle;
pub use needs::Needs;
pub(crate) use schedule::{command as scheduled_command, read as read_schedule};
pub use table::{Row, table};
pub(crate) use tgt::{Parsed, SavedGroups};
