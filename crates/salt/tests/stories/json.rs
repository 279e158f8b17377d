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

proptest::proptest! {
    #[test]
    fn every_value_becomes_valid_json(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..300)) {
        if let Ok(value) = msgpack::read(&bytes) {
            shown(&value);
        }
        shown(&Value::String(Utf8String::from(String::from_utf8_lossy(&bytes).into_owned())));
    }
}
