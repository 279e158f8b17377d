//! What is wrong with a configuration: unknown keys, wrong types, and values that cannot be meant.

use std::net::SocketAddr;

use schemars::schema_for;
use serde_json::Value;

use super::Config;

/// One problem.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// `section.key`, or the file.
    pub key: String,
    /// The value and what was expected.
    pub message: String,
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.key, self.message)
    }
}

/// Compares every key of every section with the schema.
pub(super) fn check(whole: &Value, problems: &mut Vec<Problem>) {
    let schema = schema_for!(Config).to_value();
    walk("", whole, &schema, &schema, problems);
}

fn walk(at: &str, value: &Value, schema: &Value, root: &Value, problems: &mut Vec<Problem>) {
    if value.is_null() && schema.get("anyOf").is_some() {
        return; // a section that may be left out
    }
    let schema = resolve(schema, root);
    if let (Some(map), Some(known)) = (value.as_object(), schema.get("properties").and_then(Value::as_object))
    {
        for (key, value) in map {
            let path = if at.is_empty() { key.clone() } else { format!("{at}.{key}") };
            match known.get(key) {
                Some(inner) => walk(&path, value, inner, root, problems),
                None => problems.push(Problem {
                    key: path,
                    message: format!(
                        "is not a key; known here: {}",
                        known.keys().cloned().collect::<Vec<_>>().join(", ")
                    ),
                }),
            }
        }
    } else if let Some(expected) = mismatch(value, schema) {
        problems.push(Problem { key: at.to_owned(), message: format!("is {value}: expected {expected}") });
    }
}

/// Follows a reference, and an optional section to its inside.
fn resolve<'a>(schema: &'a Value, root: &'a Value) -> &'a Value {
    if let Some(name) = schema.get("$ref").and_then(Value::as_str).and_then(|r| r.rsplit('/').next()) {
        return root.pointer(&format!("/$defs/{name}")).unwrap_or(schema);
    }
    let any = schema.get("anyOf").and_then(Value::as_array);
    any.and_then(|all| all.iter().find(|one| one.get("$ref").is_some()))
        .map_or(schema, |one| resolve(one, root))
}

fn mismatch(value: &Value, schema: &Value) -> Option<String> {
    let allowed: Vec<&str> = match schema.get("type") {
        Some(Value::String(one)) => vec![one],
        Some(Value::Array(some)) => some.iter().filter_map(Value::as_str).collect(),
        _ => return None,
    };
    let minimum = schema.get("minimum").and_then(Value::as_f64);
    let fits = allowed.iter().any(|kind| match *kind {
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "object" => value.is_object(),
        "array" => value.is_array(),
        "null" => value.is_null(),
        _ => true,
    }) && !matches!((value.as_f64(), minimum), (Some(n), Some(least)) if n < least);
    let at_least = minimum.map(|least| format!(" of at least {least}")).unwrap_or_default();
    (!fits).then(|| format!("{}{at_least}", allowed.join(" or ")))
}

/// Values of the right type that cannot be meant.
pub(super) fn meaning(config: &Config, problems: &mut Vec<Problem>) {
    let mut wrong = |key: &str, message: String| problems.push(Problem { key: key.to_owned(), message });
    match config.server.listen.parse::<SocketAddr>() {
        Err(_) => wrong(
            "server.listen",
            format!("is {:?}: expected address:port, as 127.0.0.1:8080", config.server.listen),
        ),
        Ok(address)
            if !address.ip().is_loopback()
                && config.server.tls.is_none()
                && !config.server.allow_plain_http_on_network =>
        {
            wrong(
                "server.listen",
                format!(
                    "is {address}, which other machines reach, and there is no certificate: set server.tls, or, where another program does TLS, server.allow_plain_http_on_network: true"
                ),
            );
        }
        Ok(_) => {}
    }
    for (key, value) in [
        ("server.max_body_mib", config.server.max_body_mib),
        ("database.max_connections", config.database.max_connections),
        ("auth.jwt_ttl_s", config.auth.jwt_ttl_s),
        ("auth.attempts", config.auth.attempts),
        ("presence.master_expiry_s", config.presence.master_expiry_s),
        ("presence.minion_expiry_s", config.presence.minion_expiry_s),
        ("jobs.timeout_s", config.jobs.timeout_s),
        ("jobs.publish_before_s", config.jobs.publish_before_s),
        ("jobs.ask_wait_s", config.jobs.ask_wait_s),
        ("retention.dead_letter_count", config.retention.dead_letter_count),
        ("retention.dead_letter_mib", config.retention.dead_letter_mib),
    ] {
        if value == 0 {
            wrong(key, "is 0: expected at least 1".to_owned());
        }
    }
    if let Some(hour) = config.retention.at_hour.filter(|hour| *hour > 23) {
        wrong("retention.at_hour", format!("is {hour}: expected an hour from 0 to 23, or null"));
    }
}
