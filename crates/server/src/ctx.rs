//! Who calls, and with what: the first argument of every RPC method.

use std::sync::{Mutex, PoisonError};

use uuid::Uuid;

use crate::{AppState, RpcError};

/// Whoever is signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    /// Account.
    pub account_uuid: Uuid,
    /// Name.
    pub username: String,
    /// Where the account comes from; `internal` is ours.
    pub config_name: String,
    /// Roles.
    pub roles: Vec<String>,
}

impl Actor {
    /// May do everything.
    pub fn is_superuser(&self) -> bool {
        self.roles.iter().any(|role| role == "Superuser")
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

    /// Refuses whoever may not do everything.
    ///
    /// # Errors
    /// Forbidden; the message names who wanted to do what.
    pub fn superuser(&self, what: &str) -> Result<(), RpcError> {
        if self.actor.is_superuser() {
            return Ok(());
        }
        Err(RpcError::Forbidden(format!(
            "user {:?} may not {what}: it wants the role Superuser",
            self.actor.username
        )))
    }

    /// Now, by the server's clock.
    pub fn now(&self) -> jiff::Timestamp {
        self.state.clock.now()
    }
}
