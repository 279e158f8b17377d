//! `cmd.get_highstate_minion_details`: the states of one minion.

use raas_api::cmd::{
    GetHighstateMinionDetails, GetHighstateMinionDetailsParams, HighstateMinionDetails,
    HighstateMinionDetailsSort,
};
use raas_db::highstate::{self, Search};

use super::highstate::{read, seen};
use crate::{
    Ctx, RpcError,
    rpc::{Handle, page},
};

impl Handle for GetHighstateMinionDetails {
    async fn handle(
        ctx: &Ctx,
        params: GetHighstateMinionDetailsParams,
    ) -> Result<HighstateMinionDetails, RpcError> {
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
            comment: params.comment.as_deref(),
            filter_summary: params.filter_summary.unwrap_or(false),
            sort_by: params.sort_by.map(HighstateMinionDetailsSort::as_str),
            reverse: params.reverse,
            limit: params.limit,
            offset: rows.offset,
            only: Some(&only),
            ..Search::default()
        };
        read(&highstate::of_minion(&client, &params.minion_id, &search).await?)
    }
}
