//! Regular expressions as Salt uses them: Python's `re.match`, anchored at the start only.
//!
//! An expression is read by Python's grammar (`translate.rs`) and written anew for the engines here, so that no
//! difference between the engines goes unseen. What they cannot say as Python does stays open: never yes or no.

mod class;
mod escape;
mod group;
mod translate;

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use crate::{Match, error::Fault};
use translate::{Stop, Translated, translate};

/// Most steps back of one match with look-around or back references.
const STEPS: usize = 20_000;
/// After so many matches that ran out of steps the expression is not tried any more.
const PATIENCE: u32 = 8;
/// Most bytes of a compiled expression.
const SIZE: usize = 4 << 20;
/// Why an expression that is well-formed here is left to Salt.
const TOO_LARGE: &str = "it grows too large for this server";

/// A regular expression.
#[derive(Debug)]
pub(crate) struct Pcre {
    source: String,
    state: State,
    /// Matches that ran out of steps so far.
    spent: AtomicU32,
}

#[derive(Debug)]
enum State {
    /// Decided here.
    Ready {
        written: Translated,
        /// For texts of ASCII that do not end with a line break: almost all.
        plain: Engine,
        /// For the others, where Python reads them differently; built when one comes.
        exact: OnceLock<Option<Engine>>,
    },
    /// Only Salt can say, and why.
    Open(&'static str),
}

#[derive(Clone, Debug)]
enum Engine {
    Linear(regex::Regex),
    Backtracking(Box<fancy_regex::Regex>),
}

impl Pcre {
    pub(crate) fn new(expression: &str) -> Result<Self, Fault> {
        let state = match translate(expression) {
            Ok(written) => match Engine::new(&written.plain, written.backtracks) {
                Some(plain) => State::Ready { written, plain, exact: OnceLock::new() },
                None => State::Open(TOO_LARGE),
            },
            Err(Stop::Open(why)) => State::Open(why),
            Err(Stop::Wrong(fault)) => return Err(fault),
        };
        Ok(Self { source: expression.to_owned(), state, spent: AtomicU32::new(0) })
    }

    /// Why it is left to Salt, when it is.
    pub(crate) fn open(&self) -> Option<&'static str> {
        match &self.state {
            State::Open(why) => Some(why),
            State::Ready { .. } => None,
        }
    }

    pub(crate) fn matches(&self, text: &str) -> Match {
        let State::Ready { written, plain, exact } = &self.state else { return Match::Unknown };
        let ordinary = text.is_ascii() && !text.is_empty() && !text.ends_with('\n');
        if written.folds && !text.is_ascii() {
            // Which letters are one without regard to case differs between the engines.
            return Match::Unknown;
        }
        if ordinary || !written.differs {
            return self.run(plain, text);
        }
        match exact.get_or_init(|| Engine::new(&written.exact, true)) {
            Some(engine) => self.run(engine, text),
            None => Match::Unknown,
        }
    }

    fn run(&self, engine: &Engine, text: &str) -> Match {
        if self.spent.load(Ordering::Relaxed) >= PATIENCE {
            return Match::Unknown;
        }
        let Some(yes) = engine.is_match(text) else {
            self.spent.fetch_add(1, Ordering::Relaxed);
            return Match::Unknown;
        };
        yes.into()
    }

    /// Whether a text of which only the first character is known may match; yes when in doubt.
    pub(crate) fn may_match(&self, first: char) -> bool {
        let mut chars = self.source.chars();
        let begins = chars.next().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '_' | '-' | '/'));
        let fixed = !chars.next().is_some_and(|c| matches!(c, '*' | '?' | '{')) && !self.source.contains('|');
        begins.is_none_or(|begins| !fixed || begins == first)
    }
}

impl Clone for Pcre {
    fn clone(&self) -> Self {
        let state = match &self.state {
            State::Open(why) => State::Open(why),
            State::Ready { written, plain, exact } => {
                State::Ready { written: written.clone(), plain: plain.clone(), exact: exact.clone() }
            }
        };
        Self { source: self.source.clone(), state, spent: AtomicU32::new(self.spent.load(Ordering::Relaxed)) }
    }
}

impl Engine {
    /// None: too large, or not understood after all.
    fn new(written: &str, backtracks: bool) -> Option<Self> {
        let whole = format!(r"\A(?:{written})");
        if backtracks {
            let engine = fancy_regex::RegexBuilder::new(&whole)
                .backtrack_limit(STEPS)
                .delegate_size_limit(SIZE)
                .build();
            engine.ok().map(|engine| Self::Backtracking(Box::new(engine)))
        } else {
            regex::RegexBuilder::new(&whole).size_limit(SIZE).build().ok().map(Self::Linear)
        }
    }

    /// None: out of steps.
    fn is_match(&self, text: &str) -> Option<bool> {
        match self {
            Self::Linear(engine) => Some(engine.is_match(text)),
            Self::Backtracking(engine) => engine.is_match(text).ok(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Pcre;
    use crate::Match;

    fn verdict(expression: &str, text: &str) -> Match {
        Pcre::new(expression).unwrap().matches(text)
    }

    #[test]
    fn expressions_match_as_python_does() {
        for (expression, text, expected) in [
            ("web", "web1", true),
            ("eb", "web1", false),
            ("web$", "web1", false),
            ("web$", "web\n", true),
            (r"web\Z", "web\n", false),
            (r"(\w)\1", "ee", true),
            (r"(?=web).*1$", "web1", true),
            (r"(?<!x)web", "web", true),
            (r"(?P<n>a|b)-(?P=n)", "a-a", true),
            (r"(?P<n>a|b)-(?P=n)", "a-b", false),
            (r"a{,2}b", "aab", true),
            ("a{x}", "a{x}", true),
            (r"\d{2,}", "٣٣", true),
            (r"\w+$", "x\u{301}", false),
            (r"\x41\101\0", "AA\0", true),
            ("[]a]", "]", true),
            (r"[\w-]+$", "a-b", true),
            ("(?i)WEB", "web", true),
            ("(?i:W)eb", "wEb", false),
            (r"\Bx", "x", false),
            ("(?#note)web", "web", true),
        ] {
            assert_eq!(verdict(expression, text), Match::from(expected), "{expression} {text:?}");
        }
    }

    #[test]
    fn what_is_no_expression_is_refused_at_its_place() {
        for (expression, at, found) in [
            ("a**", 2, "multiple repeat"),
            ("*a", 0, "nothing to repeat"),
            ("a(b", 1, "never closed"),
            ("a)", 1, "closes no group"),
            (r"\q", 0, "\\q"),
            ("[b-a]", 1, "range"),
            ("[a", 0, "never closed"),
            (r"(a)\2", 3, "group 2"),
            ("a{3,2}", 1, "{3,2}"),
            ("(?P<1>a)", 4, "1"),
            ("^*", 1, "nothing to repeat"),
        ] {
            let fault = Pcre::new(expression).unwrap_err();
            assert_eq!(fault.at, at, "{expression}: {fault:?}");
            assert!(fault.found.contains(found), "{expression}: {fault:?}");
        }
    }

    #[test]
    fn what_only_some_pythons_read_stays_open() {
        for expression in ["a*+", "(?>a)", "(a)?(?(1)b|c)", "a(?i)b", r"\N{BULLET}", "(?x) a"] {
            let pcre = Pcre::new(expression).unwrap();
            assert!(pcre.open().is_some(), "{expression}");
            assert_eq!(pcre.matches("a"), Match::Unknown);
        }
    }

    #[test]
    fn a_catastrophic_expression_ends() {
        let text = "a".repeat(60) + "!";
        assert_eq!(verdict("(a+)+$", &text), Match::No);
        let pcre = Pcre::new(r"(?:(a|aa)\1?)+b").unwrap();
        for _ in 0..1_000 {
            assert_eq!(pcre.matches(&text), Match::Unknown);
        }
    }
}
