//! `master.set_plugin_status`: what became of an update of a plugin.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::PluginStatus;
use crate::{Jid, method};

/// Parameters, in positional order.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SetPluginStatusParams {
    /// Master id.
    pub master_id: String,
    /// State.
    pub status: PluginStatus,
    /// The job that updates it.
    #[serde(default)]
    pub last_update_jid: Option<Jid>,
    /// For people.
    #[serde(default)]
    pub log_messages: Option<String>,
}

method!(
    SetPluginStatus,
    "master",
    "set_plugin_status",
    SetPluginStatusParams,
    bool,
    "Record how an update of a master's plugin goes. It is shown until the plugin comes with another version. Returns true."
);
