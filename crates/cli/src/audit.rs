//! `raas audit [list|verify]`

use std::process::ExitCode;

use anyhow::bail;
use clap::{Args, Subcommand};
use raas_api::audit::{AuditedEvent, GetAudit, GetAuditParams, Head};
use raas_client::{
    Client,
    audit::{self, Verdict},
};
use serde_json::json;

use crate::{
    door::Door,
    output::{done, say, show, time, warn},
};

/// What about the audit.
#[derive(Debug, Args)]
pub(crate) struct AuditArgs {
    #[command(subcommand)]
    verb: Option<AuditVerb>,
}

#[derive(Debug, Subcommand)]
enum AuditVerb {
    /// Who did what, newest first.
    List(List),
    /// Compute the chain of hashes anew over every row, and name the first that was changed, moved or taken away.
    Verify {
        /// The end that an earlier verification printed, as NUMBER:HASH: it must still be in the chain.
        #[arg(long)]
        since: Option<String>,
    },
}

#[derive(Debug, Default, Args)]
struct List {
    /// Of this account.
    #[arg(long)]
    by: Option<String>,
    /// Of this name, as cmd.route_cmd or login.
    #[arg(long)]
    name: Option<String>,
    /// Only what failed or was refused.
    #[arg(long)]
    failed: bool,
    /// How many; -1 for all.
    #[arg(long, default_value_t = 50, allow_hyphen_values = true)]
    limit: i64,
}

pub(crate) async fn run(door: &Door, args: AuditArgs) -> anyhow::Result<ExitCode> {
    let client = door.client()?;
    match args.verb.unwrap_or_else(|| AuditVerb::List(List { limit: 50, ..List::default() })) {
        AuditVerb::List(args) => list(door, &client, args).await,
        AuditVerb::Verify { since } => verify(door, &client, since.as_deref()).await,
    }
}

async fn list(door: &Door, client: &Client, args: List) -> anyhow::Result<ExitCode> {
    let params = GetAuditParams {
        username: args.by,
        event_name: args.name,
        failed: args.failed.then_some(true),
        limit: args.limit,
        ..GetAuditParams::default()
    };
    let answer = client.call::<GetAudit>(&params).await?;
    warn(&answer.warnings);
    show(door.output, &answer.ret.results, &["when", "who", "from", "what", "", "details"], || {
        answer.ret.results.iter().map(row).collect()
    })?;
    Ok(ExitCode::SUCCESS)
}

fn row(event: &AuditedEvent) -> Vec<String> {
    vec![
        time(Some(event.start_time)),
        event.username.clone(),
        event.address.clone().unwrap_or_else(|| "-".to_owned()),
        event.event_name.clone(),
        if event.failed { "refused" } else { "" }.to_owned(),
        event.event_data.to_string(),
    ]
}

async fn verify(door: &Door, client: &Client, since: Option<&str>) -> anyhow::Result<ExitCode> {
    let since = since.map(place).transpose()?;
    match audit::verify(client, since.as_ref()).await? {
        Verdict::Whole { first, end, unchained } => {
            let rows =
                format!("The audit is whole: rows {first} to {}, {unchained} not linked yet.", end.number);
            say(door.output, &rows)?;
            let end = format!("{}:{}", end.number, end.hash);
            let keep = "(keep it elsewhere, and give it to the next verification as --since)";
            say(door.output, &format!("End: {end} {keep}"))?;
            let verdict = json!({"whole": true, "first": first, "end": end, "unchained": unchained});
            done(door.output, &verdict)?;
            Ok(ExitCode::SUCCESS)
        }
        Verdict::Broken(what) => {
            say(door.output, &format!("The audit is broken. {what}"))?;
            done(door.output, &json!({"whole": false, "broken": what}))?;
            Ok(ExitCode::from(1))
        }
    }
}

fn place(text: &str) -> anyhow::Result<Head> {
    match text.split_once(':').map(|(number, hash)| (number.parse(), hash.to_owned())) {
        Some((Ok(number), hash)) => Ok(Head { number, hash }),
        _ => bail!("--since {text:?}: expected NUMBER:HASH, as an earlier verification printed it"),
    }
}
