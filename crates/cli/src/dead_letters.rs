//! `raas dead-letters [list|show|replay|delete]`: records of plugins that the server could not take.

use std::process::ExitCode;

use clap::{Args, Subcommand};
use raas_api::admin::{
    DeadLetter, DeleteDeadLetters, GetDeadLetters, GetDeadLettersParams, ReplayDeadLetters, WhichDeadLetters,
};

use crate::{
    door::{Door, Output},
    output::{line, show, time, warn},
};

/// What about the dead letters.
#[derive(Debug, Args)]
pub(crate) struct DeadLettersArgs {
    #[command(subcommand)]
    verb: Option<DeadLettersVerb>,
}

#[derive(Debug, Subcommand)]
enum DeadLettersVerb {
    /// All of them, oldest first, each with its reason.
    List(Filter),
    /// One of them, with what it says.
    Show {
        /// Its id.
        id: i64,
    },
    /// Try them again, as if their master reported them now.
    Replay(Which),
    /// Throw them away.
    Delete(Which),
}

#[derive(Debug, Default, Args)]
struct Filter {
    /// Of this master, or a glob.
    #[arg(long)]
    master: Option<String>,
    /// Of this kind: return, seen, …
    #[arg(long)]
    kind: Option<String>,
}

#[derive(Debug, Args)]
#[command(group = clap::ArgGroup::new("which").required(true).multiple(true).args(["ids", "master", "kind", "all"]))]
struct Which {
    /// Ids, as list shows them.
    ids: Vec<i64>,
    #[command(flatten)]
    filter: Filter,
    /// Every one of them.
    #[arg(long, conflicts_with_all = ["ids", "master", "kind"])]
    all: bool,
}

impl From<Which> for WhichDeadLetters {
    fn from(which: Which) -> Self {
        Self {
            dead_letter_ids: (!which.ids.is_empty()).then_some(which.ids),
            master_id: if which.all { Some("*".to_owned()) } else { which.filter.master },
            kind: which.filter.kind,
        }
    }
}

pub(crate) async fn run(door: &Door, args: DeadLettersArgs) -> anyhow::Result<ExitCode> {
    match args.verb.unwrap_or(DeadLettersVerb::List(Filter::default())) {
        DeadLettersVerb::List(filter) => list(door, filter).await,
        DeadLettersVerb::Show { id } => one(door, id).await,
        DeadLettersVerb::Replay(which) => replay(door, which.into()).await,
        DeadLettersVerb::Delete(which) => delete(door, which.into()).await,
    }
}

async fn list(door: &Door, filter: Filter) -> anyhow::Result<ExitCode> {
    let params = GetDeadLettersParams {
        master_id: filter.master,
        kind: filter.kind,
        limit: 1000,
        ..GetDeadLettersParams::default()
    };
    let answer = door.client()?.call::<GetDeadLetters>(&params).await?;
    warn(&answer.warnings);
    let letters = &answer.ret.results;
    show(door.output, &answer.ret, &["id", "master", "kind", "came", "tries", "reason"], || {
        letters.iter().map(row).collect()
    })?;
    let more = usize::try_from(answer.ret.count).unwrap_or(usize::MAX).saturating_sub(letters.len());
    if more > 0 && door.output == Output::Table {
        println!("… and {more} more");
    }
    Ok(ExitCode::SUCCESS)
}

fn row(letter: &DeadLetter) -> Vec<String> {
    vec![
        letter.dead_letter_id.to_string(),
        letter.master_id.clone().unwrap_or_else(|| "(forgotten)".to_owned()),
        letter.kind.clone(),
        time(Some(letter.at)),
        letter.tries.to_string(),
        letter.reason.clone(),
    ]
}

async fn one(door: &Door, id: i64) -> anyhow::Result<ExitCode> {
    let params = GetDeadLettersParams {
        dead_letter_id: Some(id),
        include_record: true,
        ..GetDeadLettersParams::default()
    };
    let answer = door.client()?.call::<GetDeadLetters>(&params).await?;
    warn(&answer.warnings);
    let Some(letter) = answer.ret.results.first() else { anyhow::bail!("there is no dead letter {id}") };
    show(door.output, letter, &["id", "master", "kind", "came", "tries", "reason"], || vec![row(letter)])?;
    if let (Output::Table, Some(record)) = (door.output, &letter.record) {
        line(&serde_json::to_string_pretty(record)?)?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Exit code 1 when some were refused again.
async fn replay(door: &Door, which: WhichDeadLetters) -> anyhow::Result<ExitCode> {
    let answer = door.client()?.call::<ReplayDeadLetters>(&which).await?;
    warn(&answer.warnings);
    let done = &answer.ret;
    show(door.output, done, &["id", "refused again"], || {
        done.results.iter().map(|one| vec![one.dead_letter_id.to_string(), one.reason.clone()]).collect()
    })?;
    if door.output == Output::Table {
        println!("{} taken, {} refused again", done.taken, done.refused);
    }
    Ok(ExitCode::from(u8::from(done.refused > 0)))
}

async fn delete(door: &Door, which: WhichDeadLetters) -> anyhow::Result<ExitCode> {
    let answer = door.client()?.call::<DeleteDeadLetters>(&which).await?;
    warn(&answer.warnings);
    show(door.output, &answer.ret, &["deleted"], || vec![vec![answer.ret.deleted.to_string()]])?;
    Ok(ExitCode::SUCCESS)
}
