//! msgpack as Salt writes it: decoding with limits, finding the end of a frame, fields of maps.

use rmpv::Value;

/// Python's own unpacker stops at 1024; nothing honest nests deeper than this.
const MAX_DEPTH: usize = 256;
/// Salt's extension type for datetimes and dates: ASCII `%Y%m%dT%H:%M:%S.%f`.
pub(crate) const EXT_DATETIME: i8 = 78;

/// Why bytes are no msgpack value that we take.
#[derive(Debug, thiserror::Error)]
#[error("not readable as msgpack: {0}")]
pub struct MsgpackError(String);

/// Decodes one value; what follows it is ignored. The depth is limited.
pub fn read(bytes: &[u8]) -> Result<Value, MsgpackError> {
    let mut rest = bytes;
    rmpv::decode::read_value_with_max_depth(&mut rest, MAX_DEPTH)
        .map_err(|error| MsgpackError(error.to_string()))
}

/// Encodes a value, text that is not UTF-8 as the text it was.
pub fn write(value: &Value) -> Vec<u8> {
    let mut bytes = Vec::new();
    write_to(&mut bytes, value);
    bytes
}

fn write_to(bytes: &mut Vec<u8>, value: &Value) {
    match value {
        Value::Array(items) => {
            length_of(bytes, (0x90, 15), [0, 0xdc, 0xdd], items.len());
            for item in items {
                write_to(bytes, item);
            }
        }
        Value::Map(entries) => {
            length_of(bytes, (0x80, 15), [0, 0xde, 0xdf], entries.len());
            for (key, value) in entries {
                write_to(bytes, key);
                write_to(bytes, value);
            }
        }
        // rmpv would make a binary of text that is not UTF-8.
        Value::String(text) => {
            length_of(bytes, (0xa0, 31), [0xd9, 0xda, 0xdb], text.as_bytes().len());
            bytes.extend_from_slice(text.as_bytes());
        }
        // Writing to memory does not fail.
        plain => drop(rmpv::encode::write_value(bytes, plain)),
    }
}

/// The head of something with a length: within its first byte up to `short`, else after a marker for 1, 2 or 4 bytes.
fn length_of(bytes: &mut Vec<u8>, (fixed, short): (u8, u8), [one, two, four]: [u8; 3], length: usize) {
    let length = u32::try_from(length).unwrap_or(u32::MAX);
    match (u8::try_from(length), u16::try_from(length)) {
        (Ok(length), _) if length <= short => bytes.push(fixed | length),
        (Ok(length), _) if one != 0 => bytes.extend([one, length]),
        (_, Ok(length)) => {
            bytes.push(two);
            bytes.extend(length.to_be_bytes());
        }
        _ => {
            bytes.push(four);
            bytes.extend(length.to_be_bytes());
        }
    }
}

/// JSON as msgpack.
pub fn from_json(json: &serde_json::Value) -> Value {
    match json {
        serde_json::Value::Null => Value::Nil,
        serde_json::Value::Bool(value) => Value::Boolean(*value),
        serde_json::Value::Number(number) => number
            .as_i64()
            .map(Value::from)
            .or_else(|| number.as_u64().map(Value::from))
            .or_else(|| number.as_f64().map(Value::from))
            .unwrap_or(Value::Nil),
        serde_json::Value::String(text) => Value::from(text.as_str()),
        serde_json::Value::Array(items) => Value::Array(items.iter().map(from_json).collect()),
        serde_json::Value::Object(map) => {
            Value::Map(map.iter().map(|(key, value)| (Value::from(key.as_str()), from_json(value))).collect())
        }
    }
}

/// A field of a map.
pub fn get<'a>(map: &'a Value, key: &str) -> Option<&'a Value> {
    map.as_map()?.iter().find(|(name, _)| name.as_str() == Some(key)).map(|(_, value)| value)
}

/// A text field of a map.
pub fn text<'a>(map: &'a Value, key: &str) -> Option<&'a str> {
    get(map, key)?.as_str()
}

/// The texts of an array; anything else in it is left out.
pub fn texts(array: Option<&Value>) -> Vec<String> {
    let items = array.and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    items.iter().filter_map(Value::as_str).map(str::to_owned).collect()
}

/// Where the first value in `bytes` ends; `None` when it is not whole yet. Walks over headers only, so that a large
/// binary costs nothing.
pub(crate) fn end_of_value(bytes: &[u8]) -> Result<Option<usize>, MsgpackError> {
    let (mut at, mut left) = (0_usize, 1_u64);
    while left > 0 {
        let Some(&first) = bytes.get(at) else { return Ok(None) };
        let Some(head) = head(first, bytes.get(at + 1..).unwrap_or_default())? else { return Ok(None) };
        at = at.saturating_add(1).saturating_add(head.skip);
        left = (left - 1).saturating_add(head.items);
        if at > bytes.len() {
            return Ok(None);
        }
    }
    Ok(Some(at))
}

/// What a value's first bytes say: bytes to go over after the first one, and values inside.
struct Head {
    skip: usize,
    items: u64,
}

fn head(first: u8, rest: &[u8]) -> Result<Option<Head>, MsgpackError> {
    let fixed = |skip: usize| Some(Head { skip, items: 0 });
    let inside = |items: u64| Some(Head { skip: 0, items });
    // A length of `width` bytes follows.
    let sized = |width: usize, extra: usize| {
        length(rest, width).map(|n| Head { skip: width.saturating_add(extra).saturating_add(n), items: 0 })
    };
    let counted =
        |width: usize, each: u64| length(rest, width).map(|n| Head { skip: width, items: n as u64 * each });
    Ok(match first {
        0x00..=0x7f | 0xe0..=0xff | 0xc0 | 0xc2 | 0xc3 => fixed(0),
        0x80..=0x8f => inside(u64::from(first & 0x0f) * 2),
        0x90..=0x9f => inside(u64::from(first & 0x0f)),
        0xa0..=0xbf => fixed(usize::from(first & 0x1f)),
        0xc4 | 0xd9 => sized(1, 0),
        0xc5 | 0xda => sized(2, 0),
        0xc6 | 0xdb => sized(4, 0),
        0xc7 => sized(1, 1),
        0xc8 => sized(2, 1),
        0xc9 => sized(4, 1),
        0xcc | 0xd0 => fixed(1),
        0xcd | 0xd1 => fixed(2),
        0xca | 0xce | 0xd2 => fixed(4),
        0xcb | 0xcf | 0xd3 => fixed(8),
        0xd4..=0xd8 => fixed(1 + (1 << (first - 0xd4))),
        0xdc => counted(2, 1),
        0xdd => counted(4, 1),
        0xde => counted(2, 2),
        0xdf => counted(4, 2),
        0xc1 => return Err(MsgpackError("a byte that msgpack does not use (c1)".to_owned())),
    })
}

fn length(rest: &[u8], width: usize) -> Option<usize> {
    let bytes = rest.get(..width)?;
    Some(bytes.iter().fold(0, |n, byte| n << 8 | usize::from(*byte)))
}
