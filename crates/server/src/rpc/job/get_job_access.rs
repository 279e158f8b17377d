//! `job.get_job_access`

use raas_api::{
    Auth,
    job::{GetJobAccess, GetJobAccessParams},
};

use super::find;
use crate::{
    Ctx, RpcError,
    rpc::{Handle, saved},
};

impl Handle for GetJobAccess {
    async fn handle(ctx: &Ctx, params: GetJobAccessParams) -> Result<Auth, RpcError> {
        let job = find(ctx, &ctx.state.db.client().await?, params.job_uuid).await?;
        saved::auth(&job.held)
    }
}
