//! Target expressions, through the public door. What Salt itself says is compared in crates/lab.
#![allow(missing_docs)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod targets;
