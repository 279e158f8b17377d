//! `cmd.stop_job`: stop a running job on every master where it runs.

use raas_api::{
    Jid,
    cmd::{StopJob, StopJobParams},
};

use super::control::{Action, control};
use crate::{Ctx, RpcError, rpc::Handle};

impl Handle for StopJob {
    async fn handle(ctx: &Ctx, params: StopJobParams) -> Result<Jid, RpcError> {
        let action = Action::Stop { force: params.force.unwrap_or(false) };
        control(ctx, (params.job_uuid, params.jid), action).await
    }
}
