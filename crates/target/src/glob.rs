//! Shell patterns as Python's `fnmatch` reads them: `*`, `?`, `[seq]`, `[!seq]`.

use regex::{Regex, RegexBuilder};

/// A compiled pattern.
#[derive(Clone, Debug)]
pub(crate) struct Glob(Option<Regex>);

impl Glob {
    pub(crate) fn new(pattern: &str) -> Self {
        Self(build(pattern, false))
    }

    /// Grain values are matched without regard to case.
    pub(crate) fn ignoring_case(pattern: &str) -> Self {
        Self(build(pattern, true))
    }

    pub(crate) fn matches(&self, text: &str) -> bool {
        self.0.as_ref().is_some_and(|regex| regex.is_match(text))
    }
}

fn build(pattern: &str, ignore_case: bool) -> Option<Regex> {
    RegexBuilder::new(&translate(pattern))
        .case_insensitive(ignore_case)
        .dot_matches_new_line(true)
        .build()
        .ok()
}

fn translate(pattern: &str) -> String {
    let chars: Vec<char> = pattern.chars().collect();
    let mut out = String::from(r"\A(?:");
    let mut at = 0;
    while at < chars.len() {
        match chars[at] {
            '*' => out.push_str(".*"),
            '?' => out.push('.'),
            '[' => match class_end(&chars, at) {
                Some(end) => {
                    out.push_str(&class(&chars[at + 1..end]));
                    at = end;
                }
                None => out.push_str(r"\["),
            },
            other => out.push_str(&regex::escape(other.encode_utf8(&mut [0; 4]))),
        }
        at += 1;
    }
    out.push_str(r")\z");
    out
}

/// Position of the `]` that closes the class opened at `open`; a `]` right after `[` or `[!` is a member.
fn class_end(chars: &[char], open: usize) -> Option<usize> {
    let mut from = open + 1;
    if chars.get(from) == Some(&'!') {
        from += 1;
    }
    if chars.get(from) == Some(&']') {
        from += 1;
    }
    (from..chars.len()).find(|&at| chars[at] == ']')
}

fn class(members: &[char]) -> String {
    let (negated, members) = match members.split_first() {
        Some(('!', rest)) => (true, rest),
        _ => (false, members),
    };
    let mut out = String::from(if negated { "[^" } else { "[" });
    for &c in members {
        if matches!(c, '\\' | '[' | ']' | '^' | '&' | '~') {
            out.push('\\');
        }
        out.push(c);
    }
    out.push(']');
    out
}

#[cfg(test)]
mod tests {
    use super::Glob;

    #[test]
    fn patterns_match_as_fnmatch_does() {
        for (pattern, text, expected) in [
            ("*", "anything", true),
            ("web*", "web1", true),
            ("web*", "Web1", false),
            ("web?", "web", false),
            ("web[12]", "web2", true),
            ("web[!12]", "web3", true),
            ("web[!12]", "web1", false),
            ("a.b", "axb", false),
            ("[", "[", true),
            ("[]]", "]", true),
            ("[a-c]x", "bx", true),
        ] {
            assert_eq!(Glob::new(pattern).matches(text), expected, "{pattern} {text}");
        }
    }
}
