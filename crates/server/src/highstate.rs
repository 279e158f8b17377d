//! What a run of states made, out of its return. Minions send it: any shape, any size. What does not look like results of
//! states is none; texts are cut, so that the tables stay small whatever comes.

use raas_db::highstate::{NOT_RUN, StateResult};
use serde_json::{Map, Value, json};

use crate::text::{clean, shallow};

/// Functions whose returns are results of states.
const RUNS: [&str; 3] = ["state.apply", "state.highstate", "state.sls"];
/// Larger returns are not looked into: bytes of their JSON.
pub(crate) const LARGEST: i64 = 16 << 20;
/// States of one run, at most.
const MOST: usize = 5_000;
/// Longest comment, in characters.
const COMMENT: usize = 2_000;
/// Longest id of a state, SLS, environment, in characters.
const NAME: usize = 300;
/// Longest JSON of changes, in bytes.
const CHANGES: usize = 8 << 10;

/// A run of states.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct States {
    /// A whole highstate whose states ran.
    pub(crate) full: bool,
    /// A dry run.
    pub(crate) test: bool,
    /// Environment.
    pub(crate) saltenv: String,
    /// One per state.
    pub(crate) results: Vec<StateResult>,
}

/// Whether returns of a function are results of states.
pub(crate) fn is_run(fun: &str) -> bool {
    RUNS.contains(&fun)
}

/// Reads the return of a function; none when it is no run of states.
pub(crate) fn read(fun: &str, fun_args: &Value, value: &str) -> Option<States> {
    if !is_run(fun) || i64::try_from(value.len()).is_ok_and(|len| len > LARGEST) {
        return None;
    }
    let (positional, kwarg) = arguments(fun_args);
    let results = match serde_json::from_str(value).ok()? {
        Value::Object(map) => map.iter().take(MOST).filter_map(|(tag, one)| state(tag, one)).collect(),
        Value::Array(errors) => vec![not_run(&errors)],
        _ => return None,
    };
    let ran = matches!(value.trim_start().as_bytes().first(), Some(b'{'));
    Some(States {
        full: ran && crate::job::is_highstate(fun, positional, &kwarg),
        test: kwarg.get("test").and_then(Value::as_bool).unwrap_or(false),
        saltenv: kwarg
            .get("saltenv")
            .and_then(Value::as_str)
            .map_or_else(|| "base".to_owned(), |env| cut(env, NAME)),
        results,
    })
}

/// Keyword arguments come as a last item with a mark.
fn arguments(fun_args: &Value) -> (usize, Map<String, Value>) {
    let ours = crate::job::from_salt_args(fun_args);
    let positional = ours["arg"].as_array().map_or(0, Vec::len);
    (positional, ours["kwarg"].as_object().cloned().unwrap_or_default())
}

/// One entry of a return: `type_|-id_|-name_|-fun` → its result.
fn state(tag: &str, one: &Value) -> Option<StateResult> {
    let map = one.as_object()?;
    let result = map.get("result")?;
    let text = |name: &str| map.get(name).and_then(Value::as_str);
    let id = text("__id__").or_else(|| tag.split("_|-").nth(1)).unwrap_or(tag);
    let changes = map.get("changes").unwrap_or(&Value::Null);
    Some(StateResult {
        tag: clean(tag),
        state: cut(id, NAME),
        sls: cut(text("__sls__").unwrap_or_default(), NAME),
        run_num: map.get("__run_num__").and_then(Value::as_i64).unwrap_or(0),
        // Null: a dry run would change something. Only "false" is a failure.
        result: *result != Value::Bool(false),
        num_changes: count(changes),
        duration: duration(map.get("duration")),
        changes: kept(changes),
        comment: cut(&comment(map.get("comment")), COMMENT),
    })
}

fn not_run(errors: &[Value]) -> StateResult {
    let said: Vec<String> = errors.iter().take(20).map(|one| comment(Some(one))).collect();
    StateResult {
        tag: NOT_RUN.to_owned(),
        state: NOT_RUN.to_owned(),
        sls: String::new(),
        run_num: 0,
        result: false,
        num_changes: 0,
        duration: 0.0,
        changes: "{}".to_owned(),
        comment: cut(&said.join("\n"), COMMENT),
    }
}

fn count(changes: &Value) -> i64 {
    let count = match changes {
        Value::Object(map) => map.len(),
        Value::Array(items) => items.len(),
        Value::Null | Value::Bool(false) => 0,
        Value::String(text) => usize::from(!text.is_empty()),
        _ => 1,
    };
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// Milliseconds, as a number or as older versions wrote it: "12.3 ms".
fn duration(value: Option<&Value>) -> f64 {
    let number = match value {
        Some(Value::Number(number)) => number.as_f64(),
        Some(Value::String(text)) => text.split_whitespace().next().and_then(|first| first.parse().ok()),
        _ => None,
    };
    number.filter(|ms: &f64| ms.is_finite()).unwrap_or(0.0).clamp(0.0, 1e12)
}

fn kept(changes: &Value) -> String {
    let text = if changes.is_null() {
        "{}".to_owned()
    } else {
        clean(&changes.to_string().replace("\\u0000", "\\ufffd"))
    };
    if text.len() <= CHANGES {
        return shallow(&text);
    }
    json!(format!("{} bytes of changes: they are in the return", text.len())).to_string()
}

fn comment(value: Option<&Value>) -> String {
    match value {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Array(lines)) => {
            lines.iter().take(50).map(|line| comment(Some(line))).collect::<Vec<_>>().join("\n")
        }
        None | Some(Value::Null) => String::new(),
        Some(other) => other.to_string(),
    }
}

fn cut(text: &str, longest: usize) -> String {
    let text: String = text.chars().take(longest).collect();
    clean(&text)
}

#[cfg(test)]
mod tests {
    use super::{NOT_RUN, read};
    use serde_json::{Value, json};

    fn of(fun: &str, args: &Value, value: &Value) -> Option<super::States> {
        read(fun, args, &value.to_string())
    }

    #[test]
    fn results_of_states_are_read_whatever_else_is_there() {
        let value = json!({
            "pkg_|-vim_|-vim_|-installed": {"__id__": "vim", "__sls__": "editors", "__run_num__": 1, "result": true,
                "changes": {"vim": {"old": "", "new": "9"}}, "duration": 12.5, "comment": "ok"},
            "file_|-a_|-/etc/a_|-managed": {"result": false, "changes": {}, "duration": "3.5 ms", "comment": ["x", "y"]},
            "no state at all": 7,
            "also none": {"comment": "no result"},
        });
        let read = of("state.apply", &json!([]), &value).unwrap();
        assert!(read.full && !read.test && read.saltenv == "base" && read.results.len() == 2);
        let (vim, a) = (&read.results[0], &read.results[1]);
        assert_eq!(
            (vim.state.as_str(), vim.sls.as_str(), vim.num_changes, vim.duration),
            ("vim", "editors", 1, 12.5)
        );
        assert_eq!((a.state.as_str(), a.result, a.duration, a.comment.as_str()), ("a", false, 3.5, "x\ny"));
    }

    #[test]
    fn a_dry_run_a_part_and_another_environment_are_told_apart() {
        let args = json!(["web", {"__kwarg__": true, "test": true, "saltenv": "dev"}]);
        let value = json!({"test_|-a_|-a_|-nop": {"result": null, "changes": {}}});
        let read = of("state.sls", &args, &value).unwrap();
        assert!(!read.full && read.test && read.saltenv == "dev" && read.results[0].result, "{read:?}");
    }

    #[test]
    fn a_run_that_was_not_rendered_is_one_failure_and_replaces_nothing() {
        let read = of("state.highstate", &json!([]), &json!(["No matching sls found for 'x'"])).unwrap();
        assert!(!read.full && !read.results[0].result);
        assert_eq!(
            (read.results[0].state.as_str(), read.results[0].comment.as_str()),
            (NOT_RUN, "No matching sls found for 'x'")
        );
    }

    #[test]
    fn any_other_shape_is_no_run_and_large_values_are_cut() {
        for (fun, value) in
            [("state.apply", json!("text")), ("state.apply", json!(null)), ("test.ping", json!({}))]
        {
            assert_eq!(of(fun, &json!(null), &value), None);
        }
        let long = "x".repeat(100_000);
        let value = json!({"a\0": {"result": 5, "changes": {"d": long}, "comment": long, "__id__": 3, "duration": "NaN"}});
        let read = of("state.apply", &json!({"odd": 1}), &value).unwrap();
        let one = &read.results[0];
        assert!(
            one.changes.len() < 100 && one.comment.len() == 2_000 && one.duration == 0.0 && one.result,
            "{one:?}"
        );
        assert_eq!(one.tag, "a\u{fffd}");
    }
}
