//! What a target looks at: so that a change of something else need not be matched again.

use std::collections::BTreeSet;

use crate::{data::Keys, kind::Kind};

/// Top-level keys of grains and pillar that a target looks at; the id it always may.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Looks {
    pub(crate) grains: Part,
    pub(crate) pillar: Part,
}

/// Which keys.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Part {
    pub(crate) all: bool,
    pub(crate) keys: BTreeSet<String>,
}

impl Looks {
    pub(crate) fn add(&mut self, leaf: &Kind) {
        match leaf {
            Kind::Grain(data) => self.grains.add(data.keys()),
            Kind::Pillar(data) => self.pillar.add(data.keys()),
            Kind::Network(network) => self.grains.add(Keys::Only([network.grain().to_owned()].into())),
            _ => {}
        }
    }
}

impl Part {
    fn add(&mut self, keys: Keys) {
        match keys {
            Keys::All => self.all = true,
            Keys::Only(keys) => self.keys.extend(keys),
        }
    }

    /// Nothing of it is looked at.
    pub(crate) fn is_empty(&self) -> bool {
        !self.all && self.keys.is_empty()
    }
}
