//! `auth.change_password`

use raas_api::{
    Permission,
    auth::{ChangePassword, ChangePasswordParams},
};
use raas_db::{account, sign_in};

use super::{
    find::{self, Named},
    reach,
};
use crate::{
    Ctx, RpcError,
    auth::{hash, rules},
    rpc::Handle,
};

impl Handle for ChangePassword {
    async fn handle(ctx: &Ctx, params: ChangePasswordParams) -> Result<bool, RpcError> {
        ctx.with_password("change passwords")?;
        let ChangePasswordParams { account_uuid, password } = params;
        if account_uuid != ctx.actor.account_uuid {
            ctx.needs(Permission::MetadataAuthWrite, "change the password of another account").await?;
        }
        let named = Named { uuid: Some(account_uuid), name: None, config_name: None };
        let username = find::account(&ctx.state.db.client().await?, named).await?.username;
        rules::check(password.expose(), &username)?;
        let hashed = hash(password.expose().to_owned()).await;
        let hashed = hashed.map_err(|error| RpcError::Internal(error.to_string()))?;
        let mut client = ctx.state.db.client().await?;
        let tx = client.transaction().await?;
        account::lock(&tx).await?;
        let found = find::account(&tx, named).await?;
        reach::internal(&found.config_name, "passwords")?;
        reach::changes(&ctx.actor, &found)?;
        account::set_password_hash(&tx, account_uuid, Some(&hashed)).await?;
        sign_in::delete_others(&tx, account_uuid, ctx.actor.session_uuid).await?;
        ctx.audit(&tx).await?;
        tx.commit().await?;
        Ok(true)
    }
}
