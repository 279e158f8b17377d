//! `cmd.route_cmd`: request → facts → plan (crates/cluster) → one transaction. Returns before anything is sent.

mod plan;
mod request;
mod resolve;
mod store;

use raas_api::{
    Jid,
    cmd::{RouteCmd, RouteCmdParams},
};

use crate::{Ctx, RpcError, job::Times, rpc::Handle};

impl Handle for RouteCmd {
    async fn handle(ctx: &Ctx, params: RouteCmdParams) -> Result<Jid, RpcError> {
        ctx.superuser("run commands")?;
        let request = request::read(params, Times::of(&ctx.state.config))?;
        let mut client = ctx.state.db.client().await?;
        let planned = plan::plan(ctx, &client, &request).await?;
        let jid = store::store(ctx, &mut client, &request, &planned).await?;
        for warning in &planned.warnings {
            ctx.warn(warning);
        }
        Ok(jid)
    }
}
