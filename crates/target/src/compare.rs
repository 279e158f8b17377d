//! One value against one pattern, as Salt's `subdict_match` compares: both as texts, in lower case.

use serde_json::Value;

use crate::{
    Match,
    error::Fault,
    glob::Glob,
    pcre::Pcre,
    python::{self, Text},
};

/// How values are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum How {
    Glob,
    Pcre,
    Exact,
}

/// A pattern for values.
#[derive(Clone, Debug)]
pub(crate) enum Pattern {
    Glob(Glob),
    Exact(String),
    Pcre(Box<Pcre>),
    /// What Python cannot compile: Salt logs it and matches nothing.
    Nothing(Fault),
}

impl Pattern {
    /// Salt lowers the pattern itself: `\S` becomes `\s`.
    pub(crate) fn new(text: &str, how: How) -> Self {
        let lowered = python::lower(text);
        let read = match how {
            How::Exact => return Self::Exact(lowered.into_owned()),
            How::Glob => Glob::new(&lowered).map(Self::Glob),
            How::Pcre => Pcre::new(&lowered).map(|pcre| Self::Pcre(Box::new(pcre))),
        };
        read.unwrap_or_else(Self::Nothing)
    }

    pub(crate) fn matches_text(&self, text: &str) -> Match {
        match self {
            Self::Glob(glob) => match glob.exact() {
                Some(wanted) => equal(text, wanted),
                None => glob.matches(&python::lower(text)),
            }
            .into(),
            Self::Exact(wanted) => equal(text, wanted).into(),
            Self::Pcre(pcre) => pcre.matches(&python::lower(text)),
            Self::Nothing(_) => Match::No,
        }
    }

    pub(crate) fn matches(&self, value: &Value) -> Match {
        match python::text(value) {
            Text::Known(text) => self.matches_text(&text),
            Text::Around(first, last) if !self.may_match(first, last) => Match::No,
            Text::Around(..) | Text::Hidden => match self {
                Self::Glob(glob) if glob.is_all() => Match::Yes,
                Self::Nothing(_) => Match::No,
                _ => Match::Unknown,
            },
        }
    }

    fn may_match(&self, first: char, last: char) -> bool {
        match self {
            Self::Glob(glob) => glob.may_match(first, last),
            Self::Exact(text) => text.starts_with(first) && text.ends_with(last),
            Self::Pcre(pcre) => pcre.may_match(first),
            Self::Nothing(_) => false,
        }
    }
}

/// `text` in lower case is `wanted`, which is in lower case.
fn equal(text: &str, wanted: &str) -> bool {
    if text.is_ascii() { text.eq_ignore_ascii_case(wanted) } else { text.to_lowercase() == wanted }
}
