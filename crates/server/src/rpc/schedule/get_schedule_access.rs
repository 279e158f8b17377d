//! `schedule.get_schedule_access`

use raas_api::{
    Auth,
    schedule::{GetScheduleAccess, GetScheduleAccessParams},
};

use super::find;
use crate::{
    Ctx, RpcError,
    rpc::{Handle, saved},
};

impl Handle for GetScheduleAccess {
    async fn handle(ctx: &Ctx, params: GetScheduleAccessParams) -> Result<Auth, RpcError> {
        let found = find(ctx, &ctx.state.db.client().await?, params.uuid).await?;
        saved::auth(&found.held)
    }
}
