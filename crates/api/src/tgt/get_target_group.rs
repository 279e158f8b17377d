//! `tgt.get_target_group`

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use crate::{Metadata, Page, cmd::RouteTarget, method};

/// Parameters, in positional order.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct GetTargetGroupParams {
    /// This group; all other filters are ignored then.
    pub tgt_uuid: Option<Uuid>,
    /// Groups that mean this master: by its id, its cluster's, or `*`. Not with `tgt_uuid`.
    pub master_id: Option<String>,
    /// Groups that this pillar is attached to.
    pub pillar_uuid: Option<Uuid>,
    /// Groups that this role may do something with.
    pub role_uuid: Option<Uuid>,
    /// Text in the name.
    pub name: Option<String>,
    /// Text in the description.
    pub desc: Option<String>,
    /// Show the data of attached pillars, too.
    pub include_pillar_data: Option<bool>,
    /// Order; by name when left out.
    pub sort_by: Option<TargetGroupSort>,
    /// Z to A.
    pub reverse: Option<bool>,
    /// -1 for all.
    pub limit: i64,
    /// From 0.
    pub page: Option<u32>,
}

impl Default for GetTargetGroupParams {
    fn default() -> Self {
        Self {
            tgt_uuid: None,
            master_id: None,
            pillar_uuid: None,
            role_uuid: None,
            name: None,
            desc: None,
            include_pillar_data: None,
            sort_by: None,
            reverse: None,
            limit: 50,
            page: None,
        }
    }
}

/// What target groups can be ordered by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum TargetGroupSort {
    /// Name.
    #[default]
    Name,
    /// Description.
    Desc,
}

/// A saved target group.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct TargetGroup {
    /// Its uuid.
    pub uuid: Uuid,
    /// Name; `N@name` in a compound target means it.
    pub name: String,
    /// For people.
    pub desc: String,
    /// Master id, cluster id or `*` → whom it means there. Empty for who may only discover it.
    pub tgt: BTreeMap<String, RouteTarget>,
    /// Attached pillars.
    pub pillars: Vec<Value>,
    /// Whose it is, and who may do what.
    pub metadata: Metadata,
}

method!(
    GetTargetGroup,
    "tgt",
    "get_target_group",
    GetTargetGroupParams,
    Page<TargetGroup>,
    "List target groups, or one of them. Only those are shown that the caller owns, or may read or discover."
);
