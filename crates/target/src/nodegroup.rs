//! Saved target groups that an expression may name: nodegroups, for Salt.

use std::collections::BTreeMap;

/// A saved target.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Nodegroup {
    /// Expression; for `list`, ids with commas between.
    pub tgt: String,
    /// Salt's target type.
    pub tgt_type: String,
}

/// Saved targets by name.
pub type Nodegroups = BTreeMap<String, Nodegroup>;

impl Nodegroup {
    /// A group of a type.
    pub fn new(tgt: &str, tgt_type: &str) -> Self {
        Self { tgt: tgt.to_owned(), tgt_type: tgt_type.to_owned() }
    }
}
