//! Which role, group or account is meant: by uuid, or by name. Exactly one of them says it.

use raas_db::{
    Session,
    account::{self, Account},
    account_group::{self, Group},
    role::{self, Role},
};
use uuid::Uuid;

use super::INTERNAL;
use crate::RpcError;

/// A uuid, or a name (with its directory).
#[derive(Clone, Copy, Debug)]
pub(super) struct Named<'a> {
    pub(super) uuid: Option<Uuid>,
    pub(super) name: Option<&'a str>,
    pub(super) config_name: Option<&'a str>,
}

impl<'a> Named<'a> {
    pub(super) fn directory(&self) -> &'a str {
        self.config_name.unwrap_or(INTERNAL)
    }

    /// One of the two, and not both.
    fn one(&self, what: &str, names: &str) -> Result<(), RpcError> {
        match (self.uuid, self.name) {
            (Some(_), None) | (None, Some(_)) => Ok(()),
            _ => Err(RpcError::Unusable(format!("which {what}? give one of {names}"))),
        }
    }

    fn unknown(&self, what: &str, look: &str) -> RpcError {
        let which = match (self.uuid, self.name) {
            (Some(uuid), _) => uuid.to_string(),
            (None, name) => format!("{:?}", name.unwrap_or_default()),
        };
        RpcError::NotFound(format!("there is no {what} {which}: look at {look}"))
    }
}

/// The role that is meant.
pub(super) async fn role(session: &impl Session, named: Named<'_>) -> Result<Role, RpcError> {
    named.one("role", "role_name and role_uuid")?;
    let mut all = role::all(session).await?.into_iter();
    all.find(|role| Some(role.role_uuid) == named.uuid || Some(role.name.as_str()) == named.name)
        .ok_or_else(|| named.unknown("role", "auth.get_all_roles"))
}

/// The group that is meant.
pub(super) async fn group(session: &impl Session, named: Named<'_>) -> Result<Group, RpcError> {
    named.one("group", "group_uuid and group_name")?;
    let is_it = |group: &Group| match named.uuid {
        Some(uuid) => group.group_uuid == uuid,
        None => Some(group.name.as_str()) == named.name && group.config_name == named.directory(),
    };
    let mut all = account_group::all(session).await?.into_iter();
    all.find(is_it).ok_or_else(|| named.unknown("group", "auth.get_all_groups"))
}

/// The account that is meant.
pub(super) async fn account(session: &impl Session, named: Named<'_>) -> Result<Account, RpcError> {
    named.one("account", "account_uuid and username")?;
    let found = match (named.uuid, named.name) {
        (Some(uuid), _) => account::get(session, uuid).await?,
        (None, name) => account::find(session, named.directory(), name.unwrap_or_default()).await?,
    };
    found.ok_or_else(|| named.unknown("account", "auth.get_all_users"))
}
