//! `schedule.save_schedule_access`

use raas_api::schedule::{SaveScheduleAccess, SaveScheduleAccessParams};
use uuid::Uuid;

use super::find;
use crate::{
    Ctx, RpcError,
    rpc::{Handle, saved},
};

impl Handle for SaveScheduleAccess {
    async fn handle(ctx: &Ctx, params: SaveScheduleAccessParams) -> Result<Uuid, RpcError> {
        let mut client = ctx.state.db.client().await?;
        let tx = client.transaction().await?;
        let found = find(ctx, &tx, params.uuid).await?;
        saved::check_owner(ctx, &found.held, &format!("the schedule {:?}", found.name))?;
        saved::set_access(&tx, found.sched_uuid, params.access_payload).await?;
        ctx.audit(&tx).await?;
        tx.commit().await?;
        Ok(found.sched_uuid)
    }
}
