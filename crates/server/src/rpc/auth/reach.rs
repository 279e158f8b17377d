//! Who may change whom: nobody gives more than they have, nobody changes an account that may do more, and somebody who
//! may do everything is always left.

use raas_api::{Permission, Scope};
use raas_db::{
    Session,
    account::{self, Account},
    account_group, role,
};

use super::INTERNAL;
use crate::{Actor, RpcError, scope};

/// Longest name of an account, group or role.
const MAX_NAME: usize = 200;

/// Refuses to hand out what the caller does not have, or has for some minions only: `what`, as `the role "ops"`.
pub(super) fn gives(actor: &Actor, what: &str, perms: &[String]) -> Result<(), RpcError> {
    match beyond(actor, perms) {
        None => Ok(()),
        Some(why) => {
            Err(RpcError::Forbidden(format!("user {:?} may not give {what}: it holds {why}", actor.username)))
        }
    }
}

/// As [`gives`], for what stays within the caller's own limits, as a token does.
pub(super) fn holds(actor: &Actor, what: &str, perms: &[String]) -> Result<(), RpcError> {
    match missing(actor, perms) {
        None => Ok(()),
        Some(why) => {
            Err(RpcError::Forbidden(format!("user {:?} may not give {what}: it holds {why}", actor.username)))
        }
    }
}

/// Refuses to change an account that may do more than the caller. One's own may do as much, except to a token of it.
pub(super) fn changes(actor: &Actor, other: &Account) -> Result<(), RpcError> {
    if other.account_uuid == actor.account_uuid && !actor.by_token {
        return Ok(());
    }
    match beyond(actor, &other.held_perms) {
        None => Ok(()),
        Some(why) => Err(RpcError::Forbidden(format!(
            "user {:?} may not change the account {:?}: it holds {why}",
            actor.username, other.username
        ))),
    }
}

/// Refuses to whoever is limited to change the limits of their own account.
pub(super) fn changes_scope(actor: &Actor, other: &Account) -> Result<(), RpcError> {
    if other.account_uuid != actor.account_uuid || actor.limits.is_empty() {
        return Ok(());
    }
    Err(RpcError::Forbidden(format!(
        "user {:?} may not change the scope of their own account: it limits them",
        actor.username
    )))
}

/// What of these the caller does not have, or has for some minions only.
fn beyond(actor: &Actor, perms: &[String]) -> Option<String> {
    missing(actor, perms).or_else(|| {
        let some = words(perms, |one| !scope::is_everywhere(actor, one));
        (!some.is_empty()).then(|| format!("{some}, which {:?} has for some minions only", actor.username))
    })
}

fn missing(actor: &Actor, perms: &[String]) -> Option<String> {
    let missing = words(perms, |one| !actor.may(one));
    (!missing.is_empty()).then(|| format!("{missing}, which {:?} does not have", actor.username))
}

fn words(perms: &[String], which: impl Fn(Permission) -> bool) -> String {
    let those = perms.iter().filter(|word| Permission::from_word(word).is_some_and(&which));
    those.map(String::as_str).collect::<Vec<_>>().join(", ")
}

/// The roles of these names must exist, and the caller must have what they hold.
pub(super) async fn gives_roles(
    session: &impl Session,
    actor: &Actor,
    names: &[String],
    held: &[String],
) -> Result<(), RpcError> {
    let all = role::all(session).await?;
    for name in names {
        let Some(role) = all.iter().find(|role| role.name == *name) else {
            let known: Vec<&str> = all.iter().map(|role| role.name.as_str()).collect();
            return Err(RpcError::invalid(
                "roles",
                format!("{name:?}"),
                format!("one of {}", known.join(", ")),
            ));
        };
        if !held.contains(name) {
            gives(actor, &format!("the role {name:?}"), &role.perms)?;
        }
    }
    Ok(())
}

/// The groups of these names must exist, and the caller must have what their roles hold.
pub(super) async fn gives_groups(
    session: &impl Session,
    actor: &Actor,
    names: &[String],
    held: &[String],
) -> Result<(), RpcError> {
    let all = account_group::all(session).await?;
    for name in names {
        let Some(group) = all.iter().find(|group| group.name == *name) else {
            let expected = "the name of a group that auth.get_all_groups lists";
            return Err(RpcError::invalid("groups", format!("{name:?}"), expected));
        };
        if !held.contains(name) {
            gives(actor, &format!("membership of the group {name:?}"), &group.perms)?;
        }
    }
    Ok(())
}

/// After a change: somebody who can sign in may still do everything.
pub(super) async fn somebody_is_left(session: &impl Session) -> Result<(), RpcError> {
    if account::superusers(session).await? > 0 {
        return Ok(());
    }
    Err(RpcError::Conflict(
        "this would leave no account with a password and the permission superuser: give the role Superuser to another account first"
            .to_owned(),
    ))
}

/// Names are short, and hold nothing that cannot be seen.
pub(super) fn name(parameter: &str, given: &str) -> Result<(), RpcError> {
    let bad = given.is_empty()
        || given.len() > MAX_NAME
        || given.trim() != given
        || given.contains(char::is_control);
    if bad {
        let shown: String = given.chars().take(60).collect();
        let expected = format!("1 to {MAX_NAME} characters without control characters or spaces at the ends");
        return Err(RpcError::invalid(parameter, format!("{shown:?}"), expected));
    }
    Ok(())
}

/// Only our own directory can be changed here.
pub(super) fn internal(config_name: &str, what: &str) -> Result<(), RpcError> {
    if config_name == INTERNAL {
        return Ok(());
    }
    Err(RpcError::invalid(
        "config_name",
        format!("{config_name:?}"),
        format!("\"internal\": {what} of outside directories come with them"),
    ))
}

/// A scope as it is stored: `{}` takes it away. Every target in it must be one.
pub(super) fn scope(given: Option<Scope>, before: Option<String>) -> Result<Option<String>, RpcError> {
    let Some(given) = given else { return Ok(before) };
    if given.is_empty() {
        return Ok(None);
    }
    scope::parse("scope", &given)?;
    // Never lost on the way: without its scope somebody would reach everything.
    serde_json::to_string(&given).map(Some).map_err(|error| RpcError::Internal(format!("a scope: {error}")))
}
