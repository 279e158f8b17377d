//! One word of a compound target: a letter, perhaps a delimiter, `@` and a pattern; or a plain glob.

use crate::error::Fault;

/// Letters that take a delimiter of their own, as `G|@os|Debian`.
const DELIMITED: &str = "GPIJ";
/// All of Salt's letters that every supported version knows.
const LETTERS: &str = "GPIJLNSER";

/// A word, taken apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Word<'a> {
    Open,
    Close,
    And,
    Or,
    Not,
    Glob(&'a str),
    Typed {
        letter: char,
        delimiter: char,
        pattern: &'a str,
        /// Byte of the word where the pattern begins.
        at: usize,
    },
}

impl<'a> Word<'a> {
    pub(super) fn read(word: &'a str) -> Result<Self, Fault> {
        Ok(match word {
            "(" => Self::Open,
            ")" => Self::Close,
            "and" => Self::And,
            "or" => Self::Or,
            "not" => Self::Not,
            _ => match typed(word) {
                Some(_) if word.contains('\n') => {
                    return Err(Fault::new(0, format!("{word:?}"), "a word without line breaks"));
                }
                Some(typed) => typed,
                None => return plain(word).map(|()| Self::Glob(word)),
            },
        })
    }
}

/// Salt's `TARGET_REX`: the delimiter is taken when an `@` and a pattern follow it.
fn typed(word: &str) -> Option<Word<'_>> {
    let letter = word.chars().next().filter(|letter| LETTERS.contains(*letter))?;
    let rest = &word[1..];
    let own = rest.chars().next().filter(|_| DELIMITED.contains(letter)).and_then(|delimiter| {
        let pattern = rest[delimiter.len_utf8()..].strip_prefix('@').filter(|pattern| !pattern.is_empty())?;
        Some((delimiter, pattern))
    });
    let (delimiter, pattern) = match own {
        Some(found) => found,
        None => (crate::data::DELIMITER, rest.strip_prefix('@').filter(|pattern| !pattern.is_empty())?),
    };
    Some(Word::Typed { letter, delimiter, pattern, at: word.len() - pattern.len() })
}

/// A glob. What Salt would take for an odd glob that no minion's id fits is refused with what was meant.
fn plain(word: &str) -> Result<(), Fault> {
    if let Some(at) = word.find(['(', ')']) {
        let expected = "a parenthesis with spaces around it: Salt reads it as a part of the word otherwise";
        return Err(Fault::new(at, format!("{word:?}"), expected));
    }
    let mut chars = word.chars();
    let (letter, second, third) = (chars.next(), chars.next(), chars.next());
    let Some(letter) = letter.filter(char::is_ascii_uppercase) else { return Ok(()) };
    match (second, third) {
        (Some('@'), None) => Err(Fault::new(2, "the end of the word", format!("a pattern after {letter}@"))),
        (Some('@'), _) => Err(Fault::new(
            0,
            format!("{letter}@"),
            "one of G@ grain, P@ grain regex, I@ pillar, J@ pillar regex, L@ list, N@ nodegroup, S@ subnet, \
             E@ id regex, R@ range",
        )),
        (Some(delimiter), Some('@')) if LETTERS.contains(letter) => Err(Fault::new(
            1,
            format!("{delimiter:?} between {letter} and @"),
            format!("{letter}@ alone; only G, P, I and J take a delimiter"),
        )),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::Word;

    #[test]
    fn words_are_taken_apart_as_salt_does() {
        for (word, letter, delimiter, pattern) in [
            ("G@os:Debian", 'G', ':', "os:Debian"),
            ("G|@os|Debian", 'G', '|', "os|Debian"),
            ("G@@os@Debian", 'G', '@', "os@Debian"),
            ("G@x@y", 'G', ':', "x@y"),
            ("G@@", 'G', ':', "@"),
            ("L@a,b", 'L', ':', "a,b"),
            ("Jé@aéb", 'J', 'é', "aéb"),
        ] {
            let Ok(Word::Typed { letter: l, delimiter: d, pattern: p, .. }) = Word::read(word) else {
                panic!("{word}")
            };
            assert_eq!((l, d, p), (letter, delimiter, pattern), "{word}");
        }
        assert_eq!(Word::read("web*"), Ok(Word::Glob("web*")));
        for word in ["X@a", "L|@a", "G@", "(web*", "web*)"] {
            assert!(Word::read(word).is_err(), "{word}");
        }
    }
}
