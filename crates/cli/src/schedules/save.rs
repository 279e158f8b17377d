//! `raas schedules save`: when something runs, in options; what they cannot say, `schedule.save` takes.

use anyhow::{Context as _, bail};
use clap::Args;
use raas_api::schedule::{Save, SaveParams};
use raas_client::Client;
use serde_json::{Map, Value, json};

use super::all;
use crate::{
    door::Door,
    output::{done, say, time, warn},
    run::arguments,
    saved_jobs, targets,
};

/// What runs, where and when.
#[derive(Debug, Args)]
pub(crate) struct SaveArgs {
    /// Its name; one that is there is replaced, and is yours then.
    name: String,
    /// Run this saved job.
    #[arg(long, required_unless_present = "fun", conflicts_with = "fun")]
    job: Option<String>,
    /// Run this function on minions.
    #[arg(long)]
    fun: Option<String>,
    /// Arguments of the function, or inputs of the job; name=value for keyword arguments and inputs.
    args: Vec<String>,
    /// On this target group.
    #[arg(long, conflicts_with = "target")]
    group: Option<String>,
    /// On this target expression.
    #[arg(long)]
    target: Option<String>,
    /// Salt's target type.
    #[arg(long = "type", short = 't', default_value = "glob")]
    tgt_type: String,
    /// With --target: cluster or master ids; default all.
    #[arg(long, short)]
    cluster: Vec<String>,
    #[command(flatten)]
    when: When,
    /// Time zone of the times, as Europe/Berlin; default UTC.
    #[arg(long)]
    timezone: Option<String>,
    /// Do not let it fire yet.
    #[arg(long)]
    disabled: bool,
}

/// One of these.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
struct When {
    /// Five fields of cron, as "0 2 * * *".
    #[arg(long)]
    cron: Option<String>,
    /// Each so many seconds, minutes, hours or days, as 90s, 15m, 1h, 1d.
    #[arg(long)]
    every: Option<String>,
    /// Once, at this time, as 2026-03-01T02:00:00.
    #[arg(long)]
    once: Option<String>,
}

pub(crate) async fn run(door: &Door, client: &Client, args: SaveArgs) -> anyhow::Result<()> {
    let before = all(client).await?.into_iter().find(|one| one.name == args.name);
    let job_uuid = match &args.job {
        Some(name) => Some(saved_jobs::named(client, name).await?.uuid),
        None => None,
    };
    let tgt_uuid = match &args.group {
        Some(name) => Some(targets::named(client, name).await?.uuid),
        None => None,
    };
    let mut schedule = when(&args.when)?;
    schedule.extend(args.timezone.map(|zone| ("timezone".to_owned(), json!(zone))));
    let arg = (!args.args.is_empty()).then(|| arguments(args.args));
    let params = json!({
        "name": args.name,
        "schedule": schedule,
        "job_uuid": job_uuid,
        "fun": args.fun,
        "arg": arg,
        "tgt_uuid": tgt_uuid,
        "tgt": args.target.map(|text| tgt(&text, &args.tgt_type, args.cluster)),
        "uuid": before.map(|one| one.uuid),
        "enabled": !args.disabled,
    });
    let params: SaveParams = serde_json::from_value(params).context("the schedule")?;
    let answer = client.call::<Save>(&params).await?;
    warn(&answer.warnings);
    let saved = super::named(client, &params.name).await?;
    let next = match saved.next_fire_time {
        Some(at) if saved.enabled => format!("it fires at {}", time(Some(at))),
        _ => "it does not fire".to_owned(),
    };
    say(door.output, &format!("Schedule {} is saved ({}): {next}.", params.name, answer.ret))?;
    done(door.output, &saved)
}

fn tgt(text: &str, tgt_type: &str, places: Vec<String>) -> Value {
    let places = if places.is_empty() { vec!["*".to_owned()] } else { places };
    let one = |place| (place, json!({"tgt": text, "tgt_type": tgt_type}));
    Value::Object(places.into_iter().map(one).collect())
}

fn when(when: &When) -> anyhow::Result<Map<String, Value>> {
    let (name, value) = match when {
        When { cron: Some(text), .. } => ("cron", json!(text)),
        When { once: Some(text), .. } => ("once", json!(text)),
        When { every: Some(text), .. } => every(text)?,
        When { .. } => bail!("say when: --cron, --every or --once"),
    };
    Ok(Map::from_iter([(name.to_owned(), value)]))
}

fn every(text: &str) -> anyhow::Result<(&'static str, Value)> {
    let units = [('s', "seconds"), ('m', "minutes"), ('h', "hours"), ('d', "days")];
    let read = units.iter().find_map(|(letter, name)| {
        Some((*name, json!(text.strip_suffix(*letter)?.parse::<u32>().ok().filter(|count| *count > 0)?)))
    });
    read.with_context(|| format!("--every {text:?}: expected a number and s, m, h or d, as 15m"))
}

#[cfg(test)]
mod tests {
    use super::every;
    use serde_json::json;

    #[test]
    fn intervals_are_read_with_their_units() {
        assert_eq!(every("90s").unwrap(), ("seconds", json!(90)));
        assert_eq!(every("15m").unwrap(), ("minutes", json!(15)));
        assert_eq!(every("1d").unwrap(), ("days", json!(1)));
        for wrong in ["15", "m", "0h", "-1h", "1w"] {
            assert!(every(wrong).unwrap_err().to_string().contains("as 15m"), "{wrong}");
        }
    }
}
