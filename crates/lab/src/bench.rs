//! Benchmarks: everything beside what it is compared with, in one run. `dispatch` is here; the others have files of their own.

mod changes;
mod figures;
mod groups;
mod ingest;
mod lists;
mod rpc;

use std::path::Path;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use jiff::Timestamp;
use raas_api::Jid;
use raas_api::cmd::{GetCmdStatus, GetCmdStatusParams};
use raas_lab::{Bins, ClusterSpec, Stage, salt_venv, wait};

pub(crate) use groups::{Size as GroupSize, groups};
pub(crate) use ingest::{Amount, ingest};
pub(crate) use lists::{Options as ListOptions, Size, lists};
pub(crate) use rpc::rpc;

use changes::Changes;
use figures::{Figures, table};

const CLUSTER: &str = "bench";
const MINIONS: u8 = 3;
/// Not counted: connections, prepared statements and Python's imports are made then.
const WARM_UP: usize = 3;
/// What the plugin logs when a publish request leaves it; xtask asks it for such detail (`RAAS_PLUGIN_LOG`).
const SENT: &str = "publish request leaves";
const PATIENCE: Duration = Duration::from_mins(1);

/// One job through raas, in milliseconds since the API call.
struct Job {
    sent: f64,
    first: f64,
    last: f64,
}

/// How long a job takes through raas, beside Salt's own command line, on the same master and minions: measures `rounds` jobs
/// each way, alternating, and prints medians and ratios.
pub(crate) async fn dispatch(bins: &Bins, cache: &Path, version: &str, rounds: usize) -> Result<ExitCode> {
    let mut say = |step: &str| eprintln!("{step}");
    let venv = salt_venv(version, cache, &mut say)?;
    let specs = vec![ClusterSpec::failover(CLUSTER, 1, MINIONS)];
    let mut stage = Stage::set(bins, venv, specs, &mut say).await?;
    stage.salt.cluster(CLUSTER)?.minions_answer().await?;
    let log = stage.salt.cluster(CLUSTER)?.master(1).plugin_log();
    let mut changes = Changes::listen(&stage).await?;
    let (mut jobs, mut commands) = (Vec::new(), Vec::new());
    for round in 0..WARM_UP + rounds {
        let command = salt_ping(&mut stage)?;
        let job = raas_ping(&stage, &mut changes, &log).await?;
        if round >= WARM_UP {
            eprintln!("{} of {rounds}", round + 1 - WARM_UP);
            jobs.push(job);
            commands.push(command);
        }
    }
    print(version, &jobs, commands);
    Ok(ExitCode::SUCCESS)
}

/// `salt '*' test.ping`, in milliseconds.
fn salt_ping(stage: &mut Stage) -> Result<f64> {
    let start = Instant::now();
    let answers = stage.salt.cluster(CLUSTER)?.master(1).ping();
    if answers != usize::from(MINIONS) {
        bail!("salt '*' test.ping had {answers} answers");
    }
    Ok(start.elapsed().as_secs_f64() * 1e3)
}

async fn raas_ping(stage: &Stage, changes: &mut Changes, log: &Path) -> Result<Job> {
    let (start, clock) = (Instant::now(), now());
    let jid = stage.api.run(CLUSTER, "test.ping", &[]).await?;
    let (mut first, mut last) = (None, None);
    while last.is_none() {
        changes.of(&jid, PATIENCE).await?;
        let params = GetCmdStatusParams { jids: vec![jid.clone()] };
        let status = stage.api.call::<GetCmdStatus>(&params).await?;
        let Some(status) = status.into_iter().next() else { continue };
        let at = start.elapsed().as_secs_f64() * 1e3;
        if status.returned_good > 0 {
            first.get_or_insert(at);
        }
        if status.done {
            if status.returned_good != i64::from(MINIONS) {
                bail!("{jid} ended with {} good returns", status.returned_good);
            }
            last = Some(at);
        }
    }
    let sent = sent_at(log, &jid).await?.duration_since(clock).as_secs_f64() * 1e3;
    let last = last.unwrap_or_default();
    Ok(Job { sent, first: first.unwrap_or(last), last })
}

/// The line of the plugin's log about this job, which begins with its time.
async fn sent_at(log: &Path, jid: &Jid) -> Result<Timestamp> {
    wait::until(&format!("the line of {jid} in {}", log.display()), PATIENCE, || async {
        let text = std::fs::read_to_string(log).map_err(|error| error.to_string())?;
        text.lines()
            .find(|line| line.contains(SENT) && line.contains(jid.as_str()))
            .and_then(|line| line.split_whitespace().next()?.parse().ok())
            .ok_or_else(|| "no such line".to_owned())
    })
    .await
}

#[allow(clippy::disallowed_methods, reason = "a benchmark's own clock, beside the time in the plugin's log")]
fn now() -> Timestamp {
    Timestamp::now()
}

fn print(version: &str, jobs: &[Job], commands: Vec<f64>) {
    let of = |what: fn(&Job) -> f64| Figures::of(jobs.iter().map(what).collect());
    let cli = Figures::of(commands);
    println!(
        "\ntest.ping on {MINIONS} minions of one master, Salt {version}, {} jobs each way, alternating",
        jobs.len()
    );
    print!(
        "{}",
        table(
            &cli,
            &[
                ("API call → publish request leaves the plugin", of(|job| job.sent)),
                ("API call → first return stored", of(|job| job.first)),
                ("API call → last return stored", of(|job| job.last)),
                ("salt '*' test.ping", cli.clone()),
            ]
        )
    );
}
