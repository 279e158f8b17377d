//! Things that people save and share: who owns them, and which role may read, change, see or delete them.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::state::words;

words! {
    /// What a role may do with one saved thing. Its permissions (`job-read`, `target-write`, …) are needed beside it.
    AccessType {
        /// Look into it, and use it.
        Read = "read",
        /// Change it.
        Write = "write",
        /// See that it is there: its name and description.
        Discover = "discover",
        /// Delete it.
        Delete = "delete",
    }
}

/// Role name → what it may do. Roles that are left out may do nothing.
pub type AccessPayload = BTreeMap<String, Vec<AccessType>>;

/// What one role may do with one saved thing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Rights {
    /// Look into it, and use it.
    pub read: bool,
    /// Change it.
    pub write: bool,
    /// See that it is there.
    pub discover: bool,
    /// Delete it.
    pub delete: bool,
}

/// Who saved it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Owner {
    /// Name; `deleted` when the account is gone, `internal` for what every server has.
    pub username: String,
    /// Directory of the account.
    pub config_name: String,
    /// Account; null when it is gone.
    pub uuid: Option<Uuid>,
}

/// Who may do what with a saved thing. Its owner and superusers may do everything, so far as it can be changed at all.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Auth {
    /// Role → what it may do.
    pub access: BTreeMap<String, Rights>,
    /// Whose it is.
    pub owner: Owner,
}

/// What is kept about a saved thing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Metadata {
    /// Who may do what.
    pub auth: Auth,
}

impl FromIterator<AccessType> for Rights {
    fn from_iter<I: IntoIterator<Item = AccessType>>(all: I) -> Self {
        let mut rights = Self::default();
        for one in all {
            match one {
                AccessType::Read => rights.read = true,
                AccessType::Write => rights.write = true,
                AccessType::Discover => rights.discover = true,
                AccessType::Delete => rights.delete = true,
            }
        }
        rights
    }
}
