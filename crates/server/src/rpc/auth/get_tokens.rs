//! `auth.get_tokens`

use raas_api::auth::{GetTokens, GetTokensParams, Token};
use raas_db::api_token::{self, ApiToken};

use super::{
    get_sessions::{names, whose},
    scope,
};
use crate::{Ctx, RpcError, rpc::Handle};

impl Handle for GetTokens {
    async fn handle(ctx: &Ctx, params: GetTokensParams) -> Result<Vec<Token>, RpcError> {
        let whose = whose(ctx, params.account_uuid, params.everybody, "see tokens of others").await?;
        let client = ctx.state.db.client().await?;
        let names = names(&client).await?;
        let now = ctx.now();
        let shown = |one: ApiToken| {
            Ok(Token {
                uuid: one.token_uuid,
                name: one.name,
                account_uuid: one.account_uuid,
                username: names.get(&one.account_uuid).cloned().unwrap_or_default(),
                perms: one.perms,
                scope: scope(one.scope.as_deref())?,
                created: one.created_at,
                expires: one.expires_at,
                expired: one.expires_at <= now,
                last_used: one.last_used_at,
            })
        };
        api_token::list(&client, whose).await?.into_iter().map(shown).collect()
    }
}
