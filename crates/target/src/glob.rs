//! Shell patterns as Python's `fnmatch` reads them: `*`, `?`, `[seq]`, `[!seq]`. Matches without allocating.

use crate::error::Fault;

/// A parsed pattern.
#[derive(Clone, Debug)]
pub(crate) struct Glob(Shape);

/// The common shapes need no walk over tokens.
#[derive(Clone, Debug)]
enum Shape {
    All,
    Exact(String),
    Prefix(String),
    Tokens(Vec<Token>),
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Token {
    Star,
    Any,
    Char(char),
    Class { negated: bool, ranges: Vec<(char, char)> },
}

impl Glob {
    /// Reads a pattern.
    pub(crate) fn new(pattern: &str) -> Result<Self, Fault> {
        Ok(Self(shape(tokens(pattern)?)))
    }

    pub(crate) fn matches(&self, text: &str) -> bool {
        match &self.0 {
            Shape::All => true,
            Shape::Exact(wanted) => text == wanted,
            Shape::Prefix(wanted) => text.starts_with(wanted.as_str()),
            Shape::Tokens(tokens) => walk(tokens, text),
        }
    }

    /// The only text that matches, when there is one only.
    pub(crate) fn exact(&self) -> Option<&str> {
        match &self.0 {
            Shape::Exact(text) => Some(text),
            _ => None,
        }
    }

    /// Whether every text matches.
    pub(crate) fn is_all(&self) -> bool {
        matches!(self.0, Shape::All)
    }

    /// Whether a text of which only the first and the last character are known may match.
    pub(crate) fn may_match(&self, first: char, last: char) -> bool {
        match &self.0 {
            Shape::All => true,
            Shape::Exact(text) => text.starts_with(first) && text.ends_with(last),
            Shape::Prefix(text) => text.starts_with(first),
            Shape::Tokens(tokens) => {
                tokens.first().is_some_and(|token| token.takes(first))
                    && tokens.last().is_some_and(|token| token.takes(last))
            }
        }
    }
}

impl Token {
    fn takes(&self, c: char) -> bool {
        match self {
            Self::Star | Self::Any => true,
            Self::Char(wanted) => *wanted == c,
            Self::Class { negated, ranges } => {
                ranges.iter().any(|(low, high)| (*low..=*high).contains(&c)) != *negated
            }
        }
    }
}

fn shape(tokens: Vec<Token>) -> Shape {
    let literal = |tokens: &[Token]| -> Option<String> {
        tokens.iter().map(|token| if let Token::Char(c) = token { Some(*c) } else { None }).collect()
    };
    if tokens == [Token::Star] {
        return Shape::All;
    }
    if let Some(text) = literal(&tokens) {
        return Shape::Exact(text);
    }
    match tokens.split_last() {
        Some((Token::Star, before)) => literal(before).map_or(Shape::Tokens(tokens.clone()), Shape::Prefix),
        _ => Shape::Tokens(tokens),
    }
}

/// Goes on after the last star when a later token does not fit: linear in text × pattern, never worse.
fn walk(tokens: &[Token], text: &str) -> bool {
    let (mut at, mut rest) = (0, text.chars());
    let mut retry: Option<(usize, std::str::Chars<'_>)> = None;
    loop {
        match tokens.get(at) {
            Some(Token::Star) => {
                at += 1;
                retry = Some((at, rest.clone()));
                continue;
            }
            Some(token) => {
                let mut next = rest.clone();
                if next.next().is_some_and(|c| token.takes(c)) {
                    (at, rest) = (at + 1, next);
                    continue;
                }
            }
            None if rest.as_str().is_empty() => return true,
            None => {}
        }
        let Some((after_star, from)) = &mut retry else { return false };
        if from.next().is_none() {
            return false;
        }
        (at, rest) = (*after_star, from.clone());
    }
}

fn tokens(pattern: &str) -> Result<Vec<Token>, Fault> {
    let chars: Vec<(usize, char)> = pattern.char_indices().collect();
    let (mut out, mut at) = (Vec::new(), 0);
    while at < chars.len() {
        let mut token = match chars[at].1 {
            '*' => Token::Star,
            '?' => Token::Any,
            other => Token::Char(other),
        };
        if let Some(end) = class_end(&chars, at) {
            token = class(&chars[at + 1..end])?;
            at = end;
        }
        if token != Token::Star || out.last() != Some(&Token::Star) {
            out.push(token);
        }
        at += 1;
    }
    Ok(out)
}

/// Position of the `]` that closes the class opened at `open`; a `]` right after `[` or `[!` is a member.
fn class_end(chars: &[(usize, char)], open: usize) -> Option<usize> {
    if chars[open].1 != '[' {
        return None;
    }
    let is = |at: usize, c: char| chars.get(at).is_some_and(|(_, found)| *found == c);
    let mut from = open + 1;
    from += usize::from(is(from, '!'));
    from += usize::from(is(from, ']'));
    (from..chars.len()).find(|&at| is(at, ']'))
}

/// A hyphen between two members makes a range; at an end, or right after a range, it is a member.
fn class(members: &[(usize, char)]) -> Result<Token, Fault> {
    let (negated, members) = match members.split_first() {
        Some(((_, '!'), rest)) => (true, rest),
        _ => (false, members),
    };
    let (mut ranges, mut at) = (Vec::new(), 0);
    while let Some(&(place, low)) = members.get(at) {
        let high = match (members.get(at + 1), members.get(at + 2)) {
            (Some((_, '-')), Some(&(_, high))) => Some(high),
            _ => None,
        };
        if high.is_some_and(|high| high < low) {
            return Err(reversed(place, low, high.unwrap_or(low)));
        }
        ranges.push((low, high.unwrap_or(low)));
        at += if high.is_some() { 3 } else { 1 };
    }
    Ok(Token::Class { negated, ranges })
}

/// Pythons before 3.11 fail on such a range, later ones take it for an empty one.
fn reversed(at: usize, low: char, high: char) -> Fault {
    Fault::new(
        at,
        format!("the range {low:?} to {high:?}"),
        format!("{high}-{low}, the lower character first"),
    )
}

#[cfg(test)]
mod tests {
    use super::Glob;

    #[test]
    fn patterns_match_as_fnmatch_does() {
        for (pattern, text, expected) in [
            ("*", "anything", true),
            ("**", "", true),
            ("web*", "web1", true),
            ("web*", "Web1", false),
            ("web?", "web", false),
            ("*eb*1", "web-x-1", true),
            ("*eb*1", "web-x-2", false),
            ("web[12]", "web2", true),
            ("web[!12]", "web3", true),
            ("web[!12]", "web1", false),
            ("a.b", "axb", false),
            ("[", "[", true),
            ("[]]", "]", true),
            ("[a-c]x", "bx", true),
            ("[a-c-e]", "-", true),
            ("[a-c-e]", "d", false),
            ("[-a]", "-", true),
            ("[a-]", "-", true),
            ("[!-a]", "b", true),
            ("[^a]", "^", true),
            ("?", "é", true),
            ("a\nb*", "a\nbc\n", true),
        ] {
            assert_eq!(Glob::new(pattern).unwrap().matches(text), expected, "{pattern} {text}");
        }
    }

    #[test]
    fn many_stars_take_no_exponential_time() {
        let pattern = "*a".repeat(200) + "b";
        assert!(!Glob::new(&pattern).unwrap().matches(&"a".repeat(5_000)));
    }
}
