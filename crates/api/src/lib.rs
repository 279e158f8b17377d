//! Ids, states, request and reply types of every RPC method: plain data. No I/O, no database, no HTTP.
//!
//! A method is a type that implements [`Method`]: its parameters in positional order, its reply, its documentation.
//! Validation, `api.discover`, `/openapi.json` and the client all come from it.

mod change;
mod envelope;
mod id;
mod method;
mod page;
mod permission;
mod role;
mod saved;
mod scope;
mod secret;
mod state;

pub mod admin;
pub mod audit;
pub mod auth;
pub mod cluster;
pub mod cmd;
pub mod discover;
pub mod job;
pub mod kv;
pub mod master;
pub mod minions;
pub mod ret;
pub mod schedule;
pub mod stats;
pub mod test;
pub mod tgt;

pub use change::LiveChange;
pub use envelope::{Call, ErrorBody, Reply};
pub use id::{Jid, JidError};
pub use method::{Method, NoParams};
pub use page::Page;
pub use permission::Permission;
pub use raas_wire::{ClusterKind, MasterKeyState};
pub use role::BuiltInRole;
pub use saved::{AccessPayload, AccessType, Auth, Metadata, Owner, Rights};
pub use scope::Scope;
pub use secret::Secret;
pub use state::{
    CommandKind, CommandState, Disposition, MinionKeyState, OutcomeState, PlannedWork, Presence, Reach,
    TimelineKind,
};
