//! `tgt.save_target_group`

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{cmd::RouteTarget, method};

/// Parameters, in positional order.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SaveTargetGroupParams {
    /// Master id, cluster id or `*` (then alone) → whom it means there.
    pub tgt: BTreeMap<String, RouteTarget>,
    /// Name, unique. May be left out with `tgt_uuid`: it stays.
    #[serde(default)]
    pub name: Option<String>,
    /// The group to change.
    #[serde(default)]
    pub tgt_uuid: Option<Uuid>,
    /// For people; left out it stays.
    #[serde(default)]
    pub desc: Option<String>,
    /// Pillars to attach.
    #[serde(default)]
    pub pillar_uuids: Option<Vec<Uuid>>,
    /// Makes no difference here: whom a group means is always worked out when it is asked for.
    #[serde(default)]
    pub wait_for_match: bool,
}

method!(
    SaveTargetGroup,
    "tgt",
    "save_target_group",
    SaveTargetGroupParams,
    Uuid,
    "Save a target group, or change one (`tgt_uuid`); its uuid comes back. A new one belongs to the caller, and to nobody else until access is given."
);
