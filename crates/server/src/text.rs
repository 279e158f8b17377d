//! Text as PostgreSQL can hold it, whatever minions send. What it says is not looked at.

/// JSON that nests deeper is kept as its text: PostgreSQL reads it on its stack.
const DEEPEST: usize = 200;

/// Text that PostgreSQL can hold.
pub(crate) fn clean(text: &str) -> String {
    text.replace('\0', "\u{fffd}")
}

/// JSON that PostgreSQL can read.
pub(crate) fn shallow(json: &str) -> String {
    if depth(json) <= DEEPEST {
        return json.to_owned();
    }
    serde_json::Value::String(json.to_owned()).to_string()
}

fn depth(json: &str) -> usize {
    let (mut now, mut deepest, mut text, mut escaped) = (0_usize, 0, false, false);
    for byte in json.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if text => escaped = true,
            b'"' => text = !text,
            _ if text => {}
            b'[' | b'{' => {
                now += 1;
                deepest = deepest.max(now);
            }
            b']' | b'}' => now = now.saturating_sub(1),
            _ => {}
        }
    }
    deepest
}

#[cfg(test)]
mod tests {
    use super::{depth, shallow};

    #[test]
    fn what_nests_too_deep_is_kept_as_text() {
        assert_eq!(depth(r#"{"a": [1, "[[[\"[", {}]}"#), 3);
        let deep = "[".repeat(100_000) + &"]".repeat(100_000);
        assert!(shallow(&deep).starts_with("\"[["));
        assert_eq!(shallow("[[1]]"), "[[1]]");
    }
}
