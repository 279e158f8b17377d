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

fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_").replace('\0', "")
}

#[cfg(test)]
mod tests {
    use super::{glob, substring};

    #[test]
    fn wildcards_of_sql_mean_themselves() {
        assert_eq!(substring("a_b%c\\"), "%a\\_b\\%c\\\\%");
        assert_eq!(glob("web_*.eu?"), "web\\_%.eu_");
    }
}
