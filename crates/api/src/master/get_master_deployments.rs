//! `master.get_master_deployments`: masters installed from here.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{Page, method};

/// Parameters, in positional order.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct GetMasterDeploymentsParams {
    /// This deployment.
    pub deploy_uuid: Option<Uuid>,
    /// Of this master.
    pub master_id: Option<String>,
    /// From 0.
    pub page: Option<u32>,
    /// -1 for all.
    pub limit: i64,
}

impl Default for GetMasterDeploymentsParams {
    fn default() -> Self {
        Self { deploy_uuid: None, master_id: None, page: None, limit: 50 }
    }
}

/// One deployment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct MasterDeployment {
    /// Its id.
    pub uuid: Uuid,
    /// Master.
    pub master_id: String,
    /// When.
    pub deploy_time: Timestamp,
    /// How far it is.
    pub status: String,
    /// What was said.
    pub messages: Vec<String>,
    /// Who.
    pub user_uuid: Option<Uuid>,
}

method!(
    GetMasterDeployments,
    "master",
    "get_master_deployments",
    GetMasterDeploymentsParams,
    Page<MasterDeployment>,
    "Masters that were installed from here. This server installs none yet, so that the list is empty."
);
