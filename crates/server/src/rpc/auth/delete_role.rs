//! `auth.delete_role`

use raas_api::auth::{DeleteRole, DeleteRoleParams};
use raas_db::{account, role};

use super::{
    find::{self, Named},
    reach,
};
use crate::{Ctx, RpcError, rpc::Handle};

impl Handle for DeleteRole {
    async fn handle(ctx: &Ctx, params: DeleteRoleParams) -> Result<bool, RpcError> {
        let mut client = ctx.state.db.client().await?;
        let tx = client.transaction().await?;
        account::lock(&tx).await?;
        let named = Named { uuid: params.role_uuid, name: params.role_name.as_deref(), config_name: None };
        let found = find::role(&tx, named).await?;
        if found.built_in {
            return Err(RpcError::Conflict(format!("the role {:?} is built in: it stays", found.name)));
        }
        reach::gives(&ctx.actor, &format!("or take the role {:?}", found.name), &found.perms)?;
        role::delete(&tx, found.role_uuid).await?;
        reach::somebody_is_left(&tx).await?;
        ctx.audit(&tx).await?;
        tx.commit().await?;
        Ok(true)
    }
}
