//! `auth.save_group`

use raas_api::auth::{Group, SaveGroup, SaveGroupParams};
use raas_db::{
    Transaction, account,
    account_group::{self, Group as Row},
};

use super::{
    find::{self, Named},
    get_group, reach,
};
use crate::{Ctx, RpcError, rpc::Handle};

impl Handle for SaveGroup {
    async fn handle(ctx: &Ctx, params: SaveGroupParams) -> Result<Group, RpcError> {
        if let Some(name) = &params.group_name {
            reach::name("group_name", name)?;
        }
        let mut client = ctx.state.db.client().await?;
        let tx = client.transaction().await?;
        account::lock(&tx).await?;
        let (before, is_new) = before(ctx, &tx, &params).await?;
        reach::internal(&before.config_name, "groups")?;
        reach::gives(&ctx.actor, &format!("or change the group {:?}", before.name), &before.perms)?;
        if let Some(roles) = &params.roles {
            reach::gives_roles(&tx, &ctx.actor, roles, &before.roles).await?;
        }
        let roles = params.roles.clone();
        let group = changed(before, params);
        write(&tx, &group, is_new).await?;
        if let Some(roles) = roles {
            account_group::set_roles(&tx, group.group_uuid, &roles).await?;
        }
        reach::somebody_is_left(&tx).await?;
        let named = Named { uuid: Some(group.group_uuid), name: None, config_name: None };
        let saved = get_group::shown(&tx, named, true).await?;
        ctx.audit(&tx).await?;
        tx.commit().await?;
        Ok(saved)
    }
}

/// The group as it is, or a new one without anything.
async fn before(ctx: &Ctx, tx: &Transaction<'_>, params: &SaveGroupParams) -> Result<(Row, bool), RpcError> {
    if let Some(uuid) = params.group_uuid {
        let named = Named { uuid: Some(uuid), name: None, config_name: None };
        return Ok((find::group(tx, named).await?, false));
    }
    let named =
        Named { uuid: None, name: params.group_name.as_deref(), config_name: params.config_name.as_deref() };
    let Some(name) = named.name else {
        return Err(RpcError::invalid(
            "group_name",
            "missing",
            "a name (it may only be left out with group_uuid)",
        ));
    };
    match find::group(tx, named).await {
        Ok(group) => Ok((group, false)),
        Err(RpcError::NotFound(_)) => {
            let new = Row {
                group_uuid: ctx.state.random.uuid(),
                config_name: named.directory().to_owned(),
                name: name.to_owned(),
                description: None,
                custom_data: None,
                remote_uid: None,
                roles: Vec::new(),
                perms: Vec::new(),
                members: Vec::new(),
            };
            Ok((new, true))
        }
        Err(error) => Err(error),
    }
}

fn changed(before: Row, params: SaveGroupParams) -> Row {
    let custom_data = params.custom_data.and_then(|data| serde_json::to_string(&data).ok());
    Row {
        name: params.group_name.unwrap_or(before.name),
        description: params.description.or(before.description),
        custom_data: custom_data.or(before.custom_data),
        remote_uid: params.remote_uid.or(before.remote_uid),
        ..before
    }
}

async fn write(tx: &Transaction<'_>, group: &Row, is_new: bool) -> Result<(), RpcError> {
    let taken = || RpcError::Conflict(format!("there is a group {:?} already", group.name));
    let written =
        if is_new { account_group::insert(tx, group).await } else { account_group::update(tx, group).await };
    match written {
        Ok(true) => Ok(()),
        Ok(false) => Err(taken()),
        Err(error) if error.conflict().is_some() => Err(taken()),
        Err(error) => Err(error.into()),
    }
}
