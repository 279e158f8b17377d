//! `cmd.get_highstate_stats`: highstates day by day.

use raas_api::cmd::{GetHighstateStats, GetHighstateStatsParams, HighstateDay, HighstateStats};
use raas_db::highstate;

use super::highstate::{read, seen};
use crate::{Ctx, RpcError, rpc::Handle};

impl Handle for GetHighstateStats {
    async fn handle(ctx: &Ctx, params: GetHighstateStatsParams) -> Result<HighstateStats, RpcError> {
        let client = ctx.state.db.client().await?;
        let only = seen(ctx, &client).await?;
        let days = (params.begin_date, params.end_date);
        let reply = highstate::stats(&client, days, params.reverse, &only).await?;
        let results: Vec<HighstateDay> = read(&reply)?;
        Ok(HighstateStats { count: i64::try_from(results.len()).unwrap_or(i64::MAX), results })
    }
}
