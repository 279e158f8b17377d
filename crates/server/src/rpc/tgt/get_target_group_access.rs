//! `tgt.get_target_group_access`

use raas_api::{
    Auth,
    tgt::{GetTargetGroupAccess, GetTargetGroupAccessParams},
};

use super::find;
use crate::{
    Ctx, RpcError,
    rpc::{Handle, saved},
};

impl Handle for GetTargetGroupAccess {
    async fn handle(ctx: &Ctx, params: GetTargetGroupAccessParams) -> Result<Auth, RpcError> {
        let group = find(ctx, &ctx.state.db.client().await?, params.tgt_uuid).await?;
        saved::auth(&group.held)
    }
}
