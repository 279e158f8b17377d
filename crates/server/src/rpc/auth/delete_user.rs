//! `auth.delete_user`

use raas_api::auth::{DeleteUser, DeleteUserParams};
use raas_db::account;

use super::{
    INTERNAL,
    find::{self, Named},
    reach,
};
use crate::{Ctx, RpcError, rpc::Handle};

impl Handle for DeleteUser {
    async fn handle(ctx: &Ctx, params: DeleteUserParams) -> Result<bool, RpcError> {
        let mut client = ctx.state.db.client().await?;
        let tx = client.transaction().await?;
        account::lock(&tx).await?;
        let named = Named {
            uuid: params.account_uuid,
            name: params.username.as_deref(),
            config_name: params.config_name.as_deref(),
        };
        let found = find::account(&tx, named).await?;
        if found.username == "root" && found.config_name == INTERNAL {
            return Err(RpcError::Conflict(
                "the account root stays: the next start would make it anew. Take its roles away instead"
                    .to_owned(),
            ));
        }
        reach::changes(&ctx.actor, &found)?;
        account::delete(&tx, found.account_uuid).await?;
        reach::somebody_is_left(&tx).await?;
        ctx.audit(&tx).await?;
        tx.commit().await?;
        Ok(true)
    }
}
