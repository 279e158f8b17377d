//! How Salt reads one component of a path when it is no key as it stands: as a number of a list, or as YAML.

/// A component as the index of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Index {
    /// Python's `int()` takes it; negative ones count from the end.
    At(i64),
    /// It does not.
    Not,
    /// Digits that are not ASCII: not decided here.
    Odd,
}

/// A component as Salt's `yamlify_arg` loads it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Loaded {
    /// To itself, or to something that no key of JSON can be.
    Same,
    /// To another text.
    Other(String),
    /// To something that takes a YAML reader to say.
    Odd,
}

/// Python's `int()`.
pub(crate) fn index(text: &str) -> Index {
    let bare = text.trim_matches(super::is_space);
    let digits = bare.strip_prefix(['+', '-']).unwrap_or(bare);
    if digits.chars().any(|c| !c.is_ascii() && c.is_numeric()) {
        return Index::Odd;
    }
    let well_formed = digits.split('_').all(|run| !run.is_empty() && run.bytes().all(|b| b.is_ascii_digit()));
    if !well_formed {
        return Index::Not;
    }
    // Out of range is out of any list.
    let number = digits.replace('_', "").parse().unwrap_or(i64::MAX);
    Index::At(if bare.starts_with('-') { -number } else { number })
}

/// What YAML makes of a component that is not a key itself. Salt tries that, so that `1` finds the number; with keys
/// that are texts only quoting and white space at the edges make a difference.
pub(crate) fn yaml_loaded(text: &str) -> Loaded {
    let bare = text.trim_matches(' ');
    if left_alone(text) || never_a_text(bare) {
        return Loaded::Same;
    }
    if text.contains(['\u{85}', '\u{2028}', '\u{2029}', '\u{feff}'])
        || bare.starts_with(['\'', '"', '!', '&', '|', '>'])
        || ["---", "..."].iter().any(|mark| bare.starts_with(&format!("{mark} ")))
    {
        return Loaded::Odd;
    }
    if bare == text {
        return Loaded::Same;
    }
    if is_perhaps_no_text(bare) { Loaded::Odd } else { Loaded::Other(bare.to_owned()) }
}

/// Salt does not give these to YAML, or takes what was given when it comes back.
fn left_alone(text: &str) -> bool {
    let bare = text.trim_matches(super::is_space);
    matches!(bare, "" | "---" | "...")
        || text.contains(['\t', '\r', '\n', '#'])
        || (text.contains('_') && bare.chars().all(|c| c.is_ascii_digit() || c == '_'))
}

/// Errors, maps and lists: Salt goes on with the component as it was, or finds no key.
fn never_a_text(bare: &str) -> bool {
    bare.starts_with(['[', ']', '{', '}', ',', '*', '%', '@', '`'])
        || matches!(bare, "-" | "?" | ":")
        || ["- ", "? ", ": "].iter().any(|start| bare.starts_with(start))
        || bare.contains(": ")
        || bare.ends_with(':')
        || bare.chars().any(|c| (c.is_control() && c != '\u{85}') || matches!(c, '\u{fffe}' | '\u{ffff}'))
}

/// Numbers, dates, yes and no: not keys of JSON, but which of these words are which takes YAML's tables.
fn is_perhaps_no_text(bare: &str) -> bool {
    let word = bare.to_ascii_lowercase();
    bare.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '+' | '-' | '.'))
        || matches!(
            word.as_str(),
            "yes" | "no" | "on" | "off" | "true" | "false" | "null" | "none" | "~" | "=" | "<<"
        )
}

#[cfg(test)]
mod tests {
    use super::{Index, Loaded, index, yaml_loaded};

    #[test]
    fn indices_are_read_as_python_does() {
        for (text, expected) in [
            ("0", Index::At(0)),
            (" +1_0 ", Index::At(10)),
            ("-1", Index::At(-1)),
            ("1__0", Index::Not),
            ("", Index::Not),
            ("a", Index::Not),
            ("٣", Index::Odd),
            ("99999999999999999999", Index::At(i64::MAX)),
        ] {
            assert_eq!(index(text), expected, "{text:?}");
        }
    }

    #[test]
    fn components_are_loaded_as_yaml() {
        for (text, expected) in [
            ("os", Loaded::Same),
            (" os", Loaded::Other("os".to_owned())),
            ("'os'", Loaded::Odd),
            (" 1", Loaded::Odd),
            ("*", Loaded::Same),
            ("[0-9]", Loaded::Same),
            ("a: b", Loaded::Same),
            ("# os", Loaded::Same),
        ] {
            assert_eq!(yaml_loaded(text), expected, "{text:?}");
        }
    }
}
