//! One event of the bus: its tag, its data, and when Salt stamped it. Reading the socket is in `bus`.

use jiff::{Timestamp, civil::DateTime, tz::TimeZone};
use rmpv::Value;

use crate::msgpack;

/// Between tag and data.
const TAG_END: &[u8] = b"\n\n";
/// Salt's own tags are far shorter; they are chosen by whoever fires an event.
const MAX_TAG: usize = 4096;

/// An event as Salt fired it. All of its data may have been chosen by a minion.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// Its tag, as `salt/job/20260102030405000678/ret/web1`.
    pub tag: String,
    /// Its data: a map.
    pub data: Value,
    /// Salt's `_stamp`: UTC, when the event passed the bus.
    pub stamp: Option<Timestamp>,
}

/// Why bytes are no event.
#[derive(Debug, thiserror::Error)]
pub enum EventError {
    /// There is no empty line between tag and data.
    #[error("an event of {0} bytes without the empty line that ends its tag")]
    NoTag(usize),
    /// A tag that is no text, or too long for one.
    #[error("an event whose tag ({0} bytes) is not readable text")]
    BadTag(usize),
    /// Data that cannot be decoded.
    #[error("event {tag:?}: {source}")]
    Data {
        /// Its tag.
        tag: String,
        /// What is wrong.
        source: msgpack::MsgpackError,
    },
    /// Data that is not a map.
    #[error("event {0:?} carries no map")]
    NoMap(String),
}

impl Event {
    /// Reads the body of a frame: `tag`, an empty line, msgpack. Split at the *first* empty line.
    pub fn parse(body: &[u8]) -> Result<Self, EventError> {
        let end = body.windows(TAG_END.len()).take(MAX_TAG).position(|at| at == TAG_END);
        let end = end.ok_or(EventError::NoTag(body.len()))?;
        let (tag, rest) = body.split_at(end);
        let tag = std::str::from_utf8(tag).map_err(|_| EventError::BadTag(tag.len()))?.to_owned();
        let data = match msgpack::read(rest.get(TAG_END.len()..).unwrap_or_default()) {
            Ok(data) => data,
            Err(source) => return Err(EventError::Data { tag, source }),
        };
        if !data.is_map() {
            return Err(EventError::NoMap(tag));
        }
        let stamp = msgpack::text(&data, "_stamp").and_then(read_stamp);
        Ok(Self { tag, data, stamp })
    }

    /// A field of its data.
    pub fn get(&self, key: &str) -> Option<&Value> {
        msgpack::get(&self.data, key)
    }

    /// A field that is a text.
    pub fn text(&self, key: &str) -> Option<&str> {
        msgpack::text(&self.data, key)
    }

    /// Whether it came over from another master of a native cluster, which reports it itself.
    pub fn is_from_peer(&self) -> bool {
        self.get("__peer_id").is_some()
    }
}

/// `2026-11-23T05:31:23.057944` (3006, 3007: UTC without saying so) or with `+00:00` (3008).
fn read_stamp(text: &str) -> Option<Timestamp> {
    if let Ok(stamp) = text.parse() {
        return Some(stamp);
    }
    text.parse::<DateTime>().ok()?.to_zoned(TimeZone::UTC).ok().map(|zoned| zoned.timestamp())
}
