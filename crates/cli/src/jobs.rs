//! `raas jobs [stop|pause|resume]`; saved ones in `saved_jobs`.

use std::process::ExitCode;

use clap::{Args, Subcommand};
use raas_api::{
    Jid,
    cmd::{
        GetCmds, GetCmdsParams, PauseJob, PauseJobParams, ResumeJob, ResumeJobParams, StopJob, StopJobParams,
    },
};
use serde_json::json;

use crate::{
    door::Door,
    output::{done, say, show, time, warn},
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
    /// Save a job, or change the one of this name.
    Save(saved_jobs::SaveJobArgs),
    /// Delete a saved job.
    Delete {
        /// Its name.
        name: String,
        /// Also the schedules that run it.
        #[arg(long)]
        force: bool,
    },
    #[command(flatten)]
    Control(ControlVerb),
}

#[derive(Debug, Subcommand)]
enum ControlVerb {
    /// Stop a running job on every master where it runs.
    Stop {
        /// Its jid.
        jid: Jid,
        /// Kill it: also a run of states, which then returns nothing.
        #[arg(long)]
        force: bool,
    },
    /// Pause a run of states before its next state.
    Pause {
        /// Its jid.
        jid: Jid,
    },
    /// Let a paused run of states go on.
    Resume {
        /// Its jid.
        jid: Jid,
    },
}

pub(crate) async fn run(door: &Door, mut args: JobsArgs) -> anyhow::Result<ExitCode> {
    match args.verb.take() {
        Some(JobsVerb::Saved) => saved_jobs::list(door).await,
        Some(JobsVerb::Run(args)) => saved_jobs::run(door, args).await,
        Some(JobsVerb::Save(args)) => saved_jobs::save(door, args).await,
        Some(JobsVerb::Delete { name, force }) => saved_jobs::delete(door, &name, force).await,
        Some(JobsVerb::Control(verb)) => control(door, verb).await,
        None => list(door, args).await,
    }
}

/// Says what was done, and prints the jid of the command that does it.
async fn control(door: &Door, verb: ControlVerb) -> anyhow::Result<ExitCode> {
    let client = door.client()?;
    let answer = match verb {
        ControlVerb::Stop { jid, force } => {
            let params = StopJobParams { jid: Some(jid), force: Some(force), ..StopJobParams::default() };
            client.call::<StopJob>(&params).await?
        }
        ControlVerb::Pause { jid } => {
            client.call::<PauseJob>(&PauseJobParams { jid: Some(jid), ..PauseJobParams::default() }).await?
        }
        ControlVerb::Resume { jid } => {
            client
                .call::<ResumeJob>(&ResumeJobParams { jid: Some(jid), ..ResumeJobParams::default() })
                .await?
        }
    };
    warn(&answer.warnings);
    say(door.output, answer.ret.as_str())?;
    done(door.output, &json!({"jid": answer.ret}))?;
    Ok(ExitCode::SUCCESS)
}

async fn list(door: &Door, args: JobsArgs) -> anyhow::Result<ExitCode> {
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
