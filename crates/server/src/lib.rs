//! `raas serve`: RPC, the plugins' door, reconcilers, sign-in, stream, lifecycle. No SQL (that is `db`), no rules (those are `cluster`).

mod audit;
pub mod auth;
pub mod clock;
pub mod config;
mod ctx;
mod error;
mod highstate;
mod http;
mod job;
mod keys;
mod ledger;
mod lifecycle;
pub mod link;
mod openapi;
pub mod random;
mod readiness;
pub mod reconcile;
mod retention;
mod routing;
pub mod rpc;
mod scope;
mod state;
mod stream;
mod text;

pub use ctx::{Actor, Ctx};
pub use error::RpcError;
pub use http::router;
pub use lifecycle::{ServeError, ServeOptions, serve};
pub use openapi::openapi;
pub use state::{AppState, Change, Inner};
