//! `auth.delete_group`

use raas_api::auth::{DeleteGroup, DeleteGroupParams};
use raas_db::{account, account_group};

use super::{
    find::{self, Named},
    reach,
};
use crate::{Ctx, RpcError, rpc::Handle};

impl Handle for DeleteGroup {
    async fn handle(ctx: &Ctx, params: DeleteGroupParams) -> Result<bool, RpcError> {
        let mut client = ctx.state.db.client().await?;
        let tx = client.transaction().await?;
        account::lock(&tx).await?;
        let named = Named {
            uuid: params.group_uuid,
            name: params.group_name.as_deref(),
            config_name: params.config_name.as_deref(),
        };
        let group = find::group(&tx, named).await?;
        reach::gives(&ctx.actor, &format!("or take membership of the group {:?}", group.name), &group.perms)?;
        account_group::delete(&tx, group.group_uuid).await?;
        reach::somebody_is_left(&tx).await?;
        ctx.audit(&tx).await?;
        tx.commit().await?;
        Ok(true)
    }
}
