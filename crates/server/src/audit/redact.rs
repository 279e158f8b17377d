//! Parameters without their secrets, bounded: what the audit may keep of a call. Pure.

use serde_json::{Map, Value, json};

/// What stands in the place of a secret.
const HIDDEN: &str = "********";
/// Parts of names whose values are secrets.
const SECRET: &[&str] = &[
    "password",
    "passwd",
    "passphrase",
    "passwort",
    "secret",
    "token",
    "jwt",
    "api_key",
    "apikey",
    "api-key",
    "private",
    "credential",
    "authorization",
    "cookie",
    "session_key",
];
/// The longest JSON that is kept whole.
const LONGEST: usize = 16 * 1024;
/// How much is kept of a longer one.
const KEPT: usize = 2 * 1024;

/// The parameters of a call as JSON text.
pub(crate) fn redacted(params: &Map<String, Value>) -> Value {
    let mut value = Value::Object(params.clone());
    // Functions as shadow.set_password take their secrets by position.
    let positional = params.get("fun").and_then(Value::as_str).is_some_and(is_secret);
    hide(&mut value);
    // What clients keep (kv.*) is theirs alone.
    if let Some(kept) = value.get_mut("value") {
        *kept = json!(HIDDEN);
    }
    if positional && let Some(arg) = value.pointer_mut("/arg/arg") {
        *arg = json!(HIDDEN);
    }
    let text = value.to_string();
    if text.len() <= LONGEST {
        return value;
    }
    let end = text.floor_char_boundary(KEPT);
    json!({"cut": format!("{}…", &text[..end]), "bytes": text.len()})
}

/// Whether a value of this name is a secret. The uuid of one is none: it says which one is meant.
fn is_secret(name: &str) -> bool {
    let name = name.to_lowercase();
    !name.ends_with("uuid") && SECRET.iter().any(|part| name.contains(part))
}

fn hide(value: &mut Value) {
    match value {
        Value::Object(map) => {
            for (name, value) in map.iter_mut() {
                if is_secret(name) && !value.is_null() {
                    *value = json!(HIDDEN);
                } else {
                    hide(value);
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(hide),
        Value::String(text) => {
            if let Some(hidden) = assignments(text) {
                *text = hidden;
            }
        }
        _ => {}
    }
}

/// Salt's arguments may come as `name=value`, command lines as `--password value`, JSON and YAML as text, and addresses
/// with a password in them. What follows a secret's name is hidden to the end of the text: where it ends is not certain.
fn assignments(text: &str) -> Option<String> {
    let lower = text.to_ascii_lowercase();
    let named = SECRET.iter().flat_map(|part| lower.match_indices(part)).filter_map(|(at, part)| {
        let end = at + part.len();
        let rest = lower[end..].trim_start_matches(|c: char| c.is_alphanumeric() || "_-.\"'\\".contains(c));
        let value = rest.trim_start();
        let option =
            || lower[..at].rsplit(char::is_whitespace).next().is_some_and(|word| word.starts_with('-'));
        if value.starts_with(['=', ':']) {
            Some(lower.len() - value.len() + 1)
        } else {
            (value.len() < rest.len() && option()).then(|| lower.len() - value.len())
        }
    });
    let cut = named.chain(in_address(&lower)).min()?;
    (cut < text.len()).then(|| format!("{}{HIDDEN}", &text[..cut]))
}

/// Where the password of an address as `https://user:password@host` begins.
fn in_address(text: &str) -> Option<usize> {
    text.match_indices("://").find_map(|(at, _)| {
        let start = at + 3;
        let host = &text[start..];
        let authority = host.split(|c: char| c == '/' || c.is_whitespace()).next()?;
        let (who, _) = authority.rsplit_once('@')?;
        who.find(':').map(|colon| start + colon + 1)
    })
}

#[cfg(test)]
mod tests {
    use super::redacted;
    use serde_json::{Value, json};

    fn shown(params: &Value) -> String {
        redacted(params.as_object().unwrap()).to_string()
    }

    #[test]
    fn nothing_that_is_named_like_a_secret_is_kept() {
        for params in [
            json!({"password": "hunter2"}),
            json!({"fun": "mysql.user_create", "arg": {"kwarg": {"host": "db", "password": "hunter2"}}}),
            json!({"fun": "shadow.set_password", "arg": {"arg": ["ann", "hunter2"]}}),
            json!({"fun": "state.apply", "arg": {"kwarg": {"pillar": {"db": {"root_passwd": ["hunter2"]}}}}}),
            json!({"arg": {"arg": ["db_password=hunter2 and more"]}}),
            json!({"arg": {"arg": ["mysql -u root --password=hunter2 -e x"]}}),
            json!({"arg": {"kwarg": {"API_KEY": {"nested": "hunter2"}}}}),
            json!({"arg": {"arg": ["mysql --password hunter2"]}}),
            json!({"arg": {"arg": ["pillar={\"db\": {\"password\": \"hunter2\"}}"]}}),
            json!({"arg": {"arg": ["{'db_passwd' : 'hunter2'}"]}}),
            json!({"arg": {"arg": ["git clone https://ann:hunter2@git.example/x"]}}),
            json!({"arg": {"arg": ["Ünïcode Password: hunter2"]}}),
        ] {
            let shown = shown(&params);
            assert!(!shown.contains("hunter2") && shown.contains("****"), "{params} is kept as {shown}");
        }
    }

    #[test]
    fn everything_else_is_kept_up_to_a_bound() {
        let params = json!({"fun": "test.ping", "tgt": {"eu": {"tgt": "a=b", "tgt_type": "glob"}}, "password": null,
            "token_uuid": "0e5e", "arg": {"arg": ["apt install password-store", "https://git.example/x"]}});
        assert_eq!(redacted(params.as_object().unwrap()), params);
        let long = json!({"minions": vec!["é".repeat(60); 1000]});
        let kept = redacted(long.as_object().unwrap());
        assert!(kept.to_string().len() < 4096 && kept["bytes"].as_u64() > Some(100_000), "{kept}");
    }
}
