//! `cmd.get_highstate_minions`: minions by the newest results of their states.

use raas_api::cmd::{GetHighstateMinions, GetHighstateMinionsParams, HighstateMinions, HighstateMinionsSort};
use raas_db::highstate::{self, Search};

use super::highstate::{read, since};
use crate::{
    Ctx, RpcError,
    rpc::{Handle, page},
};

impl Handle for GetHighstateMinions {
    async fn handle(ctx: &Ctx, params: GetHighstateMinionsParams) -> Result<HighstateMinions, RpcError> {
        let rows = page::rows(params.page, params.limit)?;
        if let Some(group) = params.tgt_uuid {
            return Err(RpcError::invalid("tgt_uuid", group, "null: not by target group yet"));
        }
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
            ..Search::default()
        };
        let client = ctx.state.db.client().await?;
        read(&highstate::minions(&client, &search).await?)
    }
}
