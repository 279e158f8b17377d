//! `cluster.check_minions`: asks the minions of a cluster how they are configured. Judged by `reconcile::readiness`.

use std::collections::BTreeMap;

use raas_api::{
    Permission,
    cluster::{CheckMinions, CheckMinionsParams, MinionCheckStarted},
    cmd::{RouteCmd, RouteCmdArg, RouteCmdParams, RouteTarget},
};
use raas_db::{cluster, readiness as db};

use crate::{Ctx, RpcError, readiness, rpc::Handle, scope};

impl Handle for CheckMinions {
    async fn handle(ctx: &Ctx, params: CheckMinionsParams) -> Result<MinionCheckStarted, RpcError> {
        let CheckMinionsParams { cluster_id } = params;
        // What is found is of the whole cluster, so that it must be asked as a whole.
        scope::unlimited(ctx, Permission::CmdRun, "check the minions of a cluster")?;
        let found = cluster::page(&ctx.state.db.client().await?, (Some(&cluster_id), None), (1, 0)).await?;
        if found.0 == 0 {
            return Err(super::unknown(&cluster_id));
        }
        let started_at = ctx.now();
        let arg = RouteCmdArg { arg: None, kwarg: Some(readiness::arguments()) };
        let job = RouteCmdParams {
            fun: Some(readiness::FUNCTION.to_owned()),
            arg: Some(arg),
            tgt: Some(BTreeMap::from([(cluster_id.clone(), RouteTarget::glob("*"))])),
            ..RouteCmdParams::default()
        };
        let jid = Box::pin(RouteCmd::handle(ctx, job)).await?;
        db::start(&ctx.state.db.client().await?, &cluster_id, jid.as_str(), started_at).await?;
        Ok(MinionCheckStarted { cluster_id, jid, started_at })
    }
}
