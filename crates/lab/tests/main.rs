//! The stories told on real Salt. One binary; each file of `real_salt/` is one subject.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
#![allow(missing_docs)]

mod real_salt;
mod the_server;
