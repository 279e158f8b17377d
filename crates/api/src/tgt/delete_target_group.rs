//! `tgt.delete_target_group`

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::method;

/// Parameters, in positional order.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DeleteTargetGroupParams {
    /// One group, or several.
    pub tgt_uuid: Uuids,
    /// Also delete the schedules that run on it; saved jobs that are meant for it lose their target.
    #[serde(default)]
    pub force: Option<bool>,
}

/// One uuid, or several.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Uuids {
    /// One.
    One(Uuid),
    /// Several.
    Many(Vec<Uuid>),
}

impl Uuids {
    /// All of them.
    pub fn all(&self) -> &[Uuid] {
        match self {
            Self::One(uuid) => std::slice::from_ref(uuid),
            Self::Many(uuids) => uuids,
        }
    }
}

method!(
    DeleteTargetGroup,
    "tgt",
    "delete_target_group",
    DeleteTargetGroupParams,
    bool,
    "Delete target groups. Refused (FailedResourceDependency, naming them) while saved jobs, schedules or other groups depend on one, unless `force`."
);
