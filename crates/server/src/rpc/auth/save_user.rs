//! `auth.save_user`

use raas_api::{
    BuiltInRole, Permission,
    auth::{SaveUser, SaveUserParams},
};
use raas_db::{
    Transaction,
    account::{self, Account},
};
use uuid::Uuid;

use super::{
    find::{self, Named},
    reach,
};
use crate::{
    Ctx, RpcError,
    auth::{hash, rules},
    rpc::Handle,
};

impl Handle for SaveUser {
    async fn handle(ctx: &Ctx, mut params: SaveUserParams) -> Result<Uuid, RpcError> {
        if let Some(name) = &params.username {
            reach::name("username", name)?;
        }
        let hash = new_password(&mut params).await?;
        let mut client = ctx.state.db.client().await?;
        let tx = client.transaction().await?;
        account::lock(&tx).await?;
        let (before, is_new) = before(ctx, &tx, &params).await?;
        reach::internal(&before.config_name, "accounts")?;
        if !is_new && hash.is_some() {
            return Err(RpcError::invalid(
                "password",
                "given",
                "nothing: it is for new accounts; use auth.change_password",
            ));
        }
        let account = changed(ctx, &tx, &before, &params).await?;
        write(&tx, &Account { password_hash: hash, ..account.clone() }, is_new).await?;
        account::set_roles(&tx, account.account_uuid, &account.roles).await?;
        account::set_groups(&tx, account.account_uuid, &account.groups).await?;
        reach::somebody_is_left(&tx).await?;
        unlimited_superuser(&tx, account.account_uuid).await?;
        ctx.audit(&tx).await?;
        tx.commit().await?;
        Ok(account.account_uuid)
    }
}

/// The hash of the password that is given, if it keeps the rules.
async fn new_password(params: &mut SaveUserParams) -> Result<Option<String>, RpcError> {
    let Some(password) = params.password.take() else { return Ok(None) };
    rules::check(password.expose(), params.username.as_deref().unwrap_or_default())?;
    let hashed = hash(password.expose().to_owned()).await;
    hashed.map(Some).map_err(|error| RpcError::Internal(error.to_string()))
}

/// The account as it is, or a new one with the role User.
async fn before(
    ctx: &Ctx,
    tx: &Transaction<'_>,
    params: &SaveUserParams,
) -> Result<(Account, bool), RpcError> {
    if let Some(uuid) = params.account_uuid {
        let named = Named { uuid: Some(uuid), name: None, config_name: None };
        return Ok((find::account(tx, named).await?, false));
    }
    let named =
        Named { uuid: None, name: params.username.as_deref(), config_name: params.config_name.as_deref() };
    let Some(name) = named.name else {
        return Err(RpcError::invalid(
            "username",
            "missing",
            "a name (it may only be left out with account_uuid)",
        ));
    };
    if let Some(known) = account::find(tx, named.directory(), name).await? {
        return Ok((known, false));
    }
    let new = Account {
        config_name: named.directory().to_owned(),
        roles: vec![BuiltInRole::User.to_string()],
        ..Account::new(ctx.state.random.uuid(), name, ctx.now())
    };
    Ok((new, true))
}

/// The account as it shall be, as far as the caller may make it so.
async fn changed(
    ctx: &Ctx,
    tx: &Transaction<'_>,
    before: &Account,
    params: &SaveUserParams,
) -> Result<Account, RpcError> {
    reach::changes(&ctx.actor, before)?;
    let mut after = before.clone();
    if let Some(name) = &params.username {
        if before.username == "root" && name != "root" {
            return Err(RpcError::Conflict(
                "the account root keeps its name: the next start would make it anew".to_owned(),
            ));
        }
        after.username.clone_from(name);
    }
    if let Some(perms) = &params.perms {
        after.perms = perms.iter().copied().map(Permission::as_str).map(str::to_owned).collect();
        reach::gives(&ctx.actor, "these permissions", &after.perms)?;
    }
    if let Some(roles) = &params.roles {
        after.roles.clone_from(roles);
    }
    reach::gives_roles(tx, &ctx.actor, &after.roles, &before.held_roles).await?;
    if let Some(groups) = &params.groups {
        reach::gives_groups(tx, &ctx.actor, groups, &before.groups).await?;
        after.groups.clone_from(groups);
    }
    if params.scope.is_some() {
        reach::changes_scope(&ctx.actor, before)?;
    }
    after.scope = reach::scope(params.scope.clone(), after.scope)?;
    if let Some(data) = &params.custom_data {
        after.custom_data = serde_json::to_string(data).ok();
    }
    if params.remote_uid.is_some() {
        after.remote_uid.clone_from(&params.remote_uid);
    }
    Ok(after)
}

/// Who may do everything can lift every limit: a limit would only pretend.
async fn unlimited_superuser(tx: &Transaction<'_>, account_uuid: Uuid) -> Result<(), RpcError> {
    let saved = find::account(tx, Named { uuid: Some(account_uuid), name: None, config_name: None }).await?;
    if saved.scope.is_some() && saved.held_perms.iter().any(|word| word == Permission::Superuser.as_str()) {
        return Err(RpcError::Unusable(
            "an account with the permission superuser cannot have a scope: it can lift every limit"
                .to_owned(),
        ));
    }
    Ok(())
}

async fn write(tx: &Transaction<'_>, account: &Account, is_new: bool) -> Result<(), RpcError> {
    let taken = || RpcError::Conflict(format!("there is an account {:?} already", account.username));
    let written =
        if is_new { account::insert(tx, account).await } else { account::update(tx, account).await };
    match written {
        Ok(true) => Ok(()),
        Ok(false) => Err(taken()),
        Err(error) if error.conflict().is_some() => Err(taken()),
        Err(error) => Err(error.into()),
    }
}
