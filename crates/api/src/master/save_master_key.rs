//! `master.save_master_key`: decide about a key before its master calls.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{cluster::Kind, method};

/// Parameters, in positional order.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SaveMasterKeyParams {
    /// Master id that will offer the key.
    pub title: String,
    /// The public key: PEM text, or that text in base64.
    pub public_key: String,
    /// What to do when it comes.
    pub state: PreseedState,
    /// Cluster that the master will declare (ours); none for a single master.
    #[serde(default)]
    pub cluster_id: Option<String>,
    /// Kind that it will declare (ours). Default: `single` without a cluster id, else the kind of the cluster.
    #[serde(default)]
    pub kind: Option<Kind>,
}

/// What to do with the key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum PreseedState {
    /// Take the master at once.
    Accept,
    /// Refuse it.
    Reject,
}

method!(
    SaveMasterKey,
    "master",
    "save_master_key",
    SaveMasterKeyParams,
    bool,
    "Decide about a master's public key before the master calls: it is then accepted, or rejected, at its first enrolment. The key is bound to the master id, cluster id and kind given here."
);
