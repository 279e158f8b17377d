//! `ret.get_load`: what was published under a jid.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{Jid, method};

/// Parameters, in positional order.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GetLoadParams {
    /// Master id.
    pub master_id: String,
    /// Jid.
    pub jid: Jid,
}

/// A load in Salt's words.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Load {
    /// `publish` for a job of minions, else `runner` or `wheel`.
    pub cmd: String,
    /// Function.
    pub fun: String,
    /// Arguments as Salt got them.
    pub arg: Value,
    /// Target as this master got it; null for a runner or wheel.
    pub tgt: Value,
    /// Salt's target type; null for a runner or wheel.
    pub tgt_type: Option<String>,
    /// Jid.
    pub jid: Jid,
    /// Who.
    pub user: String,
}

method!(GetLoad, "ret", "get_load", GetLoadParams, Load, "What one master was given to publish under a jid.");
