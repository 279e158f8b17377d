//! Rules about the text of files: opening lines, length, what is left open, machine paths, where SQL may be.

use std::path::Path;

/// A file's wall, without its tests.
const MOST_LINES: usize = 400;

/// Checks one file; `path` is relative to the root.
pub(super) fn check(path: &str, text: &str, problems: &mut Vec<String>) {
    let extension = Path::new(path).extension().and_then(|extension| extension.to_str()).unwrap_or_default();
    let in_db = path.starts_with("crates/db/");
    if extension == "rs" && path.starts_with("crates/") {
        rust(path, text, problems);
    }
    // A benchmark fills whole tables and looks into them: what the product never does, and must not be able to.
    let fills = path.starts_with("crates/lab/src/bench/") && path.contains("/fill/");
    if extension == "sql"
        && !(in_db || fills || path.starts_with("migrations/") || path.starts_with("etc/docker/"))
    {
        problems.push(format!("{path}: SQL files live in crates/db and migrations"));
    }
    if !path.ends_with("lock") && !path.ends_with("package-lock.json") {
        every_line(path, text, problems);
    }
}

fn rust(path: &str, text: &str, problems: &mut Vec<String>) {
    if !text.starts_with("//!") {
        problems.push(format!("{path}:1: opens without a `//!` line that says what lives there"));
    }
    let lines = text.lines().take_while(|line| !line.starts_with("#[cfg(test)]")).count();
    if lines > MOST_LINES && !path.contains("/tests/") {
        problems.push(format!(
            "{path}: {lines} lines without its tests; {MOST_LINES} is the wall: does it hold one subject?"
        ));
    }
    // The plugin's spool is a SQLite file of its own; no PostgreSQL is spoken there.
    let may_hold_sql = ["crates/db/", "crates/plugin/src/spool/"].iter().any(|place| path.starts_with(place))
        || path.contains("/tests/");
    if !may_hold_sql {
        for (number, line) in numbered(text) {
            if ["\"SELECT ", "\"INSERT INTO ", "\"UPDATE ", "\"DELETE FROM "]
                .iter()
                .any(|verb| line.contains(verb))
                && !is_rule(path)
            {
                problems.push(format!("{path}:{number}: SQL outside crates/db"));
            }
        }
    }
}

fn every_line(path: &str, text: &str, problems: &mut Vec<String>) {
    if is_rule(path) {
        return;
    }
    let code = ["rs", "ts", "tsx", "sql"].iter().any(|extension| path.ends_with(&format!(".{extension}")));
    for (number, line) in numbered(text) {
        if code
            && ["todo!(", "unimplemented!(", "FIXME", "TODO", "#[ignore"]
                .iter()
                .any(|open| line.contains(open))
        {
            problems.push(format!("{path}:{number}: left open: {}", line.trim()));
        }
        if let Some(place) = machine_path(line) {
            problems.push(format!("{path}:{number}: {place} is a path of one particular machine"));
        }
    }
}

fn numbered(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.lines().enumerate().map(|(at, line)| (at + 1, line))
}

fn machine_path(line: &str) -> Option<&'static str> {
    ["/work/", "/farm/", "/tmp/targets/", "/root/.", "/home/"].into_iter().find(|place| {
        line.match_indices(place).any(|(at, _)| {
            let before = line[..at].chars().next_back();
            !before.is_some_and(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '}' | ')'))
        })
    })
}

/// This file names what it forbids.
fn is_rule(path: &str) -> bool {
    path == "crates/xtask/src/tidy/sources.rs"
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problems(path: &str, text: &str) -> Vec<String> {
        let mut problems = Vec::new();
        check(path, text, &mut problems);
        problems
    }

    #[test]
    fn a_tidy_file_has_no_problem() {
        assert!(problems("crates/api/src/id.rs", "//! Ids.\n\npub struct Id;\n").is_empty());
    }

    #[test]
    fn each_rule_names_the_file_and_the_line() {
        assert_eq!(problems("crates/api/src/id.rs", "pub struct Id;\n").len(), 1);
        assert!(
            problems("crates/api/src/id.rs", "//! Ids.\n// FIXME later\n")[0]
                .starts_with("crates/api/src/id.rs:2:")
        );
        assert_eq!(problems("crates/server/src/x.rs", "//! X.\nlet q = \"SELECT 1\";\n").len(), 1);
        assert_eq!(problems("crates/server/x.sql", "SELECT 1").len(), 1);
        assert_eq!(problems("README.md", "see /work/main\n").len(), 1);
        assert!(problems("README.md", "see https://example.org/work/main and crates/work/x\n").is_empty());
    }

    #[test]
    fn tests_do_not_count_towards_the_wall() {
        let long = format!("//! X.\n{}", "\n".repeat(MOST_LINES));
        assert_eq!(problems("crates/api/src/x.rs", &long).len(), 1);
        let tested = format!("//! X.\n#[cfg(test)]\n{}", "\n".repeat(MOST_LINES));
        assert!(problems("crates/api/src/x.rs", &tested).is_empty());
    }
}
