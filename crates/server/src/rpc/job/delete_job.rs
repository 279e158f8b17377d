//! `job.delete_job`

use std::collections::BTreeMap;

use raas_api::{
    AccessType, Permission,
    job::{DeleteJob, DeleteJobParams},
};
use raas_db::{job, saved as db_saved};

use super::{called, find};
use crate::{
    Ctx, RpcError,
    rpc::{Handle, saved},
};

impl Handle for DeleteJob {
    async fn handle(ctx: &Ctx, params: DeleteJobParams) -> Result<bool, RpcError> {
        let mut client = ctx.state.db.client().await?;
        let tx = client.transaction().await?;
        let found = find(ctx, &tx, params.job_uuid).await?;
        saved::check(ctx, &found.held, AccessType::Delete, &called(&found))?;
        let schedules = job::schedules(&tx, found.job_uuid).await?;
        if !schedules.is_empty() {
            if params.force != Some(true) {
                let by = BTreeMap::from([("schedule", schedules)]);
                return Err(RpcError::depended(&called(&found), &by));
            }
            ctx.needs(Permission::ScheduleDelete, "delete the schedules that run a saved job").await?;
            let gone = job::delete_schedules(&tx, found.job_uuid).await?;
            db_saved::forget_access(&tx, &gone).await?;
        }
        job::delete(&tx, found.job_uuid).await?;
        db_saved::forget_access(&tx, &[found.job_uuid]).await?;
        ctx.audit(&tx).await?;
        tx.commit().await?;
        Ok(true)
    }
}
