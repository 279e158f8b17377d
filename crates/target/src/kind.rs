//! What a target is, once read: one of Salt's matchers with its argument.

use crate::{
    Match, Minion, TargetError,
    compound::{Compound, Node},
    data::DataTarget,
    error::Fault,
    glob::Glob,
    ipcidr::Network,
    list::List,
    pcre::Pcre,
};

#[derive(Clone, Debug)]
pub(crate) enum Kind {
    Glob(Glob),
    Pcre(Pcre),
    List(List),
    Grain(DataTarget),
    Pillar(DataTarget),
    Network(Network),
    Compound(Box<Compound>),
    /// A range server says, which only masters and minions can ask.
    Range,
}

/// Why reading ended.
#[derive(Debug)]
pub(crate) enum Problem {
    /// At a place of the expression.
    At(Fault),
    /// Elsewhere: in a nodegroup, or in the whole.
    Whole(TargetError),
}

impl From<Fault> for Problem {
    fn from(fault: Fault) -> Self {
        Self::At(fault)
    }
}

impl From<TargetError> for Problem {
    fn from(error: TargetError) -> Self {
        Self::Whole(error)
    }
}

impl Kind {
    pub(crate) fn matches(&self, minion: &Minion<'_>) -> Match {
        match self {
            Self::Glob(glob) => glob.matches(minion.id).into(),
            Self::Pcre(pcre) => pcre.matches(minion.id),
            Self::List(list) => list.matches(minion.id).into(),
            Self::Grain(data) => data.matches(minion.grains),
            Self::Pillar(data) => data.matches(minion.pillar),
            Self::Network(network) => network.matches(minion.grains),
            Self::Compound(compound) => compound.matches(minion),
            Self::Range => Match::Unknown,
        }
    }

    /// Calls `visit` with each target that is not made of others.
    pub(crate) fn leaves<'a>(&'a self, visit: &mut dyn FnMut(&'a Kind)) {
        match self {
            Self::Compound(compound) => compound.leaves(visit),
            leaf => visit(leaf),
        }
    }

    pub(crate) fn compound(node: Node) -> Self {
        Self::Compound(Box::new(Compound::new(node)))
    }

    /// Why this leaf is left to Salt whatever is known of a minion.
    pub(crate) fn open(&self) -> Option<String> {
        let regex = |why| format!("a regular expression is left to Salt: {why}");
        match self {
            Self::Range => {
                Some("a range is left to Salt: only masters and minions reach the range server".to_owned())
            }
            Self::Pcre(pcre) => pcre.open().map(regex),
            Self::Grain(data) | Self::Pillar(data) => data.open().map(regex),
            _ => None,
        }
    }
}
