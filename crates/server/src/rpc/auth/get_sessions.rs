//! `auth.get_sessions`

use std::collections::HashMap;

use raas_api::{
    Permission,
    auth::{GetSessions, GetSessionsParams, SignedIn},
};
use raas_db::{DbError, Session, account, sign_in};
use uuid::Uuid;

use crate::{Ctx, RpcError, rpc::Handle};

impl Handle for GetSessions {
    async fn handle(ctx: &Ctx, params: GetSessionsParams) -> Result<Vec<SignedIn>, RpcError> {
        let whose = whose(ctx, params.account_uuid, params.everybody, "see sessions of others").await?;
        let client = ctx.state.db.client().await?;
        let names = names(&client).await?;
        let found = sign_in::list(&client, whose, ctx.now()).await?;
        let shown = |one: sign_in::SignIn| SignedIn {
            uuid: one.session_uuid,
            account_uuid: one.account_uuid,
            username: names.get(&one.account_uuid).cloned().unwrap_or_default(),
            created: one.created_at,
            expires: one.expires_at,
            last_seen: one.last_seen_at,
            address: one.address,
            user_agent: one.user_agent,
            current: Some(one.session_uuid) == ctx.actor.session_uuid,
        };
        Ok(found.into_iter().map(shown).collect())
    }
}

/// The account whose things are asked for; none: everybody's. Others than the caller's want a permission.
pub(super) async fn whose(
    ctx: &Ctx,
    account_uuid: Option<Uuid>,
    everybody: bool,
    what: &str,
) -> Result<Option<Uuid>, RpcError> {
    let own = ctx.actor.account_uuid;
    if everybody || account_uuid.is_some_and(|uuid| uuid != own) {
        ctx.needs(Permission::MetadataAuthRead, what).await?;
    }
    Ok(if everybody { None } else { Some(account_uuid.unwrap_or(own)) })
}

/// Names of accounts.
pub(super) async fn names(session: &impl Session) -> Result<HashMap<Uuid, String>, DbError> {
    Ok(account::names(session, None).await?.into_iter().collect())
}
