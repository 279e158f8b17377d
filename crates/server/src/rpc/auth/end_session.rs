//! `auth.end_session`

use raas_api::{
    Permission,
    auth::{EndSession, EndSessionParams},
};
use raas_db::{Transaction, sign_in};
use uuid::Uuid;

use super::{
    find::{self, Named},
    reach,
};
use crate::{Ctx, RpcError, rpc::Handle};

impl Handle for EndSession {
    async fn handle(ctx: &Ctx, params: EndSessionParams) -> Result<u64, RpcError> {
        let mut client = ctx.state.db.client().await?;
        let tx = client.transaction().await?;
        let ended = match (params.session_uuid.or(ctx.actor.session_uuid), params.account_uuid) {
            (_, Some(account_uuid)) if params.session_uuid.is_none() => {
                allowed(ctx, &tx, account_uuid).await?;
                sign_in::delete_others(&tx, account_uuid, ctx.actor.session_uuid).await?
            }
            (Some(session_uuid), None) => one(ctx, &tx, session_uuid).await?,
            (None, None) => {
                return Err(RpcError::Unusable(
                    "this call belongs to no session: give session_uuid".to_owned(),
                ));
            }
            _ => return Err(RpcError::Unusable("give either session_uuid or account_uuid".to_owned())),
        };
        ctx.audit(&tx).await?;
        tx.commit().await?;
        Ok(ended)
    }
}

async fn one(ctx: &Ctx, tx: &Transaction<'_>, session_uuid: Uuid) -> Result<u64, RpcError> {
    let Some(session) = sign_in::get(tx, session_uuid, ctx.now()).await? else {
        return Err(RpcError::NotFound(format!(
            "there is no session {session_uuid}: look at auth.get_sessions"
        )));
    };
    allowed(ctx, tx, session.account_uuid).await?;
    sign_in::delete(tx, session_uuid).await?;
    Ok(1)
}

/// One's own, or those of an account that may do no more.
async fn allowed(ctx: &Ctx, tx: &Transaction<'_>, account_uuid: Uuid) -> Result<(), RpcError> {
    if account_uuid == ctx.actor.account_uuid {
        return Ok(());
    }
    ctx.needs(Permission::MetadataAuthWrite, "end sessions of others").await?;
    let other = find::account(tx, Named { uuid: Some(account_uuid), name: None, config_name: None }).await?;
    reach::changes(&ctx.actor, &other)
}
