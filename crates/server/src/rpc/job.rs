//! `job.*`: saved jobs. One file per method; here what several of them and `cmd.route_cmd` share.

mod delete_job;
mod get_job_access;
mod get_jobs;
mod save_job;
mod save_job_access;

use raas_api::{AccessType, job::JobArg};
use raas_cluster::job_inputs::Problem;
use raas_db::{
    Session,
    job::{self, Job},
};
use uuid::Uuid;

use super::{saved, words};
use crate::{Ctx, RpcError};

/// Arguments and inputs of a stored job.
pub(crate) fn arg(job: &Job) -> Result<JobArg, RpcError> {
    serde_json::from_value(words::json(&job.arg))
        .map_err(|error| RpcError::Internal(format!("saved job {}: {error}", job.job_uuid)))
}

/// The job, if the caller may at least discover it.
async fn find(ctx: &Ctx, session: &impl Session, job_uuid: Uuid) -> Result<Job, RpcError> {
    job::get(session, saved::viewer(ctx), job_uuid).await?.ok_or_else(|| {
        RpcError::NotFound(format!(
            "there is no saved job {job_uuid} that {:?} may see: look at job.get_jobs",
            ctx.actor.username
        ))
    })
}

/// A job that the caller may run, as it is.
pub(crate) async fn readable(ctx: &Ctx, session: &impl Session, job_uuid: Uuid) -> Result<Job, RpcError> {
    let job = find(ctx, session, job_uuid).await?;
    saved::check(ctx, &job.held, AccessType::Read, &called(&job))?;
    Ok(job)
}

fn called(job: &Job) -> String {
    format!("the saved job {:?}", job.name)
}

/// As a refusal.
pub(crate) fn wrong(problem: Problem) -> RpcError {
    RpcError::Invalid { parameter: problem.parameter, given: problem.given, expected: problem.expected }
}
