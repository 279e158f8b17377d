//! A job in Salt's shape and in ours: argument arrays, highstates, deadlines. Pure.

use jiff::{SignedDuration, Timestamp};
use raas_api::cmd::RouteCmdArg;
use serde_json::{Map, Value, json};

use crate::config::Config;

/// How long after `publish_before` the reconciler looks.
pub(crate) const GRACE: SignedDuration = SignedDuration::from_secs(2);
/// How often the reconciler looks at a run that was claimed.
pub(crate) const RUN_LOOK: SignedDuration = SignedDuration::from_secs(30);
/// How long a master may be late with what minions answered.
const ASK_GRACE: SignedDuration = SignedDuration::from_secs(10);

/// The times of jobs, as configured.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Times {
    /// A minion's silence before it is asked.
    pub(crate) timeout: SignedDuration,
    /// A runner's or wheel's whole time.
    pub(crate) run: SignedDuration,
    /// A delivery that nobody carried out within this time is planned anew.
    pub(crate) publish: SignedDuration,
    /// A second copy is published within this time, or not at all: no minion starts anew in less, and forgets the jid.
    pub(crate) second_copy: SignedDuration,
    /// How long minions have to answer a question about a job.
    pub(crate) ask: SignedDuration,
    /// How long a question may stay unanswered by its master.
    pub(crate) ask_within: SignedDuration,
    /// Between two questions about a job that still runs.
    pub(crate) ask_again: SignedDuration,
}

impl Times {
    /// As configured.
    pub(crate) fn of(config: &Config) -> Self {
        let seconds = |s: u32| SignedDuration::from_secs(i64::from(s));
        let jobs = &config.jobs;
        let ask = seconds(jobs.ask_wait_s);
        Self {
            timeout: seconds(jobs.timeout_s),
            run: seconds(jobs.run_timeout_s),
            publish: seconds(jobs.publish_before_s),
            second_copy: seconds(jobs.second_copy_s),
            ask,
            ask_within: ask.saturating_add(ASK_GRACE),
            ask_again: seconds(jobs.ask_again_s),
        }
    }
}

/// Later, without ever failing.
pub(crate) fn after(now: Timestamp, time: SignedDuration) -> Timestamp {
    now.saturating_add(time).unwrap_or(now)
}

/// Later by milliseconds.
pub(crate) fn after_ms(now: Timestamp, ms: i64) -> Timestamp {
    after(now, SignedDuration::from_millis(ms))
}

/// Arguments as Salt wants them: keyword arguments as a last item `{"__kwarg__": true, …}`.
pub(crate) fn salt_args(arg: &RouteCmdArg) -> Value {
    let mut items = arg.arg.clone().unwrap_or_default();
    if let Some(kwarg) = arg.kwarg.as_ref().filter(|kwarg| !kwarg.is_empty()) {
        let mut last = Map::new();
        last.insert("__kwarg__".to_owned(), Value::Bool(true));
        last.extend(kwarg.clone());
        items.push(Value::Object(last));
    }
    Value::Array(items)
}

/// Arguments as we keep them: `{arg, kwarg}`.
pub(crate) fn our_args(arg: &RouteCmdArg) -> Value {
    json!({"arg": arg.arg.as_deref().unwrap_or_default(), "kwarg": arg.kwarg.clone().unwrap_or_default()})
}

/// `fun_args` of a runner's return, from arguments as we keep them.
pub(crate) fn fun_args(ours: &str) -> String {
    let arg: RouteCmdArg = serde_json::from_str(ours).unwrap_or_default();
    salt_args(&arg).to_string()
}

/// The inverse of [`salt_args`], for jobs that somebody else published.
pub(crate) fn from_salt_args(args: &Value) -> Value {
    let mut items = args.as_array().cloned().unwrap_or_default();
    let is_kwarg = |item: &Value| item.get("__kwarg__").and_then(Value::as_bool) == Some(true);
    let mut kwarg = Map::new();
    if items.last().is_some_and(is_kwarg)
        && let Some(Value::Object(last)) = items.pop()
    {
        kwarg = last;
        kwarg.shift_remove("__kwarg__");
    }
    json!({"arg": items, "kwarg": kwarg})
}

/// `state.highstate`, or `state.apply` without a state to apply.
pub(crate) fn is_highstate(fun: &str, positional: usize, kwarg: &Map<String, Value>) -> bool {
    match fun {
        "state.highstate" => true,
        "state.apply" => positional == 0 && !kwarg.contains_key("mods"),
        _ => false,
    }
}

/// [`is_highstate`] of arguments as we keep them.
pub(crate) fn is_highstate_of(fun: &str, ours: &Value) -> bool {
    let positional = ours["arg"].as_array().map_or(0, Vec::len);
    ours["kwarg"].as_object().is_some_and(|kwarg| is_highstate(fun, positional, kwarg))
}

/// Whoever looks at an end without an answer is told that somebody stopped the job.
pub(crate) fn after_stop(stopped_by: Option<&str>, reason: String) -> String {
    match stopped_by {
        Some(by) => format!("stopped by {by}; {reason}"),
        None => reason,
    }
}

/// Words for lists in sentences: the first few, and how many more.
pub(crate) fn some_of<'a>(names: impl ExactSizeIterator<Item = &'a str>) -> String {
    let more = names.len().saturating_sub(5);
    let first: Vec<&str> = names.take(5).collect();
    if more == 0 { first.join(", ") } else { format!("{} and {more} more", first.join(", ")) }
}

#[cfg(test)]
mod tests {
    use super::{from_salt_args, is_highstate_of, our_args, salt_args};
    use raas_api::cmd::RouteCmdArg;
    use serde_json::json;

    #[test]
    fn arguments_go_to_salt_and_come_back() {
        let arg: RouteCmdArg =
            serde_json::from_value(json!({"arg": ["a", 1], "kwarg": {"test": true}})).unwrap();
        let salt = salt_args(&arg);
        assert_eq!(salt, json!(["a", 1, {"__kwarg__": true, "test": true}]));
        assert_eq!(from_salt_args(&salt), our_args(&arg));
        assert_eq!(salt_args(&RouteCmdArg::default()), json!([]));
    }

    #[test]
    fn a_highstate_is_told_from_applying_one_state() {
        assert!(is_highstate_of("state.apply", &json!({"arg": [], "kwarg": {"test": true}})));
        assert!(!is_highstate_of("state.apply", &json!({"arg": ["web"], "kwarg": {}})));
        assert!(!is_highstate_of("state.apply", &json!({"arg": [], "kwarg": {"mods": "web"}})));
        assert!(is_highstate_of("state.highstate", &json!({"arg": [], "kwarg": {}})));
    }
}
