//! A parsed target of any type.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::{
    Match, TargetError,
    compound::Compound,
    glob::Glob,
    grain::{Compare, GrainTarget},
    ipcidr::Network,
    pcre::Pcre,
};

/// What a caller may give as an expression.
#[derive(Clone, Copy, Debug)]
pub enum TargetInput<'a> {
    /// Text.
    Text(&'a str),
    /// Ids, for `list`.
    List(&'a [String]),
}

/// A target that can be matched.
#[derive(Clone, Debug)]
pub struct Target(Kind);

#[derive(Clone, Debug)]
pub(crate) enum Kind {
    Glob(Glob),
    Pcre(Pcre),
    List(BTreeSet<String>),
    Grain(GrainTarget),
    Network(Network),
    Compound(Compound),
    /// Only the minion's master can say (pillar, range).
    Elsewhere,
}

impl Target {
    /// Parses an expression of one of Salt's target types.
    ///
    /// # Errors
    /// When the type is unknown or the expression is not one of its kind; the message says what was expected.
    pub fn parse(input: TargetInput<'_>, tgt_type: &str) -> Result<Self, TargetError> {
        let text = match input {
            TargetInput::List(ids) if tgt_type == "list" => {
                return if ids.is_empty() {
                    Err(TargetError::Empty)
                } else {
                    Ok(Self(list(ids.iter().map(String::as_str))))
                };
            }
            TargetInput::List(_) => return Err(TargetError::ArrayGiven(tgt_type.to_owned())),
            TargetInput::Text(text) if text.trim().is_empty() => return Err(TargetError::Empty),
            TargetInput::Text(text) => text,
        };
        Kind::parse(text, tgt_type).map(Self)
    }

    /// Whether matching looks at grains: without, they need not be loaded.
    pub fn needs_grains(&self) -> bool {
        self.0.needs_grains()
    }

    /// The ids of a list target: nobody else can match.
    pub fn listed(&self) -> Option<&BTreeSet<String>> {
        match &self.0 {
            Kind::List(ids) => Some(ids),
            _ => None,
        }
    }

    /// Whether `minion_id` with `grains` (none: never seen) matches.
    pub fn matches(&self, minion_id: &str, grains: Option<&Value>) -> Match {
        self.0.matches(minion_id, grains)
    }
}

impl Kind {
    fn parse(text: &str, tgt_type: &str) -> Result<Self, TargetError> {
        Ok(match tgt_type {
            "glob" => Self::Glob(Glob::new(text)),
            "pcre" => Self::Pcre(Pcre::new(text)),
            "list" => list(text.split(',').map(str::trim)),
            "grain" => Self::Grain(GrainTarget::new(text, ":", Compare::Glob)?),
            "grain_pcre" => Self::Grain(GrainTarget::new(text, ":", Compare::Pcre)?),
            "ipcidr" => Self::Network(Network::new(text)?),
            "compound" => Self::Compound(Compound::parse(text)?),
            "pillar" | "pillar_pcre" | "pillar_exact" | "range" => Self::Elsewhere,
            "nodegroup" => return Err(TargetError::Nodegroup),
            other => return Err(TargetError::UnknownType(other.to_owned())),
        })
    }

    pub(crate) fn needs_grains(&self) -> bool {
        match self {
            Self::Grain(_) | Self::Network(_) => true,
            Self::Compound(compound) => compound.needs_grains(),
            Self::Glob(_) | Self::Pcre(_) | Self::List(_) | Self::Elsewhere => false,
        }
    }

    pub(crate) fn matches(&self, minion_id: &str, grains: Option<&Value>) -> Match {
        match self {
            Self::Glob(glob) => glob.matches(minion_id).into(),
            Self::Pcre(pcre) => pcre.matches(minion_id),
            Self::List(ids) => ids.contains(minion_id).into(),
            Self::Grain(grain) => grain.matches(grains),
            Self::Network(network) => network.matches(grains),
            Self::Compound(compound) => compound.matches(minion_id, grains),
            Self::Elsewhere => Match::Unknown,
        }
    }
}

pub(crate) fn list<'a>(ids: impl Iterator<Item = &'a str>) -> Kind {
    Kind::List(ids.filter(|id| !id.is_empty()).map(str::to_owned).collect())
}
