//! `cmd.get_cmd_details`: the outcomes of one command, silent ones too.

use raas_api::{
    Jid, OutcomeState, Page, Permission,
    cmd::{CmdDetail, CmdDetailSort, GetCmdDetails, GetCmdDetailsParams},
};
use raas_db::{
    Client,
    outcome::{self, Found, Search, SortBy},
    ret,
};
use serde_json::Value;

use crate::{
    Ctx, RpcError,
    rpc::{Handle, page, words},
    scope,
};

fn order(by: CmdDetailSort) -> SortBy {
    match by {
        CmdDetailSort::AlterTime => SortBy::AlterTime,
        CmdDetailSort::MinionId => SortBy::MinionId,
        CmdDetailSort::MasterId => SortBy::MasterId,
        CmdDetailSort::HasErrors => SortBy::HasErrors,
        CmdDetailSort::HasReturn => SortBy::HasReturn,
    }
}

impl Handle for GetCmdDetails {
    async fn handle(ctx: &Ctx, params: GetCmdDetailsParams) -> Result<Page<CmdDetail>, RpcError> {
        let rows = page::rows(params.page, params.limit)?;
        let order = order(params.sort_by.unwrap_or(CmdDetailSort::AlterTime));
        let (with_return, limit) = (params.minion_id_exact.is_some(), params.limit);
        let client = ctx.state.db.client().await?;
        let only = scope::minions(ctx, &client, Permission::CmdRead).await?;
        let Some(of) = outcome::place(&client, params.jid.as_str()).await? else {
            ctx.warn(format!("there is no command with jid {}", params.jid));
            return Ok(Page { count: 0, limit, results: Vec::new() });
        };
        let search = Search {
            of,
            minion_id_exact: params.minion_id_exact,
            minion_id: params.minion_id,
            master_id: params.master_id,
            has_errors: params.has_errors,
            has_return: params.has_return,
            only,
        };
        let found =
            outcome::search(&client, &search, (order, params.reverse), rows.limit, rows.offset).await?;
        let mut results = Vec::with_capacity(found.len());
        for row in found {
            let ret = if with_return { value(&client, &params.jid, &row).await? } else { None };
            results.push(detail(&params.jid, row, ret)?);
        }
        let count = match page::whole(rows, results.len()) {
            Some(count) => count,
            None => outcome::count(&client, &search).await?,
        };
        Ok(Page { count, limit, results })
    }
}

async fn value(client: &Client, jid: &Jid, row: &Found) -> Result<Option<Value>, RpcError> {
    let packed = ret::value(client, row.day, &row.cluster_id, jid.as_str(), &row.minion_id).await?;
    packed.map(|packed| words::packed(Some(&packed))).transpose()
}

fn detail(jid: &Jid, row: Found, ret: Option<Value>) -> Result<CmdDetail, RpcError> {
    let state = words::read(&row.state, OutcomeState::from_word)?;
    Ok(CmdDetail {
        jid: jid.clone(),
        minion_id: row.minion_id,
        cluster_id: row.cluster_id,
        master_id: row.master_id,
        state,
        reason: row.reason,
        has_return: state.has_return(),
        has_errors: state.has_return().then_some(state == OutcomeState::Failed),
        retcode: row.retcode,
        late: row.late,
        ran_twice: row.ran_twice,
        unexpected: row.unexpected,
        witnesses: i64::from(row.witnesses),
        alter_time: row.changed_at,
        ret,
    })
}
