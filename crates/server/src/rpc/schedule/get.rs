//! `schedule.get`

use raas_api::{
    AccessType, CommandKind, CommandState, Page,
    schedule::{Get, GetParams, Schedule, ScheduleArg, ScheduleSort},
};
use raas_db::schedule::{self as db, Found, Search};

use super::{containing, object};
use crate::{
    Ctx, RpcError,
    rpc::{Handle, page, saved, words},
};

impl Handle for Get {
    async fn handle(ctx: &Ctx, params: GetParams) -> Result<Page<Schedule>, RpcError> {
        let rows = page::rows(params.page, params.limit)?;
        let (text, tgt) = (containing(params.query.as_deref()), containing(params.tgt.as_deref()));
        let search = Search {
            sched_uuid: params.uuid,
            numbers: None,
            names: params.names.as_deref(),
            also_expired: params.show_past || params.uuid.is_some(),
            text: text.as_deref(),
            in_arg: params.arg,
            in_kwarg: params.kwarg,
            cmd: params.cmd.map(CommandKind::as_str),
            fun: params.fun.as_deref(),
            masters: params.masters.as_deref(),
            tgt: tgt.as_deref(),
            states: params.state.as_deref(),
            enabled: params.enabled,
            job_names: params.job_names.as_deref(),
            tgt_names: params.tgt_names.as_deref(),
            expired: params.expired,
            sort_by: params.sort_by.map_or("sched_name", ScheduleSort::as_str),
            reverse: params.reverse,
            limit: rows.limit,
            offset: rows.offset,
        };
        let client = ctx.state.db.client().await?;
        let (count, found) = db::search(&client, saved::viewer(ctx), &search).await?;
        let results = found.into_iter().map(shown).collect::<Result<_, RpcError>>()?;
        Ok(Page { count, limit: params.limit, results })
    }
}

/// Who may only discover a schedule sees when it fires, and not what it does.
fn shown(found: Found) -> Result<Schedule, RpcError> {
    let readable = saved::may(&found.held, AccessType::Read);
    let arg = found.arg.as_deref().filter(|_| readable).map(words::json);
    let arg: Option<ScheduleArg> = arg
        .map(serde_json::from_value)
        .transpose()
        .map_err(|error| RpcError::Internal(format!("schedule {}: {error}", found.sched_uuid)))?;
    Ok(Schedule {
        uuid: found.sched_uuid,
        enabled: found.enabled,
        expired: found.expired,
        schedule: object(&found.schedule)?,
        function: found.function,
        cmd: Some(words::read(&found.cmd, CommandKind::from_word)?),
        fun: found.fun.filter(|_| readable),
        arg: arg.unwrap_or_default(),
        masters: found.masters.filter(|_| readable),
        tgt: found.tgt.filter(|_| readable).map(|text| words::json(&text)),
        tgt_uuid: found.tgt_uuid,
        tgt_name: found.tgt_name,
        job_uuid: found.job_uuid,
        job_name: found.job_name,
        next_fire_time: found.next_at,
        last_fire_time: found.last_at,
        status: found.status.map(|word| words::read(&word, CommandState::from_word)).transpose()?,
        metadata: saved::metadata(&found.held)?,
        name: found.name,
    })
}
