//! `cmd.route_cmd`: request → facts → plan (crates/cluster) → one transaction. Returns before anything is sent.

pub(super) mod plan;
pub(super) mod request;
mod resolve;
mod store;

use raas_api::{
    CommandKind, Jid, Permission,
    cmd::{RouteCmd, RouteCmdParams},
};
use raas_db::Client;

use self::{plan::Planned, request::Request};
use crate::{Ctx, RpcError, job::Times, rpc::Handle};

impl Handle for RouteCmd {
    async fn handle(ctx: &Ctx, params: RouteCmdParams) -> Result<Jid, RpcError> {
        let mut client = ctx.state.db.client().await?;
        let (request, planned) = planned(ctx, &client, params).await?;
        let jid = store::store(ctx, &mut client, &request, &planned).await?;
        for warning in &planned.warnings {
            ctx.warn(warning);
        }
        Ok(jid)
    }
}

/// What a request means and what will be done about it; nothing is sent or stored yet.
pub(super) async fn planned(
    ctx: &Ctx,
    client: &Client,
    params: RouteCmdParams,
) -> Result<(Request, Planned), RpcError> {
    let request = request::read(params, Times::of(&ctx.state.config))?;
    match request.kind() {
        CommandKind::Local => ctx.needs(Permission::CmdRun, "run functions on minions").await?,
        kind => ctx.needs(Permission::CmdRunMaster, &format!("run {kind} functions on masters")).await?,
    }
    let planned = plan::plan(ctx, client, &request).await?;
    Ok((request, planned))
}

/// Why a jid cannot be had.
pub(super) fn taken(jid: &Jid) -> String {
    format!("jid {jid} is in use: leave jid out to get one of its own")
}
