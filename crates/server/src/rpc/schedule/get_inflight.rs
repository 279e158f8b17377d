//! `schedule.get_inflight`

use raas_api::{
    CommandKind, CommandState, Page, Permission,
    schedule::{GetInflight, GetInflightParams, Inflight, InflightSort},
};
use raas_db::schedule::{self as db, InflightSearch};

use super::dates;
use crate::{
    Ctx, RpcError,
    rpc::{Handle, page, saved, words},
    scope,
};

impl Handle for GetInflight {
    async fn handle(ctx: &Ctx, params: GetInflightParams) -> Result<Page<Inflight>, RpcError> {
        if params.include_adhoc == Some(true) {
            scope::unlimited(ctx, Permission::ScheduleRead, "see what others run now")?;
        }
        let rows = page::rows(params.page, params.limit)?;
        let (from, to) = dates(params.daterange.as_deref(), params.daterange_fmt.as_deref())?;
        let client = ctx.state.db.client().await?;
        let only = scope::minions(ctx, &client, Permission::ScheduleRead).await?;
        let search = InflightSearch {
            sched_uuid: params.uuid,
            sched_names: params.sched_names.as_deref(),
            job_names: params.job_names.as_deref(),
            tgt_names: params.tgt_names.as_deref(),
            fun: params.fun.as_deref(),
            cmd: params.cmd.as_deref(),
            paused: params.paused,
            adhoc: params.include_adhoc.unwrap_or(false),
            no_find_job: params.filter_find_job.unwrap_or(true),
            from,
            to,
            sort_by: params.sort_by.map_or("start_time", InflightSort::as_str),
            reverse: params.reverse,
            limit: rows.limit,
            offset: rows.offset,
            only: Some(&only),
        };
        let (count, found) = db::inflight(&client, saved::viewer(ctx), &search).await?;
        let results = found.into_iter().map(shown).collect::<Result<_, RpcError>>()?;
        Ok(Page { count, limit: params.limit, results })
    }
}

fn shown(found: db::Inflight) -> Result<Inflight, RpcError> {
    Ok(Inflight {
        jid: words::read(&found.jid, |text| text.parse().ok())?,
        state: words::read(&found.state, CommandState::from_word)?,
        start_time: found.created_at,
        cmd: words::read(&found.cmd, CommandKind::from_word)?,
        fun: found.fun,
        tgt_name: found.tgt_name,
        job_name: found.job_name,
        sched_uuid: found.sched_uuid,
        sched_name: found.sched_name,
        user: found.user_name,
        expected: found.expected,
        returned: found.returned,
    })
}
