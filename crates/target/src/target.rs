//! A parsed target of any type.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::{
    Match, Minion, TargetError,
    kind::{Kind, Problem},
    looks::Looks,
    nodegroup::Nodegroups,
    published::{Published, Tgt},
    reader::{self, Reader},
};

/// What a caller may give as an expression.
#[derive(Clone, Copy, Debug)]
pub enum TargetInput<'a> {
    /// Text.
    Text(&'a str),
    /// Ids, for `list`; words, for `compound`.
    List(&'a [String]),
}

/// A target that can be matched: parsed once, matched often.
#[derive(Clone, Debug)]
pub struct Target {
    kind: Kind,
    published: Published,
}

impl Target {
    /// Parses an expression of one of Salt's target types, where there are no saved target groups.
    ///
    /// # Errors
    /// When the type is unknown or the expression is not one of its kind; the message says where and what was expected.
    pub fn parse(input: TargetInput<'_>, tgt_type: &str) -> Result<Self, TargetError> {
        Self::parse_with(input, tgt_type, &Nodegroups::new())
    }

    /// The same, where nodegroups (type `nodegroup`, and `N@name` in compounds) are the saved target groups `groups`.
    ///
    /// # Errors
    /// As [`Target::parse`]; also when a group is unknown or contains itself.
    pub fn parse_with(
        input: TargetInput<'_>,
        tgt_type: &str,
        groups: &Nodegroups,
    ) -> Result<Self, TargetError> {
        let mut reader = Reader::new(groups);
        let (kind, published) = match (input, tgt_type) {
            (TargetInput::Text(text), _) => reader.read(text, tgt_type)?,
            (TargetInput::List([]), "list" | "compound") => {
                return Err(TargetError::Empty);
            }
            (TargetInput::List(ids), "list") => reader::list(ids.to_vec()),
            (TargetInput::List(words), "compound") => compound_array(words, &mut reader)?,
            (TargetInput::List(_), _) => return Err(TargetError::ArrayGiven(tgt_type.to_owned())),
        };
        Ok(Self { kind, published })
    }

    /// What a master must get: not always what was given, as nodegroups are written out here.
    pub fn published(&self) -> &Published {
        &self.published
    }

    /// Whether matching looks at grains: without, they need not be loaded.
    pub fn needs_grains(&self) -> bool {
        self.any(|leaf| matches!(leaf, Kind::Grain(_) | Kind::Network(_)))
    }

    /// Whether matching looks at pillar.
    pub fn needs_pillar(&self) -> bool {
        self.any(|leaf| matches!(leaf, Kind::Pillar(_)))
    }

    /// Why this target, or a part of it, is left to Salt whatever is known of a minion: sentences, none mostly.
    pub fn left_to_salt(&self) -> Vec<String> {
        let mut reasons = BTreeSet::new();
        self.kind.leaves(&mut |leaf| reasons.extend(leaf.open()));
        reasons.into_iter().collect()
    }

    /// The ids of a list target: nobody else can match.
    pub fn listed(&self) -> Option<&BTreeSet<String>> {
        match &self.kind {
            Kind::List(list) => Some(list.ids()),
            _ => None,
        }
    }

    /// Whether `minion` matches.
    pub fn matches(&self, minion: &Minion<'_>) -> Match {
        self.kind.matches(minion)
    }

    /// Whether `minion_id` with `grains` (none: never seen), whose pillar is not known, matches.
    pub fn matches_grains(&self, minion_id: &str, grains: Option<&Value>) -> Match {
        self.matches(&Minion { id: minion_id, grains, pillar: None })
    }

    pub(crate) fn looks(&self) -> Looks {
        let mut looks = Looks::default();
        self.kind.leaves(&mut |leaf| looks.add(leaf));
        looks
    }

    fn any(&self, test: impl Fn(&Kind) -> bool) -> bool {
        let mut found = false;
        self.kind.leaves(&mut |leaf| found |= test(leaf));
        found
    }
}

/// Words that came as an array may have white space in them.
fn compound_array(words: &[String], reader: &mut Reader<'_>) -> Result<(Kind, Published), TargetError> {
    let mut at = 0;
    let placed: Vec<(usize, &str)> = words
        .iter()
        .map(|word| {
            let here = at;
            at += word.len() + 1;
            (here, word.as_str())
        })
        .collect();
    let whole = words.join(" ");
    reader.compound(&placed, whole.len(), Tgt::List(words.to_vec())).map_err(|problem| match problem {
        Problem::At(fault) => fault.in_expression("compound", &whole),
        Problem::Whole(error) => error,
    })
}
