//! `cmd.get_highstate_state_details`: one state on every minion.

use raas_api::cmd::{
    GetHighstateStateDetails, GetHighstateStateDetailsParams, HighstateStateDetails,
    HighstateStateDetailsSort,
};
use raas_db::highstate::{self, Search};

use super::highstate::{read, seen};
use crate::{
    Ctx, RpcError,
    rpc::{Handle, page},
};

impl Handle for GetHighstateStateDetails {
    async fn handle(
        ctx: &Ctx,
        params: GetHighstateStateDetailsParams,
    ) -> Result<HighstateStateDetails, RpcError> {
        let rows = page::rows(params.page, params.limit)?;
        let client = ctx.state.db.client().await?;
        let only = seen(ctx, &client).await?;
        let search = Search {
            test: params.test.unwrap_or(false),
            entity: params.master_id.as_deref(),
            minion_id: params.minion_id.as_deref(),
            saltenv: params.saltenv.as_deref(),
            jid: params.jid.as_deref(),
            result: params.result,
            changes: params.changes,
            comment: params.comment.as_deref(),
            filter_summary: params.filter_summary.unwrap_or(false),
            sort_by: params.sort_by.map(HighstateStateDetailsSort::as_str),
            reverse: params.reverse,
            limit: params.limit,
            offset: rows.offset,
            only: Some(&only),
            ..Search::default()
        };
        read(&highstate::of_state(&client, &params.state, &search).await?)
    }
}
