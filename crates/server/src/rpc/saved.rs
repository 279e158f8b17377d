//! What saved things have in common: who may do what with them, and how that is shown and set. Permissions are looked at
//! before; here it is about one thing. Its owner and superusers may do everything.

use std::collections::BTreeMap;

use raas_api::{AccessPayload, AccessType, Auth, Metadata, Owner};
use raas_db::{
    Session, role,
    saved::{self, Held, Viewer},
};
use uuid::Uuid;

use super::words;
use crate::{Ctx, RpcError};

/// Longest name.
const MAX_NAME: usize = 200;

/// The caller, as saved things see it.
pub(crate) fn viewer(ctx: &Ctx) -> Viewer<'_> {
    Viewer { superuser: ctx.actor.is_superuser(), account: ctx.actor.account_uuid, roles: &ctx.actor.roles }
}

/// Whether the caller may do it.
pub(crate) fn may(held: &Held, wanted: AccessType) -> bool {
    held.rights.iter().any(|right| right == wanted.as_str())
}

/// Refuses who may not do it with `what`, as `the target group "web"`.
pub(crate) fn check(ctx: &Ctx, held: &Held, wanted: AccessType, what: &str) -> Result<(), RpcError> {
    if may(held, wanted) {
        return Ok(());
    }
    Err(RpcError::Forbidden(format!(
        "user {:?} may not {wanted} {what}: {} gives access with save_…_access",
        ctx.actor.username,
        owner(held).username
    )))
}

/// Only the owner and superusers decide who may do what.
pub(crate) fn check_owner(ctx: &Ctx, held: &Held, what: &str) -> Result<(), RpcError> {
    if ctx.actor.is_superuser() || held.owner_uuid == Some(ctx.actor.account_uuid) {
        return Ok(());
    }
    Err(RpcError::Forbidden(format!(
        "user {:?} may not decide who may do what with {what}: its owner {:?} and superusers may",
        ctx.actor.username,
        owner(held).username
    )))
}

/// As `metadata` of a reply.
pub(crate) fn metadata(held: &Held) -> Result<Metadata, RpcError> {
    Ok(Metadata { auth: auth(held)? })
}

/// As the reply of `get_…_access`.
pub(crate) fn auth(held: &Held) -> Result<Auth, RpcError> {
    let roles: BTreeMap<String, Vec<AccessType>> = match held.access.as_deref() {
        None => BTreeMap::new(),
        Some(text) => serde_json::from_value(words::json(text))
            .map_err(|error| RpcError::Internal(format!("saved_access: {error}")))?,
    };
    let access = roles.into_iter().map(|(role, rights)| (role, rights.into_iter().collect())).collect();
    Ok(Auth { access, owner: owner(held) })
}

fn owner(held: &Held) -> Owner {
    Owner {
        username: held.username.clone().unwrap_or_else(|| "deleted".to_owned()),
        config_name: held.config_name.clone().unwrap_or_else(|| "internal".to_owned()),
        uuid: held.owner_uuid,
    }
}

/// Sets exactly this access; every role must exist.
pub(crate) async fn set_access(
    tx: &impl Session,
    resource: Uuid,
    payload: AccessPayload,
) -> Result<(), RpcError> {
    let known: Vec<String> = role::all(tx).await?.into_iter().map(|role| role.name).collect();
    if let Some(unknown) = payload.keys().find(|name| !known.contains(name)) {
        return Err(RpcError::invalid(
            "access_payload",
            format!("for the role {unknown:?}"),
            format!("for one of {}", known.join(", ")),
        ));
    }
    let access: Vec<(String, String)> = payload
        .into_iter()
        .map(|(role, rights)| {
            let words: Vec<&str> = rights.into_iter().map(AccessType::as_str).collect();
            (role, words.join(","))
        })
        .collect();
    Ok(saved::set_access(tx, resource, &access).await?)
}

/// Names are short, and hold nothing that cannot be seen.
pub(crate) fn name(given: &str) -> Result<(), RpcError> {
    let bad = given.is_empty()
        || given.chars().count() > MAX_NAME
        || given.trim() != given
        || given.contains(char::is_control);
    if bad {
        let shown: String = given.chars().take(60).collect();
        let expected = format!("1 to {MAX_NAME} characters without control characters or spaces at the ends");
        return Err(RpcError::invalid("name", format!("{shown:?}"), expected));
    }
    Ok(())
}

/// A text that PostgreSQL can keep.
pub(crate) fn text(parameter: &str, given: Option<&str>) -> Result<(), RpcError> {
    match given {
        Some(text) if text.contains('\0') => {
            Err(RpcError::invalid(parameter, "with a NUL character", "a text without"))
        }
        _ => Ok(()),
    }
}
