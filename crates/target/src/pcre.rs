//! Regular expressions as Salt uses them: Python's `re.match`, anchored at the start only.

use regex::{Regex, RegexBuilder};

use crate::Match;

/// A compiled expression; `None` where Python's syntax goes beyond ours (look-around, back references).
#[derive(Clone, Debug)]
pub(crate) struct Pcre(Option<Regex>);

impl Pcre {
    pub(crate) fn new(expression: &str) -> Self {
        Self(build(expression, false))
    }

    pub(crate) fn ignoring_case(expression: &str) -> Self {
        Self(build(expression, true))
    }

    pub(crate) fn matches(&self, text: &str) -> Match {
        self.0.as_ref().map_or(Match::Unknown, |regex| regex.is_match(text).into())
    }
}

fn build(expression: &str, ignore_case: bool) -> Option<Regex> {
    RegexBuilder::new(&format!(r"\A(?:{expression})")).case_insensitive(ignore_case).build().ok()
}
