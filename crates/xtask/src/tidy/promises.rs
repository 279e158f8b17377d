//! Rules about docs/guarantees.md: each promise names what shows it, and every test that is named exists. No test is run here.

use std::collections::BTreeSet;

/// The document.
pub(super) const DOCUMENT: &str = "docs/guarantees.md";

/// Functions of a Rust file: what a document may call a test.
pub(super) fn functions(text: &str) -> impl Iterator<Item = &str> {
    text.lines().filter_map(|line| {
        let (_, name) = line.split_once("fn ")?;
        name.split(|c: char| !is_of_name(c)).next().filter(|name| !name.is_empty())
    })
}

/// Checks the document against the functions of the source tree.
pub(super) fn check(text: &str, functions: &BTreeSet<String>, problems: &mut Vec<String>) {
    for (number, line) in text.lines().enumerate().map(|(at, line)| (at + 1, line)) {
        let named: Vec<&str> = quoted(line).filter(|words| is_test(words)).collect();
        for name in named.iter().filter(|name| !functions.contains(**name)) {
            problems.push(format!("{DOCUMENT}:{number}: no test is called {name}"));
        }
        let shown = !named.is_empty() || quoted(line).any(|words| words.starts_with("cargo xtask "));
        if is_promise(line) && !shown {
            problems.push(format!("{DOCUMENT}:{number}: a promise that nothing shows"));
        }
    }
}

/// Rows of tables are promises, but for their heads.
fn is_promise(line: &str) -> bool {
    line.starts_with("| ") && !line.starts_with("| Promise") && !line.starts_with("| Not promised")
}

fn quoted(line: &str) -> impl Iterator<Item = &str> {
    line.split('`').skip(1).step_by(2)
}

/// Stories have long names; settings and columns have short ones.
fn is_test(words: &str) -> bool {
    words.matches('_').count() >= 3 && words.chars().all(is_of_name)
}

fn is_of_name(c: char) -> bool {
    c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_promise_wants_a_test_that_exists() {
        let functions =
            functions("    async fn it_holds_what_it_says() {\nfn short() {").map(str::to_owned).collect();
        let problems = |line: &str| {
            let mut problems = Vec::new();
            check(line, &functions, &mut problems);
            problems.len()
        };
        assert_eq!(problems("| Promise | Shown by |"), 0);
        assert_eq!(problems("| It holds | `it_holds_what_it_says` |"), 0);
        assert_eq!(problems("| It holds | `cargo xtask chaos` |"), 0);
        assert_eq!(problems("| It holds | our word |"), 1);
        assert_eq!(problems("| It holds | `it_holds_what_it_says`, `it_holds_more_than_that` |"), 1);
        assert_eq!(problems("words about `max_event_size`, which is no test"), 0);
    }
}
