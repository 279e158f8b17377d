//! `job.save_job_access`

use raas_api::job::{SaveJobAccess, SaveJobAccessParams};
use uuid::Uuid;

use super::{called, find};
use crate::{
    Ctx, RpcError,
    rpc::{Handle, saved},
};

impl Handle for SaveJobAccess {
    async fn handle(ctx: &Ctx, params: SaveJobAccessParams) -> Result<Uuid, RpcError> {
        let mut client = ctx.state.db.client().await?;
        let tx = client.transaction().await?;
        let job = find(ctx, &tx, params.job_uuid).await?;
        saved::check_owner(ctx, &job.held, &called(&job))?;
        saved::set_access(&tx, job.job_uuid, params.access_payload).await?;
        ctx.audit(&tx).await?;
        tx.commit().await?;
        Ok(job.job_uuid)
    }
}
