//! Where the frames of the bus end: bare msgpack maps, or with a length before them; the first byte tells which.

use bytes::{Buf as _, BytesMut};
use rmpv::Value;

use super::BusError;
use crate::msgpack;

/// Salt's events have at most `max_event_size` (1 MiB by default); a frame beyond this is no event.
const MAX_FRAME: usize = 256 << 20;
/// Room for reading.
const READ_AHEAD: usize = 256 << 10;

#[derive(Clone, Copy, Debug)]
enum Kind {
    Bare,
    /// Four bytes, big-endian, before each.
    WithLength,
}

/// What was read and not taken yet.
#[derive(Debug, Default)]
pub(super) struct Framing {
    kind: Option<Kind>,
    bytes: BytesMut,
}

impl Framing {
    /// Where to read to.
    pub(super) fn buffer(&mut self) -> &mut BytesMut {
        self.bytes.reserve(READ_AHEAD);
        &mut self.bytes
    }

    /// The body of the next whole frame.
    pub(super) fn next_body(&mut self) -> Result<Option<Vec<u8>>, BusError> {
        let Some(&first) = self.bytes.first() else { return Ok(None) };
        let kind = *self.kind.get_or_insert(match first {
            0x80..=0x8f | 0xde | 0xdf => Kind::Bare,
            _ => Kind::WithLength,
        });
        match kind {
            Kind::Bare => self.bare(),
            Kind::WithLength => self.with_length(),
        }
    }

    fn bare(&mut self) -> Result<Option<Vec<u8>>, BusError> {
        match msgpack::end_of_value(&self.bytes).map_err(|error| BusError::Frame(error.to_string()))? {
            Some(end) => body_of(&self.bytes.split_to(end)).map(Some),
            None if self.bytes.len() > MAX_FRAME => Err(too_large(self.bytes.len())),
            None => Ok(None),
        }
    }

    fn with_length(&mut self) -> Result<Option<Vec<u8>>, BusError> {
        let Some(length) = self.bytes.first_chunk::<4>() else { return Ok(None) };
        let length = u32::from_be_bytes(*length) as usize;
        if length > MAX_FRAME {
            return Err(too_large(length));
        }
        if self.bytes.len() < 4 + length {
            return Ok(None);
        }
        self.bytes.advance(4);
        body_of(&self.bytes.split_to(length)).map(Some)
    }
}

fn too_large(size: usize) -> BusError {
    BusError::Frame(format!("a frame of {size} bytes"))
}

/// `{"head": {}, "body": …}`
fn body_of(frame: &[u8]) -> Result<Vec<u8>, BusError> {
    let value = msgpack::read(frame).map_err(|error| BusError::Frame(error.to_string()))?;
    let Value::Map(entries) = value else { return Err(BusError::Frame("a frame that is no map".to_owned())) };
    let body = entries.into_iter().find(|(key, _)| key.as_str() == Some("body")).map(|(_, body)| body);
    match body {
        Some(Value::Binary(body)) => Ok(body),
        Some(Value::String(body)) => Ok(body.into_bytes()),
        _ => Err(BusError::Frame("a frame without a body".to_owned())),
    }
}
