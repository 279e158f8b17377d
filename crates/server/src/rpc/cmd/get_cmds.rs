//! `cmd.get_cmds`: search commands.

use raas_api::{
    CommandKind, CommandState, Page, Permission,
    cmd::{Cmd, CmdSort, GetCmds, GetCmdsParams},
};
use raas_db::{
    Only,
    command::{self, Found, Names, Search, SortBy},
};

use crate::{
    Ctx, RpcError,
    rpc::{Handle, page, words},
    scope,
};

/// History is not counted, and not sorted by other things than time, beyond this.
const COUNTED: i64 = 10_000;

fn order(by: CmdSort) -> SortBy {
    match by {
        CmdSort::StartTime | CmdSort::CreateTime => SortBy::Time,
        CmdSort::State => SortBy::State,
        CmdSort::Cmd => SortBy::Cmd,
        CmdSort::Fun => SortBy::Fun,
        CmdSort::NotReturned => SortBy::NotReturned,
        CmdSort::User => SortBy::User,
        CmdSort::Expected => SortBy::Expected,
        CmdSort::Returned => SortBy::Returned,
        CmdSort::ReturnedFailed => SortBy::ReturnedFailed,
        CmdSort::ReturnedGood => SortBy::ReturnedGood,
        CmdSort::Origination => SortBy::Origination,
        CmdSort::TgtName => SortBy::TgtName,
        CmdSort::JobName => SortBy::JobName,
        CmdSort::SchedName => SortBy::SchedName,
    }
}

impl Handle for GetCmds {
    async fn handle(ctx: &Ctx, params: GetCmdsParams) -> Result<Page<Cmd>, RpcError> {
        let rows = page::rows(params.page, params.limit)?;
        let order = order(params.sort_by.unwrap_or(CmdSort::StartTime));
        let (reverse, limit) = (params.reverse, params.limit);
        let client = ctx.state.db.client().await?;
        let only = scope::minions(ctx, &client, Permission::CmdRead).await?;
        let search = search(params, only)?;
        let order = (order, reverse);
        let found = command::search(&client, &search, order, (rows.limit, rows.offset), COUNTED).await?;
        let results: Vec<Cmd> = found.into_iter().map(cmd).collect::<Result<_, _>>()?;
        let count = match page::whole(rows, results.len()) {
            Some(count) => count,
            None => command::count(&client, &search, COUNTED).await?,
        };
        if count == COUNTED {
            ctx.warn(format!(
                "there are {COUNTED} commands or more: in another order than that of time only the newest {COUNTED} \
                 are sorted; narrow the search to have all of them counted and sorted"
            ));
        }
        Ok(Page { count, limit, results })
    }
}

fn search(params: GetCmdsParams, only: Only) -> Result<Search, RpcError> {
    let kinds = [("all", None), ("scheduled", Some("scheduled")), ("adhoc", Some("adhoc"))];
    let origination =
        page::one_of("include_adhoc_scheduled", params.include_adhoc_scheduled.as_deref(), &kinds, None)?;
    let origination = match params.include_adhoc {
        Some(true) => None,
        Some(false) => Some("scheduled"),
        None => origination,
    };
    let (from, to) = params.daterange.unzip();
    Ok(Search {
        jid: params.jid,
        from,
        to,
        master_id: params.master_id,
        state: params.state.map(|state| state.as_str().to_owned()),
        state_invert: params.state_invert.unwrap_or(false),
        fun: params.fun,
        highstate: params.highstate,
        cmd: params.cmd.map(|cmd| cmd.as_str().to_owned()),
        users: params.users,
        origination: origination.map(str::to_owned),
        no_find_job: params.filter_find_job.unwrap_or(true),
        no_refresh_grains: params.filter_refresh_grains.unwrap_or(true),
        cluster_id: params.cluster_id,
        job: Names { uuid: params.job_uuid, names: params.job_names },
        group: Names { uuid: params.tgt_uuid, names: params.tgt_names },
        schedule: Names { uuid: params.sched_uuid, names: params.sched_names },
        only,
    })
}

fn cmd(found: Found) -> Result<Cmd, RpcError> {
    let returned = found.returned_good + found.returned_failed;
    Ok(Cmd {
        cmd: words::read(&found.cmd, CommandKind::from_word)?,
        duration: found.ended_at.map(|ended| ended.duration_since(found.created_at).as_secs_f64()),
        expected: found.expected,
        fun: found.fun,
        is_highstate: found.is_highstate,
        jid: words::read(&found.jid, |text| text.parse().ok())?,
        job_desc: found.job_desc,
        job_name: found.origin.job_name,
        job_source: found.source,
        job_uuid: found.origin.job_uuid,
        masters_done: found.masters_done,
        masters_to: found.masters_to,
        origination: found.origination,
        returned,
        returned_failed: found.returned_failed,
        returned_good: found.returned_good,
        not_returned: found.expected - returned,
        sched_name: found.origin.sched_name,
        sched_uuid: found.origin.sched_uuid,
        start_time: found.created_at,
        state: words::read(&found.state, CommandState::from_word)?,
        tgt: words::json(&found.tgt),
        arg: words::json(&found.arg),
        tgt_desc: found.tgt_desc,
        tgt_name: found.origin.tgt_name,
        tgt_uuid: found.origin.tgt_uuid,
        clusters: found.clusters,
        warnings: found.warnings,
        user: found.user_name,
        user_uuid: found.user_uuid,
    })
}
