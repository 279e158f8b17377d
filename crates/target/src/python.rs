//! What Python does to texts and values before Salt compares them: `str`, `lower`, `split`, `int`.

mod key;
mod text;

use std::borrow::Cow;

pub(crate) use key::{Index, Loaded, index, yaml_loaded};
pub(crate) use text::{Text, text};

/// `str.isspace` of one character: white space of Unicode and the four separators of ASCII.
pub(crate) fn is_space(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{1c}'..='\u{1f}')
}

/// `str.split()`: the words, each with the byte where it begins.
pub(crate) fn words(text: &str) -> Vec<(usize, &str)> {
    let mut out = Vec::new();
    let mut rest = 0;
    for piece in text.split(is_space) {
        if !piece.is_empty() {
            out.push((rest, piece));
        }
        let after = rest + piece.len();
        rest = after + text[after..].chars().next().map_or(0, char::len_utf8);
    }
    out
}

/// `str.lower()`, without a copy where nothing changes.
pub(crate) fn lower(text: &str) -> Cow<'_, str> {
    if text.bytes().any(|b| b.is_ascii_uppercase() || !b.is_ascii()) {
        Cow::Owned(text.to_lowercase())
    } else {
        Cow::Borrowed(text)
    }
}
