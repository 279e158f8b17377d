//! `raas schedules [list|next|history|save|enable|disable|delete]`: what runs when.

mod save;

use std::process::ExitCode;

use anyhow::Context as _;
use clap::{Args, Subcommand};
use raas_api::schedule::{
    Futures, FuturesParams, Get, GetParams, HistoryEntry, Remove, RemoveParams, Schedule, SearchHistory,
    SearchHistoryParams, Update, UpdateParams,
};
use raas_client::Client;
use serde_json::json;

use crate::{
    door::Door,
    output::{done, say, show, time, warn},
};

/// What about schedules.
#[derive(Debug, Args)]
pub(crate) struct SchedulesArgs {
    #[command(subcommand)]
    verb: Option<SchedulesVerb>,
}

#[derive(Debug, Subcommand)]
enum SchedulesVerb {
    /// All that you may see.
    List,
    /// What runs next.
    Next {
        /// Of this schedule.
        name: Option<String>,
        /// How many; -1 for all.
        #[arg(long, default_value_t = 20, allow_hyphen_values = true)]
        limit: i64,
    },
    /// What became of planned times, newest first.
    History {
        /// How many; -1 for all.
        #[arg(long, default_value_t = 20, allow_hyphen_values = true)]
        limit: i64,
    },
    /// Save a schedule, or replace the one of this name.
    Save(Box<save::SaveArgs>),
    /// Let a schedule fire.
    Enable {
        /// Its name.
        name: String,
    },
    /// Stop a schedule from firing.
    Disable {
        /// Its name.
        name: String,
    },
    /// Delete a schedule.
    Delete {
        /// Its name.
        name: String,
    },
}

pub(crate) async fn run(door: &Door, args: SchedulesArgs) -> anyhow::Result<ExitCode> {
    let client = door.client()?;
    match args.verb.unwrap_or(SchedulesVerb::List) {
        SchedulesVerb::List => list(door, &client).await?,
        SchedulesVerb::Next { name, limit } => next(door, &client, name, limit).await?,
        SchedulesVerb::History { limit } => history(door, &client, limit).await?,
        SchedulesVerb::Save(args) => save::run(door, &client, *args).await?,
        SchedulesVerb::Enable { name } => enable(door, &client, &name, true).await?,
        SchedulesVerb::Disable { name } => enable(door, &client, &name, false).await?,
        SchedulesVerb::Delete { name } => {
            let uuid = named(&client, &name).await?.uuid;
            client.call::<Remove>(&RemoveParams { uuid }).await?;
            say(door.output, &format!("Schedule {name} is deleted."))?;
            done(door.output, &json!({"deleted": [name]}))?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

async fn all(client: &Client) -> anyhow::Result<Vec<Schedule>> {
    let params: GetParams = serde_json::from_value(json!({"limit": -1, "show_past": true}))?;
    Ok(client.call::<Get>(&params).await?.ret.results)
}

async fn named(client: &Client, name: &str) -> anyhow::Result<Schedule> {
    let found = all(client).await?.into_iter().find(|one| one.name == name);
    found.with_context(|| format!("there is no schedule {name:?}: raas schedules lists them"))
}

async fn enable(door: &Door, client: &Client, name: &str, enabled: bool) -> anyhow::Result<()> {
    let uuid = Some(named(client, name).await?.uuid);
    let params = UpdateParams { uuid, enabled: Some(enabled), ..UpdateParams::default() };
    warn(&client.call::<Update>(&params).await?.warnings);
    let saved = self::named(client, name).await?;
    let what = if enabled { "enabled" } else { "disabled: it does not fire" };
    say(door.output, &format!("Schedule {name} is {what}."))?;
    done(door.output, &saved)
}

async fn list(door: &Door, client: &Client) -> anyhow::Result<()> {
    let schedules = all(client).await?;
    show(door.output, &schedules, &["name", "next", "last", "runs", "on", "owner"], || {
        schedules.iter().map(row).collect()
    })
}

fn row(one: &Schedule) -> Vec<String> {
    let next = match (one.enabled, one.expired) {
        (false, _) => "disabled".to_owned(),
        (true, true) => "never again".to_owned(),
        (true, false) => time(one.next_fire_time),
    };
    let runs = one.job_name.clone().or(one.fun.clone()).unwrap_or_default();
    let masters = one.masters.as_ref().map(|masters| masters.join(", "));
    let on = one.tgt_name.clone().or(one.tgt.as_ref().map(ToString::to_string)).or(masters);
    let owner = one.metadata.auth.owner.username.clone();
    vec![one.name.clone(), next, time(one.last_fire_time), runs, on.unwrap_or_default(), owner]
}

async fn next(door: &Door, client: &Client, name: Option<String>, limit: i64) -> anyhow::Result<()> {
    let names = name.map(|name| vec![name]);
    let params: FuturesParams = serde_json::from_value(json!({"sched_names": names, "limit": limit}))?;
    let futures = client.call::<Futures>(&params).await?.ret.results;
    show(door.output, &futures, &["time", "schedule", "function", "state"], || {
        let row = |one: &raas_api::schedule::Future| {
            let fun = one.fun.clone().unwrap_or_default();
            vec![time(Some(one.start_time)), one.sched_name.clone(), fun, one.state.to_string()]
        };
        futures.iter().map(row).collect()
    })
}

async fn history(door: &Door, client: &Client, limit: i64) -> anyhow::Result<()> {
    let params: SearchHistoryParams = serde_json::from_value(json!({"limit": limit}))?;
    let entries = client.call::<SearchHistory>(&params).await?.ret.results;
    show(door.output, &entries, &["time", "schedule", "state", "jid", "why"], || {
        let row = |one: &HistoryEntry| {
            let jid = one.jid.as_ref().map_or_else(|| "-".to_owned(), ToString::to_string);
            vec![
                time(Some(one.start_time)),
                one.sched_name.clone(),
                one.state.to_string(),
                jid,
                one.reason.clone(),
            ]
        };
        entries.iter().map(row).collect()
    })
}
