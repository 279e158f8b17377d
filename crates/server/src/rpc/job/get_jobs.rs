//! `job.get_jobs`

use raas_api::{
    AccessType, CommandKind, Page, Permission,
    job::{self as api, GetJobs, GetJobsParams, JobArg, JobSort},
};
use raas_db::{
    job::{self, Job, Search},
    pattern,
};

use super::arg;
use crate::{
    Ctx, RpcError,
    rpc::{Handle, page, saved, words},
};

impl Handle for GetJobs {
    async fn handle(ctx: &Ctx, params: GetJobsParams) -> Result<Page<api::Job>, RpcError> {
        let rows = page::rows(params.page, params.limit)?;
        if params.role_uuid.is_some() {
            ctx.needs(Permission::MetadataAuthWrite, "search saved jobs by role").await?;
        }
        let [name, description, fun] = [&params.name, &params.desc, &params.fun]
            .map(|text| text.as_deref().filter(|text| !text.is_empty()).map(pattern::substring));
        let search = Search {
            job_uuid: params.job_uuid,
            cmd: params.cmd.map(CommandKind::as_str),
            tgt_uuid: params.tgt_uuid,
            or_none: params.include_no_tgt_jobs.unwrap_or(false),
            role_uuid: params.role_uuid,
            masters: params.masters.as_deref(),
            name: name.as_deref(),
            description: description.as_deref(),
            fun: fun.as_deref(),
            sort_by: match params.sort_by.unwrap_or_default() {
                JobSort::Name => "name",
                JobSort::Desc => "desc",
                JobSort::Cmd => "cmd",
                JobSort::Fun => "fun",
            },
            reverse: params.reverse.unwrap_or(false),
            limit: rows.limit,
            offset: rows.offset,
        };
        let client = ctx.state.db.client().await?;
        let (count, found) = job::search(&client, saved::viewer(ctx), &search).await?;
        let results = found.into_iter().map(shown).collect::<Result<_, RpcError>>()?;
        Ok(Page { count, limit: params.limit, results })
    }
}

/// Who may only discover a job does not see what it does.
fn shown(job: Job) -> Result<api::Job, RpcError> {
    let readable = saved::may(&job.held, AccessType::Read);
    Ok(api::Job {
        uuid: job.job_uuid,
        cmd: words::read(&job.cmd, CommandKind::from_word)?,
        arg: if readable { arg(&job)? } else { JobArg::default() },
        metadata: saved::metadata(&job.held)?,
        name: job.name,
        desc: job.description,
        fun: if readable { job.fun } else { String::new() },
        masters: job.masters.filter(|_| readable),
        tgt_uuid: job.tgt_uuid.filter(|_| readable),
        tgt_name: job.tgt_name.filter(|_| readable),
    })
}
