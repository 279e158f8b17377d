//! Who calls, and with what: the first argument of every RPC method.

use std::{
    collections::BTreeSet,
    sync::{Mutex, PoisonError},
};

use raas_api::Permission;
use raas_db::account::Access;
use uuid::Uuid;

use crate::{AppState, RpcError, rpc::Needs};

/// Whoever is signed in, with what the account holds at this moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    /// Account.
    pub account_uuid: Uuid,
    /// Name.
    pub username: String,
    /// Where the account comes from; `internal` is ours.
    pub config_name: String,
    /// Roles, those of its groups included.
    pub roles: Vec<String>,
    /// What it may do.
    pub permissions: BTreeSet<Permission>,
}

impl Actor {
    /// From what the account holds. Words that are no permission of this version allow nothing.
    pub(crate) fn of(access: Access) -> Self {
        let words = access.perms.iter().chain(access.roles.iter().flat_map(|role| &role.perms));
        Self {
            permissions: words.filter_map(|word| Permission::from_word(word)).collect(),
            account_uuid: access.account_uuid,
            username: access.username,
            config_name: access.config_name,
            roles: access.roles.into_iter().map(|role| role.name).collect(),
        }
    }

    /// May do everything.
    pub fn is_superuser(&self) -> bool {
        self.permissions.contains(&Permission::Superuser)
    }

    /// May do this.
    pub fn may(&self, permission: Permission) -> bool {
        self.is_superuser() || self.permissions.contains(&permission)
    }
}

/// The context of one call.
#[derive(Debug)]
pub struct Ctx {
    /// The server.
    pub state: AppState,
    /// Who.
    pub actor: Actor,
    warnings: Mutex<Vec<String>>,
}

impl Ctx {
    /// A context without warnings.
    pub fn new(state: AppState, actor: Actor) -> Self {
        Self { state, actor, warnings: Mutex::new(Vec::new()) }
    }

    /// Adds a sentence to the reply's `warnings`.
    pub fn warn(&self, warning: impl Into<String>) {
        self.warnings.lock().unwrap_or_else(PoisonError::into_inner).push(warning.into());
    }

    /// The warnings so far.
    pub fn into_warnings(self) -> Vec<String> {
        self.warnings.into_inner().unwrap_or_else(PoisonError::into_inner)
    }

    /// Refuses whoever lacks a permission that only some calls of a method need; `what`, as "run runners".
    ///
    /// # Errors
    /// The message names who wanted what, the permission and the roles that have it.
    pub async fn needs(&self, permission: Permission, what: &str) -> Result<(), RpcError> {
        Needs::One(permission).check(self, what).await
    }

    /// Now, by the server's clock.
    pub fn now(&self) -> jiff::Timestamp {
        self.state.clock.now()
    }
}
