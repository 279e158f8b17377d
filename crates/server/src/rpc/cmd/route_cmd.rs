//! `cmd.route_cmd`: request → facts → plan (crates/cluster) → one transaction. Returns before anything is sent.

mod key_act;
mod key_wheel;
mod plan;
mod request;
mod resolve;
mod store;

use raas_api::{
    CommandKind, Jid, Permission,
    cmd::{RouteCmd, RouteCmdParams},
};

use crate::{Ctx, RpcError, job::Times, rpc::Handle};

impl Handle for RouteCmd {
    async fn handle(ctx: &Ctx, params: RouteCmdParams) -> Result<Jid, RpcError> {
        let request = request::read(params, Times::of(&ctx.state.config))?;
        match request.kind() {
            CommandKind::Local => ctx.needs(Permission::CmdRun, "run functions on minions").await?,
            kind => ctx.needs(Permission::CmdRunMaster, &format!("run {kind} functions on masters")).await?,
        }
        let mut client = ctx.state.db.client().await?;
        if request.kind() == CommandKind::Wheel
            && let Some(wheel) = key_wheel::KeyWheel::read(&request.fun, &request.arg)?
        {
            ctx.needs(Permission::MinionKeyWrite, "change keys of minions").await?;
            return key_act::perform(ctx, &mut client, &request, &wheel).await;
        }
        let planned = plan::plan(ctx, &client, &request).await?;
        let jid = store::store(ctx, &mut client, &request, &planned).await?;
        for warning in &planned.warnings {
            ctx.warn(warning);
        }
        Ok(jid)
    }
}
