//! `ret.get_jids`: jobs by their jids, in the words of Salt's returners.

use std::collections::BTreeMap;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{Jid, method};

/// Parameters, in positional order.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GetJidsParams {
    /// The first jid.
    #[serde(default)]
    pub start: Option<Jid>,
    /// The last jid.
    #[serde(default)]
    pub end: Option<Jid>,
    /// How many, the newest; at most 10,000, which is the default.
    #[serde(default)]
    #[schemars(range(min = 0))]
    pub limit: Option<i64>,
}

/// A job as Salt's own returners show it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct JidInstance {
    /// Function.
    #[serde(rename = "Function")]
    pub function: String,
    /// Arguments as Salt gets them.
    #[serde(rename = "Arguments")]
    pub arguments: Value,
    /// Target; where several were asked for, all of them by entity; of a runner or wheel its masters.
    #[serde(rename = "Target")]
    pub target: Value,
    /// Salt's target type, where there is one target.
    #[serde(rename = "Target-type")]
    pub target_type: Option<String>,
    /// Who.
    #[serde(rename = "User")]
    pub user: String,
    /// When it was asked for, or first seen.
    #[serde(rename = "StartTime")]
    pub start_time: Timestamp,
}

method!(
    GetJids,
    "ret",
    "get_jids",
    GetJidsParams,
    BTreeMap<String, JidInstance>,
    "Jobs by jid, between two jids (both included), the newest first when there are more than the limit; a warning says so."
);
