//! `cmd.pause_job`: pause a running job on every master where it runs.

use raas_api::{
    Jid,
    cmd::{PauseJob, PauseJobParams},
};

use super::control::{Action, control};
use crate::{Ctx, RpcError, rpc::Handle};

impl Handle for PauseJob {
    async fn handle(ctx: &Ctx, params: PauseJobParams) -> Result<Jid, RpcError> {
        let action = Action::Pause;
        control(ctx, (params.job_uuid, params.jid), action).await
    }
}
