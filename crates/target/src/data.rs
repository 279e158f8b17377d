//! `path:to:value` against grains or pillar, by the rules of Salt's `subdict_match` and `traverse_dict_and_list`.
//!
//! Longest key first: `a:b:c` is tried as key `a:b` with value `c`, then as key `a` with value `b:c`. What a value part
//! becomes deeper down (`*:` taken off, split again at `:`) depends on the expression alone, so all such parts are read
//! once, into a table, and matching only walks it.

use std::collections::{BTreeSet, HashMap};

use serde_json::{Map, Value};

use crate::{
    Match,
    compare::{How, Pattern},
    error::Fault,
    python::{Index, Loaded, index, yaml_loaded},
};

/// Salt's delimiter where none is given; deeper down it is always this one, whatever was given.
pub(crate) const DELIMITER: char = ':';
/// Most components of an expression.
const MAX_PARTS: usize = 32;
/// Most comparisons for one minion: nested maps under a row of stars multiply.
const MAX_STEPS: u32 = 50_000;

/// An expression over grains or pillar.
#[derive(Clone, Debug)]
pub(crate) struct DataTarget {
    path: Path,
    /// The parts of the expression that are ever compared; the path and each other name them by their place here.
    parts: Vec<Part>,
}

/// The splits of a text: components, and for each number of them taken as key, the part that is left.
#[derive(Clone, Debug, Default)]
struct Path {
    components: Vec<Component>,
    left: Vec<usize>,
}

#[derive(Clone, Debug)]
struct Component {
    text: String,
    index: Index,
    loaded: Loaded,
}

/// A part of the expression that is compared with values.
#[derive(Clone, Debug)]
struct Part {
    text: String,
    pattern: Pattern,
    /// What is left after `*:`.
    after_star: Option<usize>,
    path: Path,
}

enum Found<'a> {
    Value(&'a Value),
    Missing,
    Odd,
}

/// Which top-level keys matching looks at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Keys {
    Only(BTreeSet<String>),
    All,
}

impl DataTarget {
    pub(crate) fn new(expression: &str, delimiter: char, how: How) -> Result<Self, Fault> {
        let count = expression.split(delimiter).count();
        if count < 2 {
            let expected = format!("key{delimiter}value, as os{delimiter}Debian");
            return Err(Fault::new(expression.len(), "the end, without a value", expected));
        }
        if count > MAX_PARTS {
            return Err(Fault::new(0, format!("{count} components"), format!("at most {MAX_PARTS}")));
        }
        let mut table = Table { parts: Vec::new(), places: HashMap::new(), how };
        let path = table.path(expression, delimiter);
        let target = Self { path, parts: table.parts.into_iter().flatten().collect() };
        target.refuse_nonsense(expression, delimiter)?;
        Ok(target)
    }

    /// One part at least must be a pattern: a key may have the delimiter in it, so not all need be.
    fn refuse_nonsense(&self, expression: &str, delimiter: char) -> Result<(), Fault> {
        let widest = self.path.left.first().map(|&part| &self.parts[part]);
        match widest.map(|part| (&part.pattern, part.text.as_str())) {
            Some((Pattern::Nothing(fault), text)) if self.parts.iter().all(Part::is_nonsense) => {
                let value = expression.find(delimiter).map_or(0, |at| at + delimiter.len_utf8());
                Err(fault.clone().shifted(if text == expression { 0 } else { value }))
            }
            _ => Ok(()),
        }
    }

    /// Whether `data` (none: not known) matches.
    pub(crate) fn matches(&self, data: Option<&Value>) -> Match {
        data.map_or(Match::Unknown, |data| self.below(&self.path, data, &mut { MAX_STEPS }))
    }

    /// Why a part of it is left to Salt.
    pub(crate) fn open(&self) -> Option<&'static str> {
        self.parts.iter().find_map(|part| match &part.pattern {
            Pattern::Pcre(pcre) => pcre.open(),
            _ => None,
        })
    }

    /// The top-level keys that are looked at.
    pub(crate) fn keys(&self) -> Keys {
        let Some(first) = self.path.components.first() else { return Keys::All };
        match &first.loaded {
            _ if first.text == "*" => Keys::All,
            Loaded::Odd => Keys::All,
            Loaded::Same => Keys::Only([first.text.clone()].into()),
            Loaded::Other(other) => Keys::Only([first.text.clone(), other.clone()].into()),
        }
    }

    fn below(&self, path: &Path, data: &Value, steps: &mut u32) -> Match {
        Match::any((1..path.components.len()).rev().map(|taken| {
            let key = &path.components[..taken];
            let found = if is_star(key) { Found::Value(data) } else { traverse(data, key) };
            match found {
                Found::Missing => Match::No,
                Found::Odd => Match::Unknown,
                Found::Value(value) => self.value(value, path.left[taken - 1], steps),
            }
        }))
    }

    fn value(&self, value: &Value, part: usize, steps: &mut u32) -> Match {
        match value {
            Value::Object(map) if map.is_empty() => Match::No,
            Value::Object(map) => self.map(map, value, part, steps),
            Value::Array(members) => Match::any(members.iter().map(|member| {
                let inside = match member {
                    Value::Object(map) => self.map(map, member, part, steps),
                    _ => Match::No,
                };
                if inside == Match::Yes { inside } else { inside.or(self.compare(member, part, steps)) }
            })),
            scalar => self.compare(scalar, part, steps),
        }
    }

    fn map(&self, map: &Map<String, Value>, whole: &Value, part: usize, steps: &mut u32) -> Match {
        let (wildcard, part) = match self.parts[part].after_star {
            Some(rest) => (true, rest),
            None => (false, part),
        };
        let Part { text, pattern, path, .. } = &self.parts[part];
        if text == "*" || map.contains_key(text) {
            return Match::Yes;
        }
        if !spend(steps, map.len()) {
            return Match::Unknown;
        }
        let key = Match::any(map.keys().map(|key| pattern.matches_text(key)));
        if key == Match::Yes {
            return key;
        }
        let found = key.or(self.below(path, whole, steps));
        if !wildcard || found == Match::Yes {
            return found;
        }
        found.or(Match::any(map.values().map(|value| self.under_star(value, part, steps))))
    }

    fn under_star(&self, value: &Value, part: usize, steps: &mut u32) -> Match {
        match value {
            Value::Object(map) => self.map(map, value, part, steps),
            Value::Array(members) => {
                Match::any(members.iter().map(|member| self.compare(member, part, steps)))
            }
            scalar => self.compare(scalar, part, steps),
        }
    }

    fn compare(&self, value: &Value, part: usize, steps: &mut u32) -> Match {
        if spend(steps, 1) { self.parts[part].pattern.matches(value) } else { Match::Unknown }
    }
}

impl Part {
    /// No pattern, nor the star that asks for the key alone.
    fn is_nonsense(&self) -> bool {
        matches!(self.pattern, Pattern::Nothing(_)) && self.text != "*"
    }
}

/// Reads each part once.
struct Table {
    parts: Vec<Option<Part>>,
    places: HashMap<String, usize>,
    how: How,
}

impl Table {
    fn path(&mut self, text: &str, delimiter: char) -> Path {
        let components: Vec<Component> = text.split(delimiter).map(Component::new).collect();
        let mut left = Vec::with_capacity(components.len());
        let mut rest = text;
        for taken in 1..components.len() {
            rest = rest.split_once(delimiter).map_or("", |(_, rest)| rest);
            // A key `*` means the data itself, with the whole expression.
            let part = if is_star(&components[..taken]) { text } else { rest };
            left.push(self.part(part));
        }
        Path { components, left }
    }

    fn part(&mut self, text: &str) -> usize {
        if let Some(&place) = self.places.get(text) {
            return place;
        }
        let place = self.parts.len();
        self.places.insert(text.to_owned(), place);
        self.parts.push(None);
        let after_star = text.strip_prefix("*:").map(|rest| self.part(rest));
        let path = self.path(text, DELIMITER);
        let pattern = Pattern::new(text, self.how);
        self.parts[place] = Some(Part { text: text.to_owned(), pattern, after_star, path });
        place
    }
}

impl Component {
    fn new(text: &str) -> Self {
        Self { text: text.to_owned(), index: index(text), loaded: yaml_loaded(text) }
    }
}

fn is_star(key: &[Component]) -> bool {
    key.len() == 1 && key[0].text == "*"
}

fn spend(steps: &mut u32, count: usize) -> bool {
    let left = u32::try_from(count).ok().and_then(|count| steps.checked_sub(count));
    *steps = left.unwrap_or(0);
    left.is_some()
}

/// Follows keys down; a number indexes a list, any other key is looked for in the maps of a list.
fn traverse<'a>(data: &'a Value, keys: &[Component]) -> Found<'a> {
    let mut at = data;
    for key in keys {
        let next = match at {
            Value::Object(map) => match (map.get(&key.text), &key.loaded) {
                (None, Loaded::Odd) => return Found::Odd,
                (None, Loaded::Other(other)) => map.get(other),
                (found, _) => found,
            },
            Value::Array(members) => match key.index {
                Index::Odd => return Found::Odd,
                Index::At(place) => member(members, place),
                Index::Not => {
                    members.iter().find_map(|member| member.as_object().and_then(|map| map.get(&key.text)))
                }
            },
            _ => None,
        };
        match next {
            Some(value) => at = value,
            None => return Found::Missing,
        }
    }
    Found::Value(at)
}

fn member(members: &[Value], place: i64) -> Option<&Value> {
    let from_end = if place < 0 { i64::try_from(members.len()).ok()? } else { 0 };
    members.get(usize::try_from(place + from_end).ok()?)
}
