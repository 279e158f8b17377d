//! `auth.delete_token`

use raas_api::{
    Permission,
    auth::{DeleteToken, DeleteTokenParams},
};
use raas_db::api_token;

use super::{
    find::{self, Named},
    reach,
};
use crate::{Ctx, RpcError, rpc::Handle};

impl Handle for DeleteToken {
    async fn handle(ctx: &Ctx, params: DeleteTokenParams) -> Result<bool, RpcError> {
        let mut client = ctx.state.db.client().await?;
        let tx = client.transaction().await?;
        let uuid = params.token_uuid;
        let Some(token) = api_token::get(&tx, uuid).await? else {
            return Err(RpcError::NotFound(format!("there is no token {uuid}: look at auth.get_tokens")));
        };
        if token.account_uuid != ctx.actor.account_uuid {
            ctx.needs(Permission::MetadataAuthWrite, "delete tokens of others").await?;
            let named = Named { uuid: Some(token.account_uuid), name: None, config_name: None };
            reach::changes(&ctx.actor, &find::account(&tx, named).await?)?;
        }
        api_token::delete(&tx, uuid).await?;
        ctx.audit(&tx).await?;
        tx.commit().await?;
        Ok(true)
    }
}
