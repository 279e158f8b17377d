//! What users type as a filter, as a LIKE pattern: wildcards of SQL in it mean nothing but themselves.

/// Matches values that contain `text`.
pub fn substring(text: &str) -> String {
    format!("%{}%", escaped(text))
}

/// Matches values by a glob: `*` any text, `?` one character, all else itself. Without either it is an exact match.
pub fn glob(text: &str) -> String {
    escaped(text).replace('*', "%").replace('?', "_")
}

/// Matches this text only.
pub fn exact(text: &str) -> String {
    escaped(text)
}

/// Matches lists, as JSON text, that have a word which a glob matches: a LIKE pattern that is quick, and where it may be wrong, which
/// is where a wildcard stands elsewhere than at the end, a regular expression that knows where a word ends.
pub fn member(text: &str) -> (String, Option<String>) {
    let like = format!("%\"{}\"%", glob(text));
    let begin = text.strip_suffix('*').unwrap_or(text);
    (like, begin.contains(['*', '?']).then(|| word(text)))
}

/// A regular expression for one word of a list.
fn word(text: &str) -> String {
    let mut regex = String::from("\"");
    for one in text.chars().filter(|one| *one != '\0') {
        match one {
            '*' => regex.push_str("[^\"]*"),
            '?' => regex.push_str("[^\"]"),
            plain if plain.is_alphanumeric() => regex.push(plain),
            other => regex.extend(['\\', other]),
        }
    }
    regex.push('"');
    regex
}

fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_").replace('\0', "")
}

#[cfg(test)]
mod tests {
    use super::{glob, member, substring};

    #[test]
    fn wildcards_of_sql_mean_themselves() {
        assert_eq!(substring("a_b%c\\"), "%a\\_b\\%c\\\\%");
        assert_eq!(glob("web_*.eu?"), "web\\_%.eu_");
    }

    #[test]
    fn a_word_of_a_list_ends_where_its_quotes_do() {
        let (like, regex) = member("10.*.5?");
        assert_eq!(like, "%\"10.%.5_\"%");
        assert_eq!(regex.as_deref(), Some(r#""10\.[^"]*\.5[^"]""#));
        assert_eq!(member("10.1.*"), ("%\"10.1.%\"%".to_owned(), None));
    }
}
