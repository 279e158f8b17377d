//! `raas events`: what changes, while it changes, until Ctrl-C. The stream says that something changed; what a job is now is asked.

use std::{io::Write as _, process::ExitCode, time::Duration};

use clap::{Args, ValueEnum};
use raas_api::{
    Jid, LiveChange,
    cmd::{Cmd, GetCmds, GetCmdsParams},
};
use raas_client::{Changes, Client, ClientError, Told};
use serde::Serialize;

use crate::{
    door::{Door, Output},
    environment,
    output::{plain, time},
};

/// Between tries to connect again.
const WAITS: [Duration; 4] =
    [Duration::from_secs(1), Duration::from_secs(2), Duration::from_secs(5), Duration::from_secs(10)];

/// Which changes.
#[derive(Debug, Args)]
pub(crate) struct EventsArgs {
    /// Of this kind; may be given several times.
    #[arg(long, value_enum)]
    kind: Vec<Kind>,
    /// Of this job.
    #[arg(long)]
    jid: Option<Jid>,
    /// In this cluster.
    #[arg(long)]
    cluster: Option<String>,
}

/// What changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Kind {
    /// A job was sent, stopped, paused or resumed.
    Commands,
    /// Minions answered a job, or time ran out for them.
    Outcomes,
    /// Minions and their keys.
    Minions,
    /// Masters and their keys.
    Masters,
    /// Clusters and their warnings.
    Clusters,
}

impl Kind {
    fn as_str(self) -> &'static str {
        match self {
            Self::Commands => "commands",
            Self::Outcomes => "outcomes",
            Self::Minions => "minions",
            Self::Masters => "masters",
            Self::Clusters => "clusters",
        }
    }
}

/// One change as it is shown.
#[derive(Debug, Serialize)]
struct Event {
    time: jiff::Timestamp,
    #[serde(flatten)]
    change: LiveChange,
    /// The job as it is now, when the change names one.
    #[serde(skip_serializing_if = "Option::is_none")]
    job: Option<Cmd>,
}

pub(crate) async fn run(door: &Door, args: EventsArgs) -> anyhow::Result<ExitCode> {
    tokio::select! {
        ended = follow(door, &args) => ended,
        _ = tokio::signal::ctrl_c() => Ok(ExitCode::SUCCESS),
    }
}

/// The first connection must succeed; one that breaks later is made again.
async fn follow(door: &Door, args: &EventsArgs) -> anyhow::Result<ExitCode> {
    let client = door.client()?;
    let mut changes = client.changes(None).await?;
    eprintln!("raas: following {}; Ctrl-C ends it", door.url);
    let mut screen = Screen { output: door.output, headed: false };
    let mut is_first = true;
    loop {
        let broke = loop {
            match changes.next().await {
                Ok(Some(Told::Changed(change))) => {
                    if !tell(&client, args, &mut screen, change).await? {
                        return Ok(ExitCode::SUCCESS);
                    }
                }
                Ok(Some(Told::Snapshot)) if is_first => is_first = false,
                Ok(Some(Told::Snapshot)) => {
                    eprintln!(
                        "raas: some changes were missed: raas jobs and raas clusters show what is so now"
                    );
                }
                Ok(None) => break "the server ended the stream".to_owned(),
                Err(error) => break error.to_string(),
            }
        };
        changes = again(&client, changes.last_id(), &broke).await?;
        eprintln!("raas: connected again");
    }
}

/// Connects again, however long it takes; not when the server says no.
async fn again(client: &Client, last_id: Option<String>, broke: &str) -> anyhow::Result<Changes> {
    let mut why = broke.to_owned();
    for try_number in 0.. {
        let wait = WAITS.get(try_number).or(WAITS.last()).copied().unwrap_or_default();
        eprintln!("raas: {why}: connecting again in {} s", wait.as_secs());
        tokio::time::sleep(wait).await;
        match client.changes(last_id.as_deref()).await {
            Err(ClientError::Transport { url, problem }) => why = format!("cannot reach {url}: {problem}"),
            Err(ClientError::Method { error, .. }) if error.code >= 500 => why = error.message,
            other => return Ok(other?),
        }
    }
    anyhow::bail!("{why}")
}

/// Shows it, if it is asked for. False: nobody reads any more.
async fn tell(
    client: &Client,
    args: &EventsArgs,
    screen: &mut Screen,
    change: LiveChange,
) -> anyhow::Result<bool> {
    let of_kind = args.kind.is_empty() || args.kind.iter().any(|kind| kind.as_str() == change.topic);
    let of_job = args.jid.as_ref().is_none_or(|jid| change.jid.as_deref() == Some(jid.as_str()));
    if !of_kind || !of_job {
        return Ok(true);
    }
    let job = match &change.jid {
        Some(jid) => job(client, jid).await?,
        None => None,
    };
    let of_cluster = args.cluster.as_ref().is_none_or(|cluster| {
        change.cluster_id.as_ref() == Some(cluster)
            || job.as_ref().is_some_and(|job| job.clusters.contains(cluster))
    });
    if !of_cluster {
        return Ok(true);
    }
    screen.show(&Event { time: environment::now(), change, job })
}

/// The job as it is now. A server that is away for a moment is no reason to end.
async fn job(client: &Client, jid: &str) -> anyhow::Result<Option<Cmd>> {
    let params = GetCmdsParams {
        jid: Some(jid.to_owned()),
        filter_find_job: Some(false),
        filter_refresh_grains: Some(false),
        limit: 1,
        ..GetCmdsParams::default()
    };
    match client.call::<GetCmds>(&params).await {
        Ok(answer) => Ok(answer.ret.results.into_iter().next()),
        Err(ClientError::Transport { .. } | ClientError::Method { .. }) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// Where it is shown, line by line.
struct Screen {
    output: Output,
    headed: bool,
}

impl Screen {
    fn show(&mut self, event: &Event) -> anyhow::Result<bool> {
        let mut text = match self.output {
            Output::Json => serde_json::to_string(event)?,
            Output::Yaml => format!("---\n{}", serde_yaml::to_string(event)?.trim_end()),
            Output::Table => plain(&line(event)).into_owned(),
        };
        if self.output == Output::Table && !self.headed {
            text.insert_str(
                0,
                &format!("{:<21} {:<9} {:<16} {:<20} WHAT\n", "TIME", "KIND", "CLUSTER", "JID"),
            );
        }
        self.headed = true;
        let mut out = std::io::stdout();
        match writeln!(out, "{text}").and_then(|()| out.flush()) {
            Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(false),
            Err(error) => Err(error.into()),
            Ok(()) => Ok(true),
        }
    }
}

fn line(event: &Event) -> String {
    let Event { time: at, change, job } = event;
    let clusters = job.as_ref().map(|job| job.clusters.join(","));
    let cluster = change.cluster_id.clone().or(clusters).unwrap_or_else(|| "-".to_owned());
    let jid = change.jid.as_deref().unwrap_or("-");
    let what = job.as_ref().map_or_else(|| "-".to_owned(), what);
    format!("{:<21} {:<9} {cluster:<16} {jid:<20} {what}", time(Some(*at)), change.topic)
}

fn what(job: &Cmd) -> String {
    format!(
        "{}: {}, {} good, {} failed, {} missing",
        job.fun, job.state, job.returned_good, job.returned_failed, job.not_returned
    )
}
