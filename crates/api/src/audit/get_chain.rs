//! `audit.get_chain`: what `raas audit verify` reads.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Link;
use crate::method;

/// Parameters, in positional order.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct GetChainParams {
    /// Rows after this place.
    pub after: i64,
    /// At most so many, from 1 to 10,000.
    pub limit: u32,
}

impl Default for GetChainParams {
    fn default() -> Self {
        Self { after: 0, limit: 1000 }
    }
}

/// A place and its hash.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Head {
    /// Place.
    pub number: i64,
    /// Hash.
    pub hash: String,
}

/// A part of the chain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Chain {
    /// Rows by place.
    pub rows: Vec<Link>,
    /// Where the chain ends now.
    pub head: Head,
    /// Where it begins: everything up to here was dropped by retention.
    pub root: Head,
    /// Rows that are not chained yet.
    pub unchained: i64,
}

method!(
    GetChain,
    "audit",
    "get_chain",
    GetChainParams,
    Chain,
    "The audit as a chain of hashes, for whoever wants to check that nothing in it was changed: raas audit verify does."
);
