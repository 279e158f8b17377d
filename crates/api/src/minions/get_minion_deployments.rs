//! `minions.get_minion_deployments`: minions installed from here.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use crate::{Page, method};

/// Parameters, in positional order.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct GetMinionDeploymentsParams {
    /// This deployment.
    pub deploy_uuid: Option<Uuid>,
    /// Of this minion.
    pub minion_id: Option<String>,
    /// On this master.
    pub master_id: Option<String>,
    /// From 0.
    pub page: Option<u32>,
    /// -1 for all.
    pub limit: i64,
}

impl Default for GetMinionDeploymentsParams {
    fn default() -> Self {
        Self { deploy_uuid: None, minion_id: None, master_id: None, page: None, limit: super::fifty() }
    }
}

/// One deployment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct MinionDeployment {
    /// Its id.
    pub uuid: Uuid,
    /// The job that installed it.
    pub deploy_jid: String,
    /// The job that ran states on it afterwards.
    pub state_run_jid: Option<String>,
    /// Master.
    pub master_id: String,
    /// Minion.
    pub minion_id: String,
    /// When.
    pub deploy_time: Timestamp,
    /// How far it is.
    pub status: String,
    /// A sentence.
    pub message: Option<String>,
    /// What was asked for.
    pub payload: Value,
    /// Who.
    pub user_uuid: Option<Uuid>,
}

method!(
    GetMinionDeployments,
    "minions",
    "get_minion_deployments",
    GetMinionDeploymentsParams,
    Page<MinionDeployment>,
    "Minions that were installed from here. This server installs none yet, so that the list is empty."
);
