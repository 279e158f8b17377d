//! A minion's return as a report: from the event that carried it, or from the job cache.

use jiff::Timestamp;
use raas_salt::Value;
use raas_salt::job_cache::{CachedReturn, TRIMMED};
use raas_salt::{Event, msgpack, to_json};
use raas_wire::{Json, Original, Return, ReturnSource};

/// What is told elsewhere, or is of no use to anybody.
const TOLD: [&str; 16] = [
    "cmd", "id", "jid", "fun", "fun_args", "return", "retcode", "success", "_stamp", "ts", "user", "arg",
    "tgt", "tgt_type", "nonce", "sig",
];
/// A value whose text is larger is reported as trimmed: a batch could not carry it.
const MAX_TEXT: usize = 100 << 20;

/// Reads a return. `None` when the event is none: another command, another id than in its tag, or a wrapper in which a
/// minion sent something that looks like one.
pub(super) fn of_event(event: &Event, jid: &str, minion_id: &str) -> Option<Return> {
    let honest = event.text("cmd") == Some("_return")
        && event.text("id") == Some(minion_id)
        && event.text("jid").is_none_or(|inside| inside == jid)
        && event.get("pretag").is_none()
        && event.get("data").is_none();
    if !honest {
        return None;
    }
    let value = event.get("return")?;
    let retcode = retcode(event.get("retcode"));
    let (ret, original, too_large) = carried(value);
    Some(Return {
        jid: jid.to_owned(),
        minion_id: minion_id.to_owned(),
        fun: fun(event.get("fun")),
        fun_args: array(event.get("fun_args")),
        success: success(event.get("success"), retcode),
        retcode,
        ret,
        original,
        extra: extra(event),
        source: ReturnSource::Bus,
        trimmed: too_large || value.as_str() == Some(TRIMMED),
    })
}

/// A return of the job cache. What was published says the function; `known` is the trimmed return of the bus, where one came.
pub(crate) fn of_cache(
    jid: &str,
    cached: &CachedReturn,
    load: Option<&Value>,
    known: Option<&Return>,
) -> Return {
    let published = |key: &str| load.and_then(|load| msgpack::get(load, key));
    let retcode = known.map_or_else(|| retcode(Some(&cached.retcode)), |known| known.retcode);
    let (ret, original, too_large) = carried(&cached.value);
    let out = cached.out.as_ref().map(|out| Json::from(serde_json::json!({ "out": out })));
    Return {
        jid: jid.to_owned(),
        minion_id: cached.minion_id.clone(),
        fun: known.map_or_else(|| fun(published("fun")), |known| known.fun.clone()),
        fun_args: known.map_or_else(|| array(published("arg")), |known| known.fun_args.clone()),
        success: known.map_or_else(|| success(Some(&cached.success), retcode), |known| known.success),
        retcode,
        ret,
        original,
        extra: known.map_or(out, |known| known.extra.clone()),
        source: ReturnSource::JobCache,
        trimmed: too_large || cached.is_trimmed(),
    }
}

/// A value as JSON, its bytes where JSON cannot carry it, and whether it is too large.
fn carried(value: &Value) -> (Json, Option<Original>, bool) {
    let json = to_json(value);
    if json.text.len() > MAX_TEXT {
        return (Json::from(serde_json::json!(TRIMMED)), None, true);
    }
    let original = json.lossy.then(|| Original(msgpack::write(value)));
    (Json::from_text(json.text).unwrap_or_else(|_| Json::null()), original, false)
}

/// A value that may lose what JSON cannot carry.
pub(super) fn plain(value: Option<&Value>) -> Json {
    value.map_or_else(Json::null, |value| {
        Json::from_text(to_json(value).text).unwrap_or_else(|_| Json::null())
    })
}

/// An array; anything else becomes one of one item, and nothing an empty one.
pub(super) fn array(value: Option<&Value>) -> Json {
    match value {
        Some(Value::Array(_)) => plain(value),
        None | Some(Value::Nil) => Json::from(serde_json::json!([])),
        Some(one) => plain(Some(&Value::Array(vec![one.clone()]))),
    }
}

/// The function; several are joined with `,`.
pub(super) fn fun(value: Option<&Value>) -> String {
    match value {
        Some(Value::Array(_)) => msgpack::texts(value).join(","),
        Some(one) => one.as_str().unwrap_or_default().to_owned(),
        None => String::new(),
    }
}

/// The highest one; one per function for a multi-function job.
fn retcode(value: Option<&Value>) -> i64 {
    match value {
        Some(Value::Map(each)) => each.iter().filter_map(|(_, code)| code.as_i64()).max().unwrap_or(0),
        Some(code) => code.as_i64().unwrap_or(0),
        None => 0,
    }
}

/// All functions succeeded. Where Salt does not say, the return code does.
fn success(value: Option<&Value>, retcode: i64) -> bool {
    match value {
        Some(Value::Map(each)) => each.iter().all(|(_, good)| good.as_bool().unwrap_or(false)),
        Some(Value::Boolean(good)) => *good,
        _ => retcode == 0,
    }
}

fn extra(event: &Event) -> Option<Json> {
    let told = |key: &Value| key.as_str().is_none_or(|key| TOLD.contains(&key));
    let rest: Vec<(Value, Value)> =
        event.data.as_map()?.iter().filter(|(key, _)| !told(key)).cloned().collect();
    (!rest.is_empty()).then(|| plain(Some(&Value::Map(rest))))
}

/// When an event passed, by the master's clock: Salt's stamp, but never later than now.
pub(super) fn time_of(event: &Event, now: Timestamp) -> Timestamp {
    event.stamp.map_or(now, |stamp| stamp.min(now))
}
