//! `api.*`: what this API can do.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{NoParams, method};

/// Parameters of `api.discover`.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DiscoverParams {
    /// Section names (`["cmd", "constants"]`), or a map of section to its keys (`{"constants": ["command-states"]}`).
    #[serde(default)]
    pub include: Option<Include>,
}

/// Which sections.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Include {
    /// Whole sections.
    Sections(Vec<String>),
    /// Parts of sections.
    Parts(BTreeMap<String, Part>),
}

/// Which part of a section.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Part {
    /// One key.
    One(String),
    /// Several.
    Some(Vec<String>),
}

/// Versions of the parts.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Versions {
    /// There is none in this server; clients expect the key.
    pub python: Option<String>,
    /// A few options, without secrets.
    pub opts: Value,
    /// Component → version.
    pub raas: BTreeMap<String, String>,
}

method!(
    Discover,
    "api",
    "discover",
    DiscoverParams,
    BTreeMap<String, Value>,
    "The catalogue of this API: per resource its methods with signature, documentation and JSON schemas; and the section `constants`."
);
method!(
    GetVersions,
    "api",
    "get_versions",
    NoParams,
    Versions,
    "Versions of the server and of what it speaks."
);
