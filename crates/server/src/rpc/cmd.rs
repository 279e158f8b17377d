//! `cmd.*`: sending commands and following them. One file per method; here what other resources need of them.

mod control;
mod get_cmd_details;
mod get_cmd_status;
mod get_cmds;
mod get_highstate_minion_details;
mod get_highstate_minions;
mod get_highstate_state_details;
mod get_highstate_states;
mod get_highstate_stats;
mod get_outcome_timeline;
mod highstate;
mod pause_job;
mod plan_cmd;
mod resume_job;
mod route_cmd;
mod stop_job;
mod track_state;

use raas_db::Client;

pub(in crate::rpc) use self::route_cmd::{could_run, reach::Reached, resolve::Wish};
pub(crate) use self::route_cmd::{fire, origin::Scheduled};
use super::tgt::Targets;
use crate::{
    Ctx, RpcError,
    routing::{self, Expiry, Known},
};

/// The clusters that a target names. A warning says what is not there any more.
pub(in crate::rpc) async fn known(ctx: &Ctx, client: &Client, tgt: &Targets) -> Result<Vec<Known>, RpcError> {
    let names: Vec<String> = tgt.keys().cloned().collect();
    let some = (names != ["*"]).then_some(names.as_slice());
    let known = routing::clusters(client, some, false, ctx.now(), Expiry::of(&ctx.state.config)).await?;
    if let Err(RpcError::NotFound(why)) = route_cmd::plan::named(&known, some) {
        ctx.warn(why);
    }
    Ok(known)
}

/// Whom a target means now in these clusters, worked out.
pub(in crate::rpc) async fn reach_in<'a>(
    ctx: &Ctx,
    client: &Client,
    known: &[Known],
    tgt: &'a Targets,
) -> Result<Reached<'a>, RpcError> {
    route_cmd::reach::reach(ctx, client, known, tgt).await
}

/// Refuses a target without a place, or with `*` beside others.
pub(in crate::rpc) fn places(tgt: &Targets) -> Result<(), RpcError> {
    route_cmd::request::places(tgt)
}

/// A function's name, if it is one.
pub(in crate::rpc) fn function(fun: Option<&str>) -> Result<String, RpcError> {
    route_cmd::request::function(fun)
}

/// Refuses no masters, or `*` beside others.
pub(in crate::rpc) fn masters(masters: &[String]) -> Result<(), RpcError> {
    route_cmd::request::masters(masters)
}
