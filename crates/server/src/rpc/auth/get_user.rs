//! `auth.get_user`

use raas_api::{
    Permission,
    auth::{GetUser, GetUserParams, User},
};

use super::{
    custom_data,
    find::{self, Named},
    scope,
};
use crate::{Ctx, RpcError, rpc::Handle};

impl Handle for GetUser {
    async fn handle(ctx: &Ctx, params: GetUserParams) -> Result<User, RpcError> {
        let mut named = Named {
            uuid: params.account_uuid,
            name: params.username.as_deref(),
            config_name: params.config_name.as_deref(),
        };
        if named.uuid.is_none() && named.name.is_none() {
            named.uuid = Some(ctx.actor.account_uuid);
        }
        let own = named.uuid == Some(ctx.actor.account_uuid)
            || (named.name == Some(&ctx.actor.username) && named.directory() == ctx.actor.config_name);
        if !own {
            ctx.needs(Permission::MetadataAuthRead, "see other accounts").await?;
        }
        let account = find::account(&ctx.state.db.client().await?, named).await?;
        Ok(User {
            uuid: account.account_uuid,
            groups: account.groups,
            perms: account.held_perms,
            config_name: account.config_name,
            custom_data: custom_data(account.custom_data.as_deref()),
            roles: account.held_roles,
            username: account.username,
            scope: scope(account.scope.as_deref())?,
            created: account.created_at,
            last_login: account.last_login_at,
        })
    }
}
