//! Who did what: each act writes its row in its own transaction, each refusal one of its own. The chain is made later by
//! the leader (`reconcile/audit.rs`).

mod event;
mod redact;
mod write;

pub(crate) use event::{Act, login, system, token};
pub(crate) use redact::redacted;
pub(crate) use write::{day, write};
