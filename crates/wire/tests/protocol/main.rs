//! The protocol's promises: stored samples of every version still read, signatures bind what they must, bodies are bounded.
#![allow(missing_docs)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod bodies;
mod samples;
mod signatures;
