//! Stories of the plugin beside stand-ins for Salt. Real Salt and a real server are in `crates/lab`.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that fails should say so at once"
)]

mod identity;
mod install;
mod kit;
mod settings;
mod spool;
mod uplink;
mod watch;
mod work;
