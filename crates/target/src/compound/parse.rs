//! Reads a compound expression: `not` binds closest, then `and`, then `or`, as in the Python that Salt makes of it.

use super::{Node, word::Word};
use crate::{
    compare::How,
    data::DataTarget,
    error::Fault,
    glob::Glob,
    ipcidr::Network,
    kind::{Kind, Problem},
    list::List,
    pcre::Pcre,
    reader::Reader,
};

/// Deepest nesting taken: the parser recurses.
const MAX_DEPTH: usize = 64;

/// What may stand wherever a target may.
const EXPECTED: &str = "a target, as web*, G@os:Debian or (";

/// What a compound expression became.
pub(crate) struct Parsed {
    pub(crate) node: Node,
    /// Its words with all nodegroups written out, as Salt must get them.
    pub(crate) words: Vec<String>,
    /// There were nodegroups.
    pub(crate) expanded: bool,
}

/// Words of an expression, each with the byte where it begins.
pub(crate) fn parse(words: &[(usize, &str)], end: usize, reader: &mut Reader<'_>) -> Result<Parsed, Problem> {
    let mut parser = Parser { words, end, at: 0, depth: 0, out: Vec::new(), expanded: false, reader };
    let node = parser.either()?;
    if parser.at < words.len() {
        return Err(parser.unexpected("\"and\", \"or\", \"not\" or the end").into());
    }
    Ok(Parsed { node, words: parser.out, expanded: parser.expanded })
}

/// A target of another type as one word of a compound; none where Salt has none.
pub(crate) fn word_of(pattern: &str, tgt_type: &str) -> Option<String> {
    let letter = match tgt_type {
        "glob" => return matches!(Word::read(pattern), Ok(Word::Glob(_))).then(|| pattern.to_owned()),
        "grain" => 'G',
        "grain_pcre" => 'P',
        "pillar" => 'I',
        "pillar_pcre" => 'J',
        "pcre" => 'E',
        "list" => 'L',
        "ipcidr" => 'S',
        "range" => 'R',
        _ => return None,
    };
    // `G@@a` would make a delimiter of the second @.
    let delimiter = if pattern.starts_with('@') && "GPIJ".contains(letter) { ":" } else { "" };
    Some(format!("{letter}{delimiter}@{pattern}")).filter(|word| !word.contains('\n'))
}

struct Parser<'a, 'r, 'g> {
    words: &'a [(usize, &'a str)],
    end: usize,
    at: usize,
    depth: usize,
    out: Vec<String>,
    expanded: bool,
    reader: &'r mut Reader<'g>,
}

impl Parser<'_, '_, '_> {
    fn either(&mut self) -> Result<Node, Problem> {
        let mut nodes = vec![self.both()?];
        while self.take("or") {
            nodes.push(self.both()?);
        }
        Ok(one_or(nodes, Node::Any))
    }

    /// `a not b` means `a and not b`, for Salt too.
    fn both(&mut self) -> Result<Node, Problem> {
        let mut nodes = vec![self.one()?];
        while self.take("and") || self.peek() == Some("not") {
            nodes.push(self.one()?);
        }
        Ok(one_or(nodes, Node::All))
    }

    fn one(&mut self) -> Result<Node, Problem> {
        if self.take("not") {
            if self.peek() == Some("not") {
                return Err(self.unexpected("a target or ( after \"not\"").into());
            }
            return Ok(Node::Not(Box::new(self.one()?)));
        }
        let opened = self.at;
        if !self.take("(") {
            return self.leaf();
        }
        if self.peek() == Some(")") {
            return Err(Fault::new(self.words[opened].0, "an empty pair of parentheses", EXPECTED).into());
        }
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            let found = format!("parentheses more than {MAX_DEPTH} deep");
            return Err(Fault::new(self.words[opened].0, found, "a flatter expression").into());
        }
        let inner = self.either()?;
        if !self.take(")") {
            let expected = format!(
                "a \")\" with spaces around it, for the \"(\" at character {}",
                self.words[opened].0 + 1
            );
            return Err(self.unexpected(&expected).into());
        }
        self.depth -= 1;
        Ok(inner)
    }

    fn leaf(&mut self) -> Result<Node, Problem> {
        let Some(&(at, text)) = self.words.get(self.at) else { return Err(self.unexpected(EXPECTED).into()) };
        let node = match Word::read(text).map_err(|fault| fault.shifted(at))? {
            Word::Glob(pattern) => {
                Node::Leaf(Kind::Glob(Glob::new(pattern).map_err(|fault| fault.shifted(at))?))
            }
            Word::Typed { letter: 'N', pattern, .. } => {
                self.at += 1;
                return self.group(pattern);
            }
            Word::Typed { letter, delimiter, pattern, at: inside } => {
                Node::Leaf(typed(letter, delimiter, pattern).map_err(|fault| fault.shifted(at + inside))?)
            }
            _ => return Err(self.unexpected(EXPECTED).into()),
        };
        self.at += 1;
        self.reader.count()?;
        self.out.push(text.to_owned());
        Ok(node)
    }

    /// A nodegroup stands in parentheses, so that it means the same wherever it is used (Salt pastes its bare words).
    fn group(&mut self, name: &str) -> Result<Node, Problem> {
        let parsed = self.reader.group(name)?;
        self.expanded = true;
        self.out.push("(".to_owned());
        self.out.extend(parsed.words);
        self.out.push(")".to_owned());
        Ok(parsed.node)
    }

    fn peek(&self) -> Option<&str> {
        self.words.get(self.at).map(|(_, word)| *word)
    }

    fn take(&mut self, word: &str) -> bool {
        let found = self.peek() == Some(word);
        if found {
            self.at += 1;
            self.out.push(word.to_owned());
        }
        found
    }

    fn unexpected(&self, expected: &str) -> Fault {
        match self.words.get(self.at) {
            Some((at, word)) => Fault::new(*at, format!("{word:?}"), expected),
            None => Fault::new(self.end, "the end", expected),
        }
    }
}

fn one_or(mut nodes: Vec<Node>, join: fn(Vec<Node>) -> Node) -> Node {
    match nodes.pop() {
        Some(only) if nodes.is_empty() => only,
        last => {
            nodes.extend(last);
            join(nodes)
        }
    }
}

fn typed(letter: char, delimiter: char, pattern: &str) -> Result<Kind, Fault> {
    let data = |how| DataTarget::new(pattern, delimiter, how);
    Ok(match letter {
        'G' => Kind::Grain(data(How::Glob)?),
        'P' => Kind::Grain(data(How::Pcre)?),
        'I' => Kind::Pillar(data(How::Glob)?),
        'J' => Kind::Pillar(data(How::Pcre)?),
        'E' => Kind::Pcre(Pcre::new(pattern)?),
        'L' => Kind::List(List::text(pattern)),
        'S' => Kind::Network(Network::new(pattern)?),
        _ => Kind::Range,
    })
}
