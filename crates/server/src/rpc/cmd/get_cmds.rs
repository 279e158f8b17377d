//! `cmd.get_cmds`: search commands.

use raas_api::{
    CommandKind, CommandState, Page,
    cmd::{Cmd, GetCmds, GetCmdsParams},
};
use raas_db::command::{self, Found, Search, SortBy};

use crate::{
    Ctx, RpcError,
    rpc::{Handle, page, words},
};

const ORDERS: &[(&str, Option<SortBy>)] = &[
    ("start_time", Some(SortBy::Time)),
    ("create_time", Some(SortBy::Time)),
    ("state", Some(SortBy::State)),
    ("cmd", Some(SortBy::Cmd)),
    ("fun", Some(SortBy::Fun)),
    ("not_returned", Some(SortBy::NotReturned)),
    ("user", Some(SortBy::User)),
    ("expected", Some(SortBy::Expected)),
    ("returned", Some(SortBy::Returned)),
    ("returned_failed", Some(SortBy::ReturnedFailed)),
    ("returned_good", Some(SortBy::ReturnedGood)),
    ("origination", Some(SortBy::Origination)),
    // Nothing has these names yet: all rows are equal, newest first.
    ("tgt_name", None),
    ("job_name", None),
    ("sched_name", None),
];

impl Handle for GetCmds {
    async fn handle(ctx: &Ctx, params: GetCmdsParams) -> Result<Page<Cmd>, RpcError> {
        let rows = page::rows(params.page, params.limit)?;
        let order = page::one_of("sort_by", params.sort_by.as_deref(), ORDERS, Some(SortBy::Time))?;
        let (reverse, limit) = (params.reverse, params.limit);
        if named(&params) {
            return Ok(Page { count: 0, limit, results: Vec::new() });
        }
        let search = search(params)?;
        let client = ctx.state.db.client().await?;
        let order = (order.unwrap_or(SortBy::Time), reverse);
        let found = command::search(&client, &search, order, rows.limit, rows.offset).await?;
        let results: Vec<Cmd> = found.into_iter().map(cmd).collect::<Result<_, _>>()?;
        let count = match page::whole(rows, results.len()) {
            Some(count) => count,
            None => command::count(&client, &search).await?,
        };
        Ok(Page { count, limit, results })
    }
}

/// Filters on saved jobs, schedules and target groups: no command has one yet.
fn named(params: &GetCmdsParams) -> bool {
    params.job_uuid.is_some()
        || params.sched_uuid.is_some()
        || params.tgt_uuid.is_some()
        || [&params.job_names, &params.sched_names, &params.tgt_names].into_iter().any(Option::is_some)
}

fn search(params: GetCmdsParams) -> Result<Search, RpcError> {
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
        job_desc: None,
        job_name: None,
        job_source: found.source,
        job_uuid: None,
        masters_done: found.masters_done,
        masters_to: found.masters_to,
        origination: found.origination,
        returned,
        returned_failed: found.returned_failed,
        returned_good: found.returned_good,
        not_returned: found.expected - returned,
        sched_name: None,
        sched_uuid: None,
        start_time: found.created_at,
        state: words::read(&found.state, CommandState::from_word)?,
        tgt: words::json(&found.tgt),
        arg: words::json(&found.arg),
        tgt_desc: None,
        tgt_name: None,
        tgt_uuid: None,
        clusters: found.clusters,
        warnings: found.warnings,
        user: found.user_name,
        user_uuid: found.user_uuid,
    })
}
