//! Who calls, and with what: the first argument of every RPC method.

use std::{
    collections::BTreeSet,
    net::IpAddr,
    sync::{
        Mutex, OnceLock, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

use raas_api::{Permission, Scope};
use raas_db::{
    DbError, Session,
    account::{Access, HeldRole},
    audit,
};
use uuid::Uuid;

use crate::{
    AppState, RpcError,
    audit::{self as audited, Act},
    rpc::Needs,
};

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
    /// What each of its roles allows, and where.
    pub(crate) grants: Vec<Grant>,
    /// What the account, and the token that it came with, never get beyond.
    pub(crate) limits: Vec<Scope>,
    /// The session, or the token of a program; none: name and password came with this call.
    pub session_uuid: Option<Uuid>,
    /// Another one after each change of the account's password.
    pub(crate) password_mark: Option<String>,
    /// Not a person with a password, but a program with a token.
    pub by_token: bool,
    /// From where.
    pub address: Option<IpAddr>,
}

/// Permissions within a scope.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Grant {
    pub(crate) permissions: BTreeSet<Permission>,
    /// None: everywhere.
    pub(crate) scope: Option<Scope>,
}

impl Grant {
    /// Words that are no permission of this version allow nothing; a scope that cannot be read holds nobody.
    fn of(perms: &[String], scope: Option<&str>) -> Self {
        Self {
            permissions: perms.iter().filter_map(|word| Permission::from_word(word)).collect(),
            scope: scope.map(|text| serde_json::from_str(text).unwrap_or_default()),
        }
    }
}

impl Actor {
    /// From what the account holds.
    pub(crate) fn of(access: Access) -> Self {
        let of_role = |role: &HeldRole| Grant::of(&role.perms, role.scope.as_deref());
        let mut grants: Vec<Grant> = access.roles.iter().map(of_role).collect();
        grants.push(Grant::of(&access.perms, None));
        let everything = grants.iter().any(|grant| grant.permissions.contains(&Permission::Superuser));
        // Who may do everything can lift every limit: one on such an account would only pretend.
        let limit = Grant::of(&[], access.scope.as_deref()).scope.filter(|_| !everything);
        Self {
            permissions: grants.iter().flat_map(|grant| &grant.permissions).copied().collect(),
            grants,
            limits: limit.into_iter().collect(),
            session_uuid: None,
            password_mark: access.password_mark,
            by_token: false,
            address: None,
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
    act: OnceLock<Act>,
    audited: AtomicBool,
}

impl Ctx {
    /// A context without warnings.
    pub fn new(state: AppState, actor: Actor) -> Self {
        Self {
            state,
            actor,
            warnings: Mutex::default(),
            act: OnceLock::new(),
            audited: AtomicBool::new(false),
        }
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

    /// Refuses a program with a token: `what`, as "make tokens". A token must not become more than it is.
    ///
    /// # Errors
    /// The message says that a session is wanted.
    pub fn with_password(&self, what: &str) -> Result<(), RpcError> {
        if self.actor.by_token {
            let why = format!("a token may not {what}: sign in with the password for that");
            return Err(RpcError::Forbidden(why));
        }
        Ok(())
    }

    /// What this call is, for the audit.
    pub(crate) fn acting(&self, act: Act) {
        let _ = self.act.set(act);
    }

    /// Writes that this call did what it does; in the transaction in which it does it. Every method that acts calls
    /// this before its commit.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn audit(&self, session: &impl Session) -> Result<(), DbError> {
        let Some(act) = self.act.get() else { return Ok(()) };
        audit::insert(session, &act.event(&self.actor, self.now(), None)).await?;
        self.audited.store(true, Ordering::Relaxed);
        Ok(())
    }

    /// After the call: writes what its own transaction did not. A refusal has none.
    pub(crate) async fn audit_end(&self, acts: bool, result: &Result<serde_json::Value, RpcError>) {
        let refused = match result {
            Ok(_) if !acts || self.audited.load(Ordering::Relaxed) => return,
            Ok(_) => None,
            Err(RpcError::Unavailable(_)) => return,
            Err(error) if acts || matches!(error, RpcError::Missing { .. } | RpcError::Forbidden(_)) => {
                Some(error.to_string())
            }
            Err(_) => return,
        };
        let Some(act) = self.act.get() else { return };
        let event = act.event(&self.actor, self.now(), refused.as_deref());
        if let Err(error) = audited::write(&self.state, &event).await {
            tracing::error!(cause = %error.internal(), method = act.name, "the audit lacks a row");
        }
    }

    /// Now, by the server's clock.
    pub fn now(&self) -> jiff::Timestamp {
        self.state.clock.now()
    }
}
