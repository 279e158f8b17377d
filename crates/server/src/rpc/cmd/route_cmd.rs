//! `cmd.route_cmd`: request → facts → plan (crates/cluster) → one transaction. Returns before anything is sent.

mod key_act;
mod key_wheel;
mod limit;
pub(super) mod origin;
pub(super) mod plan;
pub(super) mod reach;
pub(super) mod request;
pub(super) mod resolve;
pub(super) mod store;

use raas_api::{
    CommandKind, Jid, Permission,
    cmd::{RouteCmd, RouteCmdParams},
};
use raas_db::Client;

use self::{
    key_wheel::KeyWheel,
    origin::Scheduled,
    plan::Planned,
    request::{Request, Wanted},
    resolve::Wish,
};
use crate::{
    Ctx, RpcError,
    job::Times,
    rpc::{Handle, tgt::SavedGroups},
};

impl Handle for RouteCmd {
    async fn handle(ctx: &Ctx, params: RouteCmdParams) -> Result<Jid, RpcError> {
        let mut client = ctx.state.db.client().await?;
        let mut request = read(ctx, &client, params).await?;
        let removed = limit::limit(ctx, &client, &mut request).await?;
        if let Some(wheel) = key_wheel(&request)? {
            ctx.needs(Permission::MinionKeyWrite, "change keys of minions").await?;
            return key_act::perform(ctx, &mut client, &request, &wheel).await;
        }
        let mut planned = plan::plan(ctx, &client, &request).await?;
        planned.warnings.splice(..0, removed);
        let jid = store::store(ctx, &mut client, &request, &planned).await?;
        let jid =
            jid.ok_or_else(|| RpcError::Internal("a command of no schedule was fired already".to_owned()))?;
        for warning in &planned.warnings {
            ctx.warn(warning);
        }
        Ok(jid)
    }
}

/// A command about minions that are named one by one; nobody may be left to name. Nothing is sent or stored yet.
pub(super) async fn planned_for(
    ctx: &Ctx,
    client: &Client,
    params: RouteCmdParams,
    nobody: bool,
) -> Result<(Request, Planned), RpcError> {
    let request = read(ctx, client, params).await?;
    let planned = if nobody { Planned::default() } else { plan::plan(ctx, client, &request).await? };
    Ok((request, planned))
}

/// What a request means and what will be done about it; nothing is sent or stored yet.
pub(super) async fn planned(
    ctx: &Ctx,
    client: &Client,
    params: RouteCmdParams,
) -> Result<(Request, Planned), RpcError> {
    let mut request = read(ctx, client, params).await?;
    let removed = limit::limit(ctx, client, &mut request).await?;
    let mut planned = plan::plan(ctx, client, &request).await?;
    planned.warnings.splice(..0, removed);
    if key_wheel(&request)?.is_some() {
        planned.warnings.push(format!(
            "{:?} becomes the key act of the whole cluster: each of its masters gets the change, and no wheel runs",
            request.fun
        ));
    }
    Ok((request, planned))
}

async fn read(ctx: &Ctx, client: &Client, params: RouteCmdParams) -> Result<Request, RpcError> {
    let (params, origin) = origin::fill(ctx, client, params).await?;
    let request = Request { origin, ..request::read(params, Times::of(&ctx.state.config))? };
    match request.kind() {
        // What it runs was chosen by whoever saved it.
        _ if request.origin.job.is_some() => {}
        CommandKind::Local => ctx.needs(Permission::CmdRun, "run functions on minions").await?,
        kind => ctx.needs(Permission::CmdRunMaster, &format!("run {kind} functions on masters")).await?,
    }
    Ok(request)
}

/// Runs what a schedule runs, for one of its planned times. None: it was run for that time already.
pub(crate) async fn fire(
    ctx: &Ctx,
    client: &mut Client,
    params: RouteCmdParams,
    at: Scheduled,
) -> Result<Option<Jid>, RpcError> {
    let mut request = read(ctx, client, params).await?;
    no_key_act(&request)?;
    // Its owner may be limited, and may be so since it was saved.
    let removed = limit::limit(ctx, client, &mut request).await?;
    request.origin.schedule = Some(at);
    let mut planned = plan::plan(ctx, client, &request).await?;
    planned.warnings.splice(..0, removed);
    store::store(ctx, client, &request, &planned).await
}

/// Refuses what the caller could not run, or nobody.
pub(in crate::rpc) async fn could_run(
    ctx: &Ctx,
    client: &Client,
    params: RouteCmdParams,
) -> Result<(), RpcError> {
    let mut request = read(ctx, client, params).await?;
    no_key_act(&request)?;
    if let Wanted::Run { .. } = request.wanted {
        limit::limit(ctx, client, &mut request).await?;
    }
    if let Wanted::Local(tgt) = &request.wanted {
        let groups = SavedGroups::of(ctx, client, tgt).await?;
        for (place, asked) in tgt {
            Wish::read(place, asked, &groups)?;
        }
    }
    Ok(())
}

/// What is decided about keys is decided by a person, at a moment.
fn no_key_act(request: &Request) -> Result<(), RpcError> {
    match key_wheel(request)? {
        Some(_) => Err(RpcError::Unusable(format!(
            "{:?} decides about keys: a schedule cannot; use minions.set_minion_key_state (raas keys)",
            request.fun
        ))),
        None => Ok(()),
    }
}

/// The change of keys that a wheel means, if it means one.
fn key_wheel(request: &Request) -> Result<Option<KeyWheel>, RpcError> {
    if request.kind() == CommandKind::Wheel { KeyWheel::read(&request.fun, &request.arg) } else { Ok(None) }
}

/// Why a jid cannot be had.
pub(super) fn taken(jid: &Jid) -> String {
    format!("jid {jid} is in use: leave jid out to get one of its own")
}
