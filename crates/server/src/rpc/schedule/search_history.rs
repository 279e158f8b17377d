//! `schedule.search_history`

use raas_api::{
    AccessType, CommandKind, Page, Permission,
    schedule::{HistoryEntry, RunState, SearchHistory, SearchHistoryParams},
};
use raas_db::{
    pattern,
    schedule::{self as db, History, HistorySearch},
};

use super::{containing, dates};
use crate::{
    Ctx, RpcError,
    rpc::{Handle, page, saved, words},
    scope,
};

/// History is not counted beyond this.
const COUNTED: i64 = 10_000;

impl Handle for SearchHistory {
    async fn handle(ctx: &Ctx, params: SearchHistoryParams) -> Result<Page<HistoryEntry>, RpcError> {
        let rows = page::rows(params.page, params.limit)?;
        let (from, to) = dates(params.daterange.as_deref(), params.daterange_fmt.as_deref())?;
        let (text, tgt) = (containing(params.query.as_deref()), containing(params.tgt.as_deref()));
        let master = params.masters.as_deref().map(pattern::glob);
        let client = ctx.state.db.client().await?;
        let only = scope::minions(ctx, &client, Permission::ScheduleRead).await?;
        let search = HistorySearch {
            sched_uuid: params.uuid,
            text: text.as_deref(),
            in_name: params.name,
            in_arg: params.arg,
            in_kwarg: params.kwarg,
            cmd: params.cmd.map(CommandKind::as_str),
            fun: params.fun.as_deref(),
            master: master.as_deref(),
            tgt: tgt.as_deref(),
            from,
            to,
            limit: rows.limit,
            offset: rows.offset,
            only: Some(&only),
        };
        let (count, found) = db::history(&client, saved::viewer(ctx), &search, COUNTED).await?;
        if count == COUNTED {
            ctx.warn(format!(
                "there are {COUNTED} runs or more: narrow the search to have all of them counted"
            ));
        }
        let results = found.into_iter().map(shown).collect::<Result<_, RpcError>>()?;
        Ok(Page { count, limit: params.limit, results })
    }
}

fn shown(found: History) -> Result<HistoryEntry, RpcError> {
    Ok(HistoryEntry {
        sched_uuid: found.sched_uuid,
        sched_name: found.sched_name,
        start_time: found.planned_at,
        fired_at: found.fired_at,
        state: words::read(&found.state, RunState::from_word)?,
        reason: found.reason,
        jid: found.jid.map(|jid| words::read(&jid, |text| text.parse().ok())).transpose()?,
        fun: found.fun.filter(|_| found.rights.iter().any(|right| right == AccessType::Read.as_str())),
        job_name: found.job_name,
        tgt_name: found.tgt_name,
    })
}
