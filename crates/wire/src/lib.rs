//! What plugin and server say to each other, versioned: plain data, its signing text and its encoding. No I/O.
//!
//! Three calls, all safe to repeat, plus the claim that guards runners:
//! `POST` [`path::ENROLL`], held `GET` [`path::COMMANDS`], `POST` [`path::CLAIM`], `POST` [`path::REPORTS`].
//! Each request and each reply is signed (see [`signature`]); there is no bearer token to steal.

mod body;
mod claim;
mod enroll;
mod heartbeat;
mod json;
pub mod key;
mod refusal;
mod report;
pub mod signature;
mod work;

pub use body::{BodyError, MAX_ENCODED, MAX_PLAIN, decode, encode, unpack};
pub use claim::{Claim, Claimed};
pub use enroll::{ClusterKind, Enroll, Enrolled, MasterFacts, MasterKeyState};
pub use heartbeat::{Heartbeat, SaltState};
pub use json::{Json, Original};
pub use refusal::{Refusal, RefusalCode};
pub use report::{
    Asked, Batch, Committed, Evidence, Gap, Grains, HandBack, HandedBack, JobSeen, KeyLists, KeyOfMinion,
    KeysDone, Pinged, Published, Ran, Record, Report, Return, ReturnSource, RunStarted, Seen,
};
pub use work::{Ask, Commands, KeyAction, KeyChange, Keys, Ping, Publish, Run, RunClient, Work};

/// Version of this protocol; sent as [`signature::PROTOCOL_HEADER`] with every request.
pub const PROTOCOL: u32 = 1;

/// Paths of the plugin's door, relative to the server's URL.
pub mod path {
    /// `POST` [`crate::Enroll`] → [`crate::Enrolled`]
    pub const ENROLL: &str = "/plugin/v1/enroll";
    /// `GET` with [`crate::Heartbeat`] as query → [`crate::Commands`]; held up to `wait_ms`
    pub const COMMANDS: &str = "/plugin/v1/commands";
    /// `POST` [`crate::Claim`] → [`crate::Claimed`]
    pub const CLAIM: &str = "/plugin/v1/claim";
    /// `POST` [`crate::Batch`], encoded by [`crate::encode`] → [`crate::Committed`]
    pub const REPORTS: &str = "/plugin/v1/reports";
}
