//! `ret.get_fun`: what each minion ran last.

use std::collections::BTreeMap;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{Jid, method};

/// Parameters, in positional order.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GetFunParams {
    /// Only minions whose last function was this one.
    #[serde(default)]
    pub fun: Option<String>,
}

/// The last return of one minion, without its value.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct LastFun {
    /// Function.
    pub fun: String,
    /// Its arguments.
    pub fun_args: Value,
    /// Jid: `ret.get_returns` has the value.
    pub jid: Jid,
    /// As Salt says.
    pub success: bool,
    /// Return code.
    pub retcode: i64,
    /// When it came here.
    pub alter_time: Timestamp,
    /// Cluster of the minion (ours).
    pub cluster_id: String,
}

method!(
    GetFun,
    "ret",
    "get_fun",
    GetFunParams,
    BTreeMap<String, LastFun>,
    "The last function that each known minion ran, by minion id: the newest jid that it returned, without the value. A minion id that several clusters have is shown as minion@cluster."
);
