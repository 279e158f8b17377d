//! `cmd.resume_job`: resume a running job on every master where it runs.

use raas_api::{
    Jid,
    cmd::{ResumeJob, ResumeJobParams},
};

use super::control::{Action, control};
use crate::{Ctx, RpcError, rpc::Handle};

impl Handle for ResumeJob {
    async fn handle(ctx: &Ctx, params: ResumeJobParams) -> Result<Jid, RpcError> {
        let action = Action::Resume;
        control(ctx, (params.job_uuid, params.jid), action).await
    }
}
