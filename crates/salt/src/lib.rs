//! One Salt master from the inside: its configuration, event bus, request port, keys, grains, job cache. Knows nothing of raas.
//!
//! Version differences are found by looking (the first byte of a frame, which file is there), never by asking for a version.

pub mod bus;
pub mod config;
pub mod connections;
mod event;
pub mod grains;
pub mod job_cache;
mod json;
pub mod keys;
mod minion_id;
pub mod msgpack;
pub mod request;

pub use bus::{Arrival, BusError, EventBus};
pub use config::{ConfigError, MasterConfig};
pub use event::{Event, EventError};
pub use json::{JsonText, to_json};
pub use keys::{KeyError, Keys};
pub use minion_id::is_minion_id;
/// A value as Salt sends it.
pub use rmpv::Value;

pub use request::{Publication, PublishRequest, RequestError, Requests, RunnerStarted, WheelReply};
