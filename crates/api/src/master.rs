//! `master.*`: masters, their keys and presence. One file per method; here only what several of them share.

mod delete_master;
mod get_master_deployments;
mod get_master_details;
mod get_master_grains;
mod get_master_keys;
mod get_master_presence;
mod get_plugin_status;
mod get_plugin_versions;
mod save_master;
mod save_master_key;
mod set_master_key_state;
mod set_plugin_status;

pub use delete_master::{DeleteMaster, DeleteMasterParams, DeletedMaster};
pub use get_master_deployments::{GetMasterDeployments, GetMasterDeploymentsParams, MasterDeployment};
pub use get_master_details::{
    GetMasterDetails, GetMasterDetailsParams, MasterDetails, MasterDetailsSort, MasterGap, PluginStatus,
};
pub use get_master_grains::{GetMasterGrains, GetMasterGrainsParams, MasterGrains};
pub use get_master_keys::{GetMasterKeys, GetMasterKeysParams, MasterKey, MasterKeySort};
pub use get_master_presence::{
    GetMasterPresence, GetMasterPresenceParams, MasterPresence, MasterPresenceSort,
};
pub use get_plugin_status::{GetPluginStatus, GetPluginStatusParams, MasterPlugin, PluginStatusSort};
pub use get_plugin_versions::{GetPluginVersions, GetPluginVersionsParams, PluginVersion, PluginVersions};
pub use save_master::{SaveMaster, SaveMasterParams};
pub use save_master_key::{PreseedState, SaveMasterKey, SaveMasterKeyParams};
pub use set_master_key_state::{KeyActAction, MasterKeyAct, SetMasterKeyState, SetMasterKeyStateParams};
pub use set_plugin_status::{SetPluginStatus, SetPluginStatusParams};

use schemars::{Schema, SchemaGenerator, json_schema};

/// Page size where the caller names none.
fn hundred() -> i64 {
    100
}

/// `accepted`, `pending` or `rejected`, or null.
fn optional_key_state(_: &mut SchemaGenerator) -> Schema {
    json_schema!({"type": ["string", "null"], "enum": ["accepted", "pending", "rejected", null]})
}

/// `accepted`, `pending` or `rejected`.
fn key_state(_: &mut SchemaGenerator) -> Schema {
    json_schema!({"type": "string", "enum": ["accepted", "pending", "rejected"]})
}
