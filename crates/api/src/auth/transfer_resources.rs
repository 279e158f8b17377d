//! `auth.transfer_resources`

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{method, state::words};

words! {
    /// What accounts can own.
    ResourceType {
        /// Saved targets.
        TargetGroups = "target_groups",
        /// Saved jobs.
        Jobs = "jobs",
        /// Pillars.
        Pillars = "pillars",
        /// Files of the file server.
        Files = "files",
        /// Outside directories.
        AuthConfigs = "auth_configs",
        /// Formulas.
        Formulas = "formulas",
    }
}

/// Parameters, in positional order.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TransferResourcesParams {
    /// Who owns them.
    pub from_user_uuid: Uuid,
    /// Who shall.
    pub to_user_uuid: Uuid,
    /// Only these kinds.
    #[serde(default)]
    pub resource_types: Option<Vec<ResourceType>>,
    /// Only these.
    #[serde(default)]
    pub resource_uuids: Option<Vec<Uuid>>,
    /// Take away the access that others have.
    #[serde(default)]
    pub revoke_access: Option<bool>,
    /// Only count.
    #[serde(default)]
    pub test: Option<bool>,
}

/// Kind → how many.
pub type TransferredResources = BTreeMap<ResourceType, i64>;

method!(
    TransferResources,
    "auth",
    "transfer_resources",
    TransferResourcesParams,
    TransferredResources,
    "Give the saved things of one account to another; how many of each kind comes back."
);
