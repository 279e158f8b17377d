//! `master.get_master_keys`: every key that a master ever offered.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{MasterKeyState, cluster::Kind, method};

/// Parameters, in positional order.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GetMasterKeysParams {
    /// Only keys in this state.
    #[serde(default)]
    #[schemars(schema_with = "super::optional_key_state")]
    pub state: Option<MasterKeyState>,
    /// Only masters whose id contains this text.
    #[serde(default)]
    pub master_id: Option<String>,
    /// Default: `master_id`.
    #[serde(default)]
    pub sort_by: Option<MasterKeySort>,
    /// Largest first.
    #[serde(default)]
    pub reverse: Option<bool>,
}

/// What the list can be sorted by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum MasterKeySort {
    /// Master id.
    #[default]
    MasterId,
    /// State.
    State,
    /// When the key was first offered.
    Created,
}

/// One key.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct MasterKey {
    /// Master that offers it.
    pub master_id: String,
    /// State.
    #[schemars(schema_with = "super::key_state")]
    pub state: MasterKeyState,
    /// When it was first offered.
    pub created: Timestamp,
    /// SHA-256 of the key, hex: compare it with what `raas-plugin status` shows on the master.
    pub fingerprint: String,
    /// Cluster id that the master declares; null for a single master.
    pub cluster_id: Option<String>,
    /// Kind of cluster that the master declares.
    pub kind: Kind,
    /// Why the state is what it is; empty when there is nothing to say.
    pub reason: String,
    /// When the state last changed.
    pub changed: Timestamp,
    /// When the master last offered it.
    pub last_seen: Timestamp,
    /// The key, SPKI PEM.
    pub public_key: String,
}

method!(
    GetMasterKeys,
    "master",
    "get_master_keys",
    GetMasterKeysParams,
    Vec<MasterKey>,
    "The keys that masters offered, with their state. A second key for a known master id stands beside the first, never in its place."
);
