//! `auth.save_role`

use raas_api::{
    Permission,
    auth::{SaveRole, SaveRoleParams},
};
use raas_db::{
    Transaction, account,
    role::{self, Role},
};
use uuid::Uuid;

use super::{
    find::{self, Named},
    reach,
};
use crate::{Ctx, RpcError, rpc::Handle};

impl Handle for SaveRole {
    async fn handle(ctx: &Ctx, params: SaveRoleParams) -> Result<Uuid, RpcError> {
        if let Some(name) = &params.role_name {
            reach::name("role_name", name)?;
        }
        let mut client = ctx.state.db.client().await?;
        let tx = client.transaction().await?;
        account::lock(&tx).await?;
        let (before, is_new) = before(ctx, &tx, &params).await?;
        if before.built_in {
            return Err(RpcError::Conflict(format!(
                "the role {:?} is built in and cannot be changed: save a role of your own",
                before.name
            )));
        }
        reach::gives(&ctx.actor, &format!("or change the role {:?}", before.name), &before.perms)?;
        let perms =
            params.perms.map(|perms| perms.into_iter().map(Permission::as_str).map(str::to_owned).collect());
        let role = Role {
            name: params.role_name.unwrap_or(before.name),
            description: params.description.or(before.description),
            perms: perms.unwrap_or(before.perms),
            scope: reach::scope(params.scope, before.scope)?,
            ..before
        };
        unlimited_superuser(&role)?;
        reach::gives(&ctx.actor, &format!("the role {:?}", role.name), &role.perms)?;
        write(&tx, &role, is_new).await?;
        reach::somebody_is_left(&tx).await?;
        ctx.audit(&tx).await?;
        tx.commit().await?;
        Ok(role.role_uuid)
    }
}

/// The role as it is, or a new one without anything.
async fn before(ctx: &Ctx, tx: &Transaction<'_>, params: &SaveRoleParams) -> Result<(Role, bool), RpcError> {
    if let Some(uuid) = params.role_uuid {
        let named = Named { uuid: Some(uuid), name: None, config_name: None };
        return Ok((find::role(tx, named).await?, false));
    }
    let Some(name) = params.role_name.as_deref() else {
        return Err(RpcError::invalid(
            "role_name",
            "missing",
            "a name (it may only be left out with role_uuid)",
        ));
    };
    if let Some(role) = role::all(tx).await?.into_iter().find(|role| role.name == name) {
        return Ok((role, false));
    }
    let role_uuid = ctx.state.random.uuid();
    let (description, perms, scope) = (None, Vec::new(), None);
    Ok((Role { role_uuid, name: name.to_owned(), description, perms, built_in: false, scope }, true))
}

/// Who may do everything can lift every limit: a limit would only pretend.
fn unlimited_superuser(role: &Role) -> Result<(), RpcError> {
    if role.scope.is_some() && role.perms.iter().any(|word| word == Permission::Superuser.as_str()) {
        return Err(RpcError::Unusable(
            "a role with the permission superuser cannot have a scope".to_owned(),
        ));
    }
    Ok(())
}

async fn write(tx: &Transaction<'_>, role: &Role, is_new: bool) -> Result<(), RpcError> {
    let taken = || RpcError::Conflict(format!("there is a role {:?} already", role.name));
    let written = if is_new { role::insert(tx, role).await } else { role::update(tx, role).await };
    match written {
        Ok(true) => Ok(()),
        Ok(false) => Err(taken()),
        Err(error) if error.conflict().is_some() => Err(taken()),
        Err(error) => Err(error.into()),
    }
}
