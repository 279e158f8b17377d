//! `cmd.get_highstate_states`: states over all minions.

use raas_api::cmd::{GetHighstateStates, GetHighstateStatesParams, HighstateStates, HighstateStatesSort};
use raas_db::highstate::{self, Search};

use super::highstate::{read, seen, since};
use crate::{
    Ctx, RpcError,
    rpc::{Handle, page},
};

impl Handle for GetHighstateStates {
    async fn handle(ctx: &Ctx, params: GetHighstateStatesParams) -> Result<HighstateStates, RpcError> {
        let rows = page::rows(params.page, params.limit)?;
        let client = ctx.state.db.client().await?;
        let only = seen(ctx, &client).await?;
        let search = Search {
            test: params.test.unwrap_or(false),
            state: params.state.as_deref(),
            sls: params.sls.as_deref(),
            saltenv: params.saltenv.as_deref(),
            jid: params.jid.as_deref(),
            result: params.result,
            changes: params.changes,
            since: since(ctx, params.age_limit),
            filter_summary: params.filter_summary.unwrap_or(false),
            sort_by: params.sort_by.map(HighstateStatesSort::as_str),
            reverse: params.reverse,
            limit: params.limit,
            offset: rows.offset,
            only: Some(&only),
            ..Search::default()
        };
        read(&highstate::states(&client, &search).await?)
    }
}
