//! `G@os:Debian and not ( web* or E@db[0-9]+ )`: words joined by `and`, `or`, `not` and parentheses.

use serde_json::Value;

use crate::{
    Match, TargetError,
    glob::Glob,
    grain::{Compare, GrainTarget},
    ipcidr::Network,
    pcre::Pcre,
    target::{Kind, list},
};

/// Deepest nesting taken: the parser recurses.
const MAX_DEPTH: usize = 64;

/// A parsed compound expression.
#[derive(Clone, Debug)]
pub(crate) struct Compound(Node);

#[derive(Clone, Debug)]
enum Node {
    And(Box<Node>, Box<Node>),
    Or(Box<Node>, Box<Node>),
    Not(Box<Node>),
    Leaf(Box<Kind>),
}

impl Compound {
    pub(crate) fn parse(expression: &str) -> Result<Self, TargetError> {
        let words = words(expression);
        let mut parser = Parser { expression, words: &words, at: 0, depth: 0 };
        let node = parser.either()?;
        match parser.words.get(parser.at) {
            None => Ok(Self(node)),
            Some(word) => Err(parser
                .wrong(&format!("{word:?} was not expected after a complete expression; join with and/or"))),
        }
    }

    pub(crate) fn needs_grains(&self) -> bool {
        self.0.needs_grains()
    }

    pub(crate) fn matches(&self, minion_id: &str, grains: Option<&Value>) -> Match {
        self.0.matches(minion_id, grains)
    }
}

impl Node {
    fn needs_grains(&self) -> bool {
        match self {
            Self::And(a, b) | Self::Or(a, b) => a.needs_grains() || b.needs_grains(),
            Self::Not(a) => a.needs_grains(),
            Self::Leaf(leaf) => leaf.needs_grains(),
        }
    }

    fn matches(&self, minion_id: &str, grains: Option<&Value>) -> Match {
        match self {
            Self::And(a, b) => a.matches(minion_id, grains).and(b.matches(minion_id, grains)),
            Self::Or(a, b) => a.matches(minion_id, grains).or(b.matches(minion_id, grains)),
            Self::Not(a) => !a.matches(minion_id, grains),
            Self::Leaf(leaf) => leaf.matches(minion_id, grains),
        }
    }
}

/// Words at white space; a parenthesis at a word's edge is a word of its own (Salt itself wants spaces there).
fn words(expression: &str) -> Vec<&str> {
    let mut out = Vec::new();
    for mut word in expression.split_whitespace() {
        while let Some(rest) = word.strip_prefix('(') {
            out.push("(");
            word = rest;
        }
        let bare = if word.contains('(') { word } else { word.trim_end_matches(')') };
        if !bare.is_empty() {
            out.push(bare);
        }
        out.extend(std::iter::repeat_n(")", word.len() - bare.len()));
    }
    out
}

struct Parser<'a> {
    expression: &'a str,
    words: &'a [&'a str],
    at: usize,
    depth: usize,
}

impl Parser<'_> {
    fn either(&mut self) -> Result<Node, TargetError> {
        let mut left = self.both()?;
        while self.take("or") {
            left = Node::Or(Box::new(left), Box::new(self.both()?));
        }
        Ok(left)
    }

    fn both(&mut self) -> Result<Node, TargetError> {
        let mut left = self.one()?;
        while self.take("and") {
            left = Node::And(Box::new(left), Box::new(self.one()?));
        }
        Ok(left)
    }

    fn one(&mut self) -> Result<Node, TargetError> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(self.wrong("it is nested too deeply"));
        }
        let node = if self.take("not") {
            Node::Not(Box::new(self.one()?))
        } else if self.take("(") {
            let inner = self.either()?;
            if !self.take(")") {
                return Err(self.wrong("a parenthesis is not closed"));
            }
            inner
        } else {
            self.leaf()?
        };
        self.depth -= 1;
        Ok(node)
    }

    fn leaf(&mut self) -> Result<Node, TargetError> {
        match self.words.get(self.at) {
            None => Err(self.wrong("it ends where a target was expected")),
            Some(&word @ ("and" | "or" | ")")) => {
                Err(self.wrong(&format!("{word:?} stands where a target was expected")))
            }
            Some(word) => {
                self.at += 1;
                leaf(word).map(|kind| Node::Leaf(Box::new(kind)))
            }
        }
    }

    fn take(&mut self, word: &str) -> bool {
        let found = self.words.get(self.at) == Some(&word);
        self.at += usize::from(found);
        found
    }

    fn wrong(&self, problem: &str) -> TargetError {
        TargetError::BadCompound { expression: self.expression.to_owned(), problem: problem.to_owned() }
    }
}

/// One word: a letter, perhaps a delimiter, `@` and the expression; or a plain glob.
fn leaf(word: &str) -> Result<Kind, TargetError> {
    let Some((letter, delimiter, text)) = split_letter(word) else { return Ok(Kind::Glob(Glob::new(word))) };
    Ok(match letter {
        'G' => Kind::Grain(GrainTarget::new(text, &delimiter, Compare::Glob)?),
        'P' => Kind::Grain(GrainTarget::new(text, &delimiter, Compare::Pcre)?),
        'E' => Kind::Pcre(Pcre::new(text)),
        'L' => list(text.split(',')),
        'S' => Kind::Network(Network::new(text)?),
        'N' => return Err(TargetError::Nodegroup),
        'I' | 'J' | 'R' => Kind::Elsewhere,
        other => return Err(TargetError::UnknownType(format!("{other}@"))),
    })
}

/// `G@x` or, for the types that have one, `G|@x` with delimiter `|`.
fn split_letter(word: &str) -> Option<(char, String, &str)> {
    let (head, text) = word.split_once('@')?;
    let mut chars = head.chars();
    let letter = chars.next().filter(char::is_ascii_uppercase)?;
    match (chars.next(), chars.next()) {
        (None, _) => Some((letter, ":".to_owned(), text)),
        (Some(delimiter), None) if matches!(letter, 'G' | 'P' | 'I' | 'J') => {
            Some((letter, delimiter.to_string(), text))
        }
        _ => None,
    }
}
