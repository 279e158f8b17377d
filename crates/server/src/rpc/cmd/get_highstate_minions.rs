//! `cmd.get_highstate_minions`: minions by the newest results of their states.

use raas_api::cmd::{GetHighstateMinions, GetHighstateMinionsParams, HighstateMinions, HighstateMinionsSort};
use raas_db::highstate::{self, Search};

use super::highstate::{read, seen, since};
use crate::{
    Ctx, RpcError,
    rpc::{Handle, page, tgt},
};

impl Handle for GetHighstateMinions {
    async fn handle(ctx: &Ctx, params: GetHighstateMinionsParams) -> Result<HighstateMinions, RpcError> {
        let rows = page::rows(params.page, params.limit)?;
        let client = ctx.state.db.client().await?;
        let only = seen(ctx, &client).await?;
        let only = tgt::within(ctx, &client, params.tgt_uuid, only).await?;
        let search = Search {
            test: params.test.unwrap_or(false),
            entity: params.master_id.as_deref(),
            minion_id: params.minion_id.as_deref(),
            saltenv: params.saltenv.as_deref(),
            jid: params.jid.as_deref(),
            result: params.result,
            changes: params.changes,
            since: since(ctx, params.age_limit),
            filter_summary: params.filter_summary.unwrap_or(false),
            sort_by: params.sort_by.map(HighstateMinionsSort::as_str),
            reverse: params.reverse,
            limit: params.limit,
            offset: rows.offset,
            only: Some(&only),
            ..Search::default()
        };
        read(&highstate::minions(&client, &search).await?)
    }
}
