//! How a master makes itself known: who it says it is, and what the server answers.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// What kind of cluster a master says it belongs to (design §1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ClusterKind {
    /// `sseapi_cluster_id` and `sseapi_failover_master: True`: a minion is on one master at a time.
    Failover,
    /// `sseapi_cluster_id` and `sseapi_failover_master: False`: a minion is on every master at once.
    Hot,
    /// No cluster id: one master alone.
    Single,
    /// Salt's own `cluster_id` (3007 and later): masters share events and keys themselves.
    Native,
}

impl ClusterKind {
    /// The word used in SQL, JSON, CLI and console.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Failover => "failover",
            Self::Hot => "hot",
            Self::Single => "single",
            Self::Native => "native",
        }
    }

    /// The kind named by `word`, if it is one.
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Failover, Self::Hot, Self::Single, Self::Native].into_iter().find(|kind| kind.as_str() == word)
    }
}

impl std::fmt::Display for ClusterKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

/// State of a master's key with the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MasterKeyState {
    /// An operator accepted this key for this master, cluster id and kind.
    Accepted,
    /// Waiting for an operator.
    Pending,
    /// Refused by an operator, or by a rule (the reason says which).
    Rejected,
}

impl MasterKeyState {
    /// The word used in SQL, JSON, CLI and console.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Pending => "pending",
            Self::Rejected => "rejected",
        }
    }

    /// The state named by `word`, if it is one.
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Accepted, Self::Pending, Self::Rejected].into_iter().find(|state| state.as_str() == word)
    }
}

/// What is good to know about a master. All of it is what the master says.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MasterFacts {
    /// Version of the plugin.
    pub plugin_version: String,
    /// Version of Salt, when it could be learnt.
    #[serde(default)]
    pub salt_version: Option<String>,
    /// Host name.
    #[serde(default)]
    pub host: Option<String>,
    /// SHA-256 (hex) of the Salt master's own public key file `master.pub`, white space at its ends removed.
    #[serde(default)]
    pub salt_key_fingerprint: Option<String>,
    /// SHA-256 (hex) of `master_sign.pub`, when the master signs.
    #[serde(default)]
    pub signing_key_fingerprint: Option<String>,
    /// `zeromq`, `tcp` or `ws`.
    #[serde(default)]
    pub transport: Option<String>,
}

/// `POST /plugin/v1/enroll`: signed with the key it names, which proves possession of the private half.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Enroll {
    /// The Salt master's `id`.
    pub master_id: String,
    /// `sseapi_cluster_id` (or Salt's `cluster_id` for a native cluster); none for a single master.
    #[serde(default)]
    pub cluster_id: Option<String>,
    /// Declared kind.
    pub kind: ClusterKind,
    /// Ed25519 public key, SPKI PEM.
    pub public_key: String,
    /// Epoch of the plugin's spool; drawn anew whenever the spool file is opened.
    pub epoch: Uuid,
    /// The rest.
    pub facts: MasterFacts,
}

/// The server's answer to [`Enroll`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Enrolled {
    /// Whether commands and reports will be taken.
    pub state: MasterKeyState,
    /// Why not accepted, and what to do.
    #[serde(default)]
    pub reason: Option<String>,
    /// SHA-256 (hex) of the key as the operator sees it.
    pub fingerprint: String,
    /// The server's id for this master, once accepted.
    #[serde(default)]
    pub master_uuid: Option<Uuid>,
    /// The server's clock.
    pub server_time: Timestamp,
    /// The server's Ed25519 public key, SPKI PEM: pinned at first sight.
    pub server_key: String,
}
