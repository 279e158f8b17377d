//! Watching: what happens at a master becomes reports. Salt is a stand-in: a bus that the story writes to, and a port.

mod files;
mod gaps;
mod jobs;
mod pings;
mod port;
mod runs;
mod salt;
mod signs;
mod watching;

use salt::Salt;
use watching::Watching;

/// A jid of somebody.
const JID: &str = "20260102030405000678";
/// Another one.
const OTHER: &str = "20260102030405000679";
