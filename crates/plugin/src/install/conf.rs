//! The text of raas.conf: the commented defaults, with what was chosen filled in.

use std::path::Path;

use serde_json::{Value, json};

/// The commented defaults.
const TEMPLATE: &str = include_str!("../../../../etc/raas.conf");

/// What the operator chose.
#[derive(Clone, Debug, Default)]
pub struct Chosen {
    /// URL of the server.
    pub server: Option<String>,
    /// Cluster id.
    pub cluster_id: Option<String>,
    /// Failover cluster.
    pub failover: bool,
}

impl Chosen {
    /// What cannot be, said as the option to change.
    pub(super) fn check(&self) -> Result<(), String> {
        if self.failover && self.cluster_id.is_none() {
            return Err(
                "--failover needs --cluster-id: the id that all masters of the cluster share".to_owned()
            );
        }
        let Some(server) = &self.server else { return Ok(()) };
        match server.parse::<reqwest::Url>() {
            Ok(url) if matches!(url.scheme(), "http" | "https") => Ok(()),
            _ => Err(format!("--server {server:?} is no URL: it must be as https://raas.example:8080")),
        }
    }
}

pub(super) fn text(chosen: &Chosen, config_dir: &Path, engines: &Path, plugin: &Path) -> String {
    let mut conf = TEMPLATE.to_owned();
    let mut set = |default: &str, line: String| conf = conf.replacen(default, &line, 1);
    if let Some(server) = &chosen.server {
        set("#sseapi_server: https://raas.example:8080\n", format!("sseapi_server: {}\n", scalar(server)));
    }
    if let Some(cluster_id) = &chosen.cluster_id {
        set("#sseapi_cluster_id: eu-web\n", format!("sseapi_cluster_id: {}\n", scalar(cluster_id)));
        let failover = if chosen.failover { "True" } else { "False" };
        set("#sseapi_failover_master: False\n", format!("sseapi_failover_master: {failover}\n"));
    }
    let path = |path: &Path| scalar(&path.to_string_lossy());
    let main = main_file(config_dir);
    let more = |key: &str| others(&main, key);
    set("  - /etc/salt/raas/engines\n", format!("{}  - {}\n", more("engines_dirs"), path(engines)));
    set("  - raas:\n", format!("{}  - raas:\n", more("engines")));
    set("      plugin: /usr/bin/raas-plugin\n", format!("      plugin: {}\n", path(plugin)));
    set("      config_dir: /etc/salt\n", format!("      config_dir: {}\n", path(config_dir)));
    conf
}

/// A list in `master.d` takes the place of the one in the main file: what that one says is said here too.
fn others(main: &Value, key: &str) -> String {
    let items = match main.get(key) {
        Some(Value::Array(items)) => items.clone(),
        Some(Value::String(one)) => vec![json!(one)],
        _ => return String::new(),
    };
    let line = |item: &Value| format!("  - {item} # from the main file, which this list replaces\n");
    items.iter().map(line).collect::<Vec<_>>().concat()
}

fn main_file(config_dir: &Path) -> Value {
    let text = std::fs::read_to_string(config_dir.join("master")).unwrap_or_default();
    serde_yaml::from_str(&text).unwrap_or(Value::Null)
}

/// As YAML: plain where every reader takes it as text, else as JSON, which is YAML.
fn scalar(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./".contains(c);
    let url = text.starts_with("http://") || text.starts_with("https://");
    let words = ["true", "false", "yes", "no", "on", "off", "null", "y", "n"];
    let safe = text.chars().all(|c| plain(c) || (url && c == ':'))
        && text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/')
        && !text.ends_with(':')
        && !words.contains(&text.to_lowercase().as_str());
    if safe { text.to_owned() } else { json!(text).to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_that_yaml_would_misread_are_quoted() {
        assert_eq!(scalar("eu-web"), "eu-web");
        assert_eq!(scalar("https://raas.example:8080"), "https://raas.example:8080");
        for text in ["no", "0644", "a: b", "1_000", "é", "", "http://x:"] {
            assert_eq!(scalar(text), json!(text).to_string());
        }
    }

    #[test]
    fn the_template_is_yaml_and_every_line_that_is_filled_in_is_there() {
        let _: Value = serde_yaml::from_str(TEMPLATE).unwrap();
        let chosen = Chosen {
            server: Some("http://127.0.0.1:1".to_owned()),
            cluster_id: Some("a".to_owned()),
            failover: true,
        };
        let conf = text(&chosen, Path::new("/c"), Path::new("/c/raas/engines"), Path::new("/bin/p"));
        let read: Value = serde_yaml::from_str(&conf).unwrap();
        assert_eq!(
            read,
            json!({
                "sseapi_server": "http://127.0.0.1:1", "sseapi_cluster_id": "a", "sseapi_failover_master": true,
                "engines_dirs": ["/c/raas/engines"], "engines": [{"raas": {"plugin": "/bin/p", "config_dir": "/c"}}],
            })
        );
    }
}
