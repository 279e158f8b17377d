//! `raas jobs`; saved ones in `saved_jobs`.

use std::process::ExitCode;

use clap::{Args, Subcommand};
use raas_api::cmd::{GetCmds, GetCmdsParams};

use crate::{
    door::Door,
    output::{show, time, warn},
    saved_jobs,
};

/// Which commands.
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(crate) struct JobsArgs {
    #[command(subcommand)]
    verb: Option<JobsVerb>,
    /// Of this function.
    #[arg(long)]
    fun: Option<String>,
    /// Of this cluster.
    #[arg(long)]
    cluster: Option<String>,
    /// How many; -1 for all.
    #[arg(long, default_value_t = 20, allow_hyphen_values = true)]
    limit: i64,
}

#[derive(Debug, Subcommand)]
enum JobsVerb {
    /// Saved jobs that you may see.
    Saved,
    /// Run a saved job and show every answer.
    Run(saved_jobs::RunSavedArgs),
}

pub(crate) async fn run(door: &Door, args: JobsArgs) -> anyhow::Result<ExitCode> {
    match args.verb {
        Some(JobsVerb::Saved) => return saved_jobs::list(door).await,
        Some(JobsVerb::Run(args)) => return saved_jobs::run(door, args).await,
        None => {}
    }
    let params = GetCmdsParams {
        fun: args.fun,
        cluster_id: args.cluster,
        limit: args.limit,
        ..GetCmdsParams::default()
    };
    let answer = door.client()?.call::<GetCmds>(&params).await?;
    warn(&answer.warnings);
    let jobs = &answer.ret.results;
    show(
        door.output,
        jobs,
        &["jid", "started", "function", "clusters", "state", "good", "failed", "missing", "user"],
        || {
            jobs.iter()
                .map(|job| {
                    vec![
                        job.jid.to_string(),
                        time(Some(job.start_time)),
                        job.fun.clone(),
                        job.clusters.join(", "),
                        job.state.to_string(),
                        job.returned_good.to_string(),
                        job.returned_failed.to_string(),
                        job.not_returned.to_string(),
                        job.user.clone(),
                    ]
                })
                .collect()
        },
    )?;
    Ok(ExitCode::SUCCESS)
}
