//! `tgt.save_target_group_access`

use raas_api::tgt::{SaveTargetGroupAccess, SaveTargetGroupAccessParams};
use uuid::Uuid;

use super::{find, own};
use crate::{
    Ctx, RpcError,
    rpc::{Handle, saved},
};

impl Handle for SaveTargetGroupAccess {
    async fn handle(ctx: &Ctx, params: SaveTargetGroupAccessParams) -> Result<Uuid, RpcError> {
        let mut client = ctx.state.db.client().await?;
        let tx = client.transaction().await?;
        let group = find(ctx, &tx, params.tgt_uuid).await?;
        saved::check_owner(ctx, &group.held, &format!("the target group {:?}", group.name))?;
        own(&group)?;
        saved::set_access(&tx, group.tgt_uuid, params.access_payload).await?;
        ctx.audit(&tx).await?;
        tx.commit().await?;
        Ok(group.tgt_uuid)
    }
}
