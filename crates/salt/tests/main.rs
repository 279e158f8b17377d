//! Stories of one Salt master seen from the inside, on stored bytes and small stand-ins. Real Salt is in `crates/lab`.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that fails should say so at once"
)]

mod stories;
