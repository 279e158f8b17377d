//! `G@os:Debian and not ( web* or E@db[0-9]+ )`: targets joined by `and`, `or`, `not` and parentheses.

mod parse;
mod word;

use crate::{
    Match, Minion,
    ipcidr::{Answer, Network},
    kind::Kind,
};

pub(crate) use parse::{Parsed, parse, word_of};

/// A parsed compound expression.
#[derive(Clone, Debug)]
pub(crate) struct Compound {
    node: Node,
    /// It asks a range server somewhere, or has an expression for ids that not every Python reads: a minion that cannot
    /// gives up on the whole, so that no part of it says yes for sure.
    gives_up: bool,
    /// All of its networks: one that meets a grain which is no address ends the whole expression with an error.
    networks: Vec<Network>,
}

/// A part of it.
#[derive(Clone, Debug)]
pub(crate) enum Node {
    All(Vec<Node>),
    Any(Vec<Node>),
    Not(Box<Node>),
    Leaf(Kind),
}

impl Compound {
    pub(crate) fn new(node: Node) -> Self {
        let (mut gives_up, mut networks) = (false, Vec::new());
        node.leaves(&mut |leaf| match leaf {
            Kind::Network(network) => networks.push(network.clone()),
            Kind::Range => gives_up = true,
            Kind::Pcre(pcre) => gives_up |= pcre.open().is_some(),
            _ => {}
        });
        Self { node, gives_up, networks }
    }

    pub(crate) fn matches(&self, minion: &Minion<'_>) -> Match {
        if self.networks.iter().any(|network| network.answer(minion.grains) == Answer::Raised) {
            return Match::No;
        }
        match self.node.matches(minion) {
            Match::Yes if self.gives_up => Match::Unknown,
            verdict => verdict,
        }
    }

    pub(crate) fn leaves<'a>(&'a self, visit: &mut dyn FnMut(&'a Kind)) {
        self.node.leaves(visit);
    }
}

impl Node {
    fn matches(&self, minion: &Minion<'_>) -> Match {
        match self {
            Self::Leaf(leaf) => leaf.matches(minion),
            Self::Not(node) => !node.matches(minion),
            Self::Any(nodes) => Match::any(nodes.iter().map(|node| node.matches(minion))),
            Self::All(nodes) => !Match::any(nodes.iter().map(|node| !node.matches(minion))),
        }
    }

    fn leaves<'a>(&'a self, visit: &mut dyn FnMut(&'a Kind)) {
        match self {
            Self::Leaf(leaf) => visit(leaf),
            Self::Not(node) => node.leaves(visit),
            Self::Any(nodes) | Self::All(nodes) => {
                for node in nodes {
                    node.leaves(visit);
                }
            }
        }
    }
}
