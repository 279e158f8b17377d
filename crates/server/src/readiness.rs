//! How minions are asked for the settings that their cluster needs, and how their answers are read. The rules about them
//! are `raas_cluster::readiness`.

use raas_cluster::readiness::{Finding, Settings};
use serde_json::{Map, Value, json};

/// Renders a template on the minion, where its configuration is at hand: the one call that takes exactly the named
/// settings out of it, and on every version of Salt that is served. (`config.items` would fetch secrets, too.)
pub(crate) const FUNCTION: &str = "slsutil.renderer";

/// What is asked for. The list of masters is taken from the minion's files, where they can be read, as a running hot-hot
/// minion knows only the master of each connection, and a failover minion sets `retry_dns` itself.
const TEMPLATE: &str = include_str!("readiness/settings.jinja");

/// Masters of one minion that are kept.
const MASTERS: usize = 64;
/// Longest text that is kept.
const TEXT: usize = 255;

/// Arguments of [`FUNCTION`].
pub(crate) fn arguments() -> Map<String, Value> {
    Map::from_iter([
        ("string".to_owned(), json!(TEMPLATE.replace('\n', ""))),
        ("default_renderer".to_owned(), json!("jinja|json")),
    ])
}

/// Reads what a minion returned; none: it is no answer to this question.
pub(crate) fn read(returned: &Value) -> Option<Settings> {
    let said = returned.as_object()?;
    said.get("master_type")?;
    let configured = said.get("configured").and_then(Value::as_object);
    let configured = |name: &str| configured.and_then(|said| said.get(name));
    let is_hot = said.get("master_type").and_then(Value::as_str) != Some("failover");
    let running = || said.get("master_list").and_then(texts).or_else(|| said.get("master").and_then(texts));
    // What a running hot-hot minion says is the master of one of its connections only.
    let masters = configured("master").and_then(texts).or_else(|| if is_hot { None } else { running() });
    Some(Settings {
        master_type: said.get("master_type").and_then(Value::as_str).map(short),
        masters: masters.unwrap_or_default(),
        master_alive_interval: number(said, "master_alive_interval"),
        master_failback: truth(said, "master_failback"),
        random_master: truth(said, "random_master"),
        retry_dns: configured("retry_dns").and_then(Value::as_f64).or_else(|| number(said, "retry_dns")),
        cache_jobs: truth(said, "cache_jobs"),
        random_reauth_delay: number(said, "random_reauth_delay"),
    })
}

fn number(said: &Map<String, Value>, name: &str) -> Option<f64> {
    said.get(name).and_then(Value::as_f64).filter(|number| number.is_finite())
}

fn truth(said: &Map<String, Value>, name: &str) -> Option<bool> {
    said.get(name).and_then(Value::as_bool)
}

fn texts(value: &Value) -> Option<Vec<String>> {
    match value {
        Value::String(text) => Some(vec![short(text)]),
        Value::Array(items) => {
            Some(items.iter().filter_map(Value::as_str).take(MASTERS).map(short).collect())
        }
        _ => None,
    }
}

fn short(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(TEXT).collect()
}

/// Stored findings.
pub(crate) fn findings(text: &str) -> Vec<Finding> {
    serde_json::from_str(text).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::read;
    use serde_json::json;

    #[test]
    fn a_minion_says_what_it_is_configured_with_wherever_it_is() {
        let said = json!({
            "master_type": "failover", "master": "10.0.0.2", "master_list": ["10.0.0.1", "10.0.0.2"],
            "configured": {"master": ["10.0.0.1", "10.0.0.2", "10.0.0.3"], "retry_dns": 30},
            "master_alive_interval": 30, "master_failback": false, "random_master": false, "retry_dns": 0,
            "cache_jobs": true, "random_reauth_delay": 10,
        });
        let settings = read(&said).unwrap();
        assert_eq!((settings.masters.len(), settings.retry_dns), (3, Some(30.0)));
        assert_eq!((settings.master_alive_interval, settings.cache_jobs), (Some(30.0), Some(true)));
    }

    #[test]
    fn where_the_files_cannot_be_read_the_running_minion_says_what_it_knows() {
        let said = |kind: &str| json!({"master_type": kind, "master": "b", "master_list": ["a", "b"], "configured": {}});
        assert_eq!(read(&said("failover")).unwrap().masters, ["a", "b"]);
        assert!(read(&said("str")).unwrap().masters.is_empty());
    }

    #[test]
    fn whatever_else_a_minion_returns_is_no_answer() {
        for other in [json!(null), json!("'slsutil.renderer' is not available."), json!([1]), json!({"a": 1})]
        {
            assert!(read(&other).is_none(), "{other}");
        }
        let endless =
            json!({"master_type": "x".repeat(9_999), "configured": {"master": vec!["a\u{0}b"; 9_999]}});
        let settings = read(&endless).unwrap();
        assert_eq!((settings.master_type.unwrap().len(), settings.masters.len()), (255, 64));
        assert_eq!(settings.masters[0], "ab");
    }
}
