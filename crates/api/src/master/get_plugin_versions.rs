//! `master.get_plugin_versions`: the plugin that belongs to this server.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::method;

/// No parameters.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GetPluginVersionsParams {}

/// The plugins that this server knows of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PluginVersions {
    /// The one it was built with.
    pub current: PluginVersion,
    /// The one before it.
    pub rollback: PluginVersion,
}

/// One plugin. It is a program, not a wheel: this server hands out no file of it, so that what concerns one is null.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PluginVersion {
    /// Name of the program.
    pub name: String,
    /// Version.
    pub git_describe: Option<String>,
    /// Null.
    pub build_date: Option<String>,
    /// Null.
    pub sha256: Option<String>,
    /// Null.
    pub filename: Option<String>,
    /// A sentence.
    pub message: String,
}

method!(
    GetPluginVersions,
    "master",
    "get_plugin_versions",
    GetPluginVersionsParams,
    PluginVersions,
    "The version of raas-plugin that belongs to this server. Masters with another one are shown by master.get_plugin_status."
);
