//! Values as JSON: always valid, and marked where the bytes must be kept beside it.

use raas_salt::{msgpack, to_json};
use rmpv::{Utf8String, Value};

fn shown(value: &Value) -> (String, bool) {
    let json = to_json(value);
    let _: serde_json::Value = serde_json::from_str(&json.text).unwrap();
    (json.text, json.lossy)
}

fn map(entries: Vec<(Value, Value)>) -> Value {
    Value::Map(entries)
}

#[test]
fn what_json_can_carry_is_carried_whole_and_in_order() {
    let value = map(vec![
        (
            Value::from("z"),
            Value::Array(vec![Value::Nil, Value::from(true), Value::from(-1), Value::from(u64::MAX)]),
        ),
        (Value::from("a"), Value::from("\"\n\u{1f600}")),
        (Value::from("f"), Value::from(1.5)),
    ]);
    assert_eq!(
        shown(&value),
        ("{\"z\":[null,true,-1,18446744073709551615],\"a\":\"\\\"\\n\u{1f600}\",\"f\":1.5}".into(), false)
    );
}

#[test]
fn what_json_cannot_carry_is_marked() {
    let not_utf8 = msgpack::read(b"\xa2\xff\x41").unwrap();
    let cases = [
        (not_utf8, "\"\u{fffd}A\""),
        (Value::Binary(b"ab".to_vec()), "\"ab\""),
        (Value::from(f64::NAN), "\"NaN\""),
        (Value::from(f64::NEG_INFINITY), "\"-Infinity\""),
        (Value::from("a\0b"), "\"a\\u0000b\""),
        (Value::Ext(78, b"20260102T03:04:05.000678".to_vec()), "\"2026-01-02T03:04:05.000678\""),
        (Value::Ext(5, vec![1, 255]), "\"(extension 5) 01ff\""),
        (map(vec![(Value::from(1), Value::Nil), (Value::Nil, Value::from(2))]), "{\"1\":null,\"null\":2}"),
        (map(vec![(Value::Array(vec![Value::from("a")]), Value::Nil)]), "{\"[\\\"a\\\"]\":null}"),
    ];
    for (value, text) in cases {
        assert_eq!(shown(&value), (text.to_owned(), true));
    }
}

#[test]
fn nothing_nests_too_deep_or_grows_without_end() {
    let deep = (0..200).fold(Value::Nil, |inner, _| Value::Array(vec![inner]));
    assert!(shown(&deep).1);
    let keys = (0..60).fold(Value::from("x"), |inner, _| map(vec![(inner, Value::Nil)]));
    let (text, lossy) = shown(&keys);
    assert!(lossy && text.len() < 2000, "{}", text.len());
}

#[test]
fn what_was_read_is_written_as_it_was() {
    let not_utf8 = b"\xa2\xff\x41".as_slice();
    let long_text = [b"\xd9\x20".as_slice(), &[b'x'; 32]].concat();
    let longer_text = [b"\xda\x01\x00".as_slice(), &[0xfe; 256]].concat();
    let longest_text = [b"\xdb\x00\x01\x00\x00".as_slice(), &vec![b'x'; 65536]].concat();
    let long_array = [b"\xdc\x00\x10".as_slice(), &[0xc0; 16]].concat();
    let long_map = [b"\xde\x00\x10".as_slice(), &[0xc0; 32]].concat();
    let small = b"\x82\xa1a\x93\xc0\xc3\xd6\x4e1234\x01\xcb\x3f\xf8\0\0\0\0\0\0".as_slice();
    for bytes in [not_utf8, &long_text, &longer_text, &longest_text, &long_array, &long_map, small] {
        assert_eq!(msgpack::write(&msgpack::read(bytes).unwrap()), bytes);
    }
}

proptest::proptest! {
    #[test]
    fn every_value_becomes_valid_json(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..300)) {
        if let Ok(value) = msgpack::read(&bytes) {
            shown(&value);
            let again = msgpack::read(&msgpack::write(&value)).unwrap();
            proptest::prop_assert_eq!(format!("{again:?}"), format!("{value:?}"));
        }
        shown(&Value::String(Utf8String::from(String::from_utf8_lossy(&bytes).into_owned())));
    }
}
