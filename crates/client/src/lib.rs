//! The HTTP client of the RPC API: signs in, calls typed methods, signs in again when the token has expired. Prints nothing.

mod answer;
pub mod audit;
mod changes;
mod client;
mod error;

pub use answer::Answer;
pub use changes::{Changes, Told};
pub use client::{Client, Credentials, Options};
pub use error::ClientError;
