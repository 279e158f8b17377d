//! `tgt.get_target_group_minions`

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{cmd::RouteTarget, method};

/// Parameters, in positional order: one of the two.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct GetTargetGroupMinionsParams {
    /// A saved group.
    pub tgt_uuid: Option<Uuid>,
    /// Master id, cluster id or `*` (then alone) → target.
    pub tgt: Option<BTreeMap<String, RouteTarget>>,
}

method!(
    GetTargetGroupMinions,
    "tgt",
    "get_target_group_minions",
    GetTargetGroupMinionsParams,
    BTreeMap<String, Vec<String>>,
    "Minions that a target group or target means now, by what is known of them. Each is listed once, under the master that saw it last. A warning says of how many the server cannot tell."
);
