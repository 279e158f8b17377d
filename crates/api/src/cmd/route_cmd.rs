//! `cmd.route_cmd`: create a command and send it to Salt.

mod no_arguments;

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::{CommandKind, Disposition, Jid, method};

/// Parameters, in positional order.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RouteCmdParams {
    /// A saved job; not with `cmd` and `fun`. `arg.kwarg` gives its inputs; it runs on its own target group unless `tgt` or
    /// `tgt_uuid` (or `masters`) says where.
    #[serde(default)]
    pub job_uuid: Option<Uuid>,
    /// `local` (default), `runner` or `wheel`.
    #[serde(default)]
    pub cmd: Option<CommandKind>,
    /// Function, as `test.ping`.
    #[serde(default)]
    pub fun: Option<String>,
    /// Runner and wheel only: master ids, cluster ids, or `["*"]`.
    #[serde(default)]
    pub masters: Option<Vec<String>>,
    /// Arguments; an empty list means none, too.
    #[serde(default, deserialize_with = "no_arguments::read")]
    #[schemars(with = "Option<no_arguments::Arg>")]
    pub arg: Option<RouteCmdArg>,
    /// `local` only: master id, cluster id or `*` (then alone) → what to target there.
    #[serde(default)]
    pub tgt: Option<BTreeMap<String, RouteTarget>>,
    /// A saved target group; not with `tgt`.
    #[serde(default)]
    pub tgt_uuid: Option<Uuid>,
    /// Drawn when left out.
    #[serde(default)]
    pub jid: Option<Jid>,
    /// Runner and wheel only; default `["all-masters", "any-in-cluster"]`.
    #[serde(default)]
    pub disposition: Option<Vec<Disposition>>,
    /// Seconds a minion may take before it is asked whether it still runs (ours; default from the configuration).
    #[serde(default)]
    pub timeout: Option<u32>,
}

/// Arguments of the function.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RouteCmdArg {
    /// Positional.
    #[serde(default)]
    pub arg: Option<Vec<Value>>,
    /// By name.
    #[serde(default)]
    pub kwarg: Option<Map<String, Value>>,
}

/// What to target on one master or cluster.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RouteTarget {
    /// Target expression; a list may be an array of ids or a text with commas.
    pub tgt: TargetText,
    /// Salt's target type; default `glob`.
    #[serde(default = "glob")]
    pub tgt_type: String,
}

/// A target expression.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum TargetText {
    /// Text.
    Text(String),
    /// Ids, for `list`.
    List(Vec<String>),
}

impl RouteTarget {
    /// A `glob` target.
    pub fn glob(expression: &str) -> Self {
        Self { tgt: TargetText::Text(expression.to_owned()), tgt_type: glob() }
    }
}

fn glob() -> String {
    "glob".to_owned()
}

method!(
    RouteCmd,
    "cmd",
    "route_cmd",
    RouteCmdParams,
    Jid,
    "Create a command and send it to Salt; returns its jid at once. A local command goes to every live master of a failover cluster. In a hot-hot cluster it goes to one live master, the one that holds most of the target; whom that one does not freshly hold is reached at once through the others. A runner or wheel runs on exactly one live master of each cluster unless `disposition` asks for all."
);
