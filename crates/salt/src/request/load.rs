//! What is sent to the request port: Salt's clear loads.

use rmpv::Value;

use super::key::KeyText;
use crate::msgpack;

/// Newer patches refuse clear requests of an older version; older patches do not look.
const VERSION: u64 = 3;

/// A job to publish.
#[derive(Clone, Debug, PartialEq)]
pub struct PublishRequest {
    /// Our own jid, 20 digits.
    pub jid: String,
    /// Function.
    pub fun: String,
    /// Array; keyword arguments as a last item `{"__kwarg__": true, …}`.
    pub arg: serde_json::Value,
    /// Target: a text, or an array for `list`.
    pub tgt: serde_json::Value,
    /// Salt's target type.
    pub tgt_type: String,
    /// Who asks. Salt takes any name with the key of root or `salt`; with another one the master's own user is named.
    pub user: String,
    /// Comes back in every return.
    pub metadata: Option<serde_json::Value>,
}

pub(super) fn payload(load: &Value) -> Vec<u8> {
    // The version is part of the envelope, not of the load.
    msgpack::write(&map([
        ("enc", Value::from("clear")),
        ("load", load.clone()),
        ("version", Value::from(VERSION)),
    ]))
}

pub(super) fn ping() -> Value {
    map([("cmd", Value::from("ping"))])
}

pub(super) fn publish(job: &PublishRequest, key: &KeyText) -> Value {
    let metadata = job.metadata.as_ref().map(|metadata| ("metadata", msgpack::from_json(metadata)));
    map([
        ("cmd", Value::from("publish")),
        ("fun", Value::from(job.fun.as_str())),
        ("arg", array(&job.arg)),
        ("tgt", msgpack::from_json(&job.tgt)),
        ("tgt_type", Value::from(job.tgt_type.as_str())),
        ("jid", Value::from(job.jid.as_str())),
        ("ret", Value::from("")),
        ("user", Value::from(key.user(&job.user))),
        ("key", Value::from(key.text.as_str())),
        ("kwargs", map(metadata)),
    ])
}

/// A runner or wheel function. With `arg` and `kwarg` both there, no other field is taken for an argument.
pub(super) fn local(
    cmd: &str,
    fun: &str,
    arg: &serde_json::Value,
    kwarg: &serde_json::Value,
    user: &str,
    key: &KeyText,
) -> Value {
    let kwarg = if kwarg.is_object() { msgpack::from_json(kwarg) } else { map([]) };
    let (arg, user) = (array(arg), Value::from(user));
    let fields = [("cmd", Value::from(cmd)), ("fun", Value::from(fun)), ("user", user)];
    let key = ("key", Value::from(key.text.as_str()));
    if cmd == "wheel" {
        return map(fields.into_iter().chain([("arg", arg), ("kwarg", kwarg), key]));
    }
    let inside = map([("arg", arg), ("kwarg", kwarg)]);
    map(fields.into_iter().chain([("kwarg", inside), key]))
}

fn array(json: &serde_json::Value) -> Value {
    match json {
        serde_json::Value::Array(_) => msgpack::from_json(json),
        serde_json::Value::Null => Value::Array(Vec::new()),
        one => Value::Array(vec![msgpack::from_json(one)]),
    }
}

fn map(fields: impl IntoIterator<Item = (&'static str, Value)>) -> Value {
    Value::Map(fields.into_iter().map(|(key, value)| (Value::from(key), value)).collect())
}
