//! Stories on real Salt: a cast of clusters set up once, then one story after the other.
//!
//! `RAAS_LAB_SALT` names the version (3006.30 when it does not); `cargo xtask test --all-salt` tells all on three.

/// Tells stories one after the other on one stage, each with its name and time.
macro_rules! tell {
    ($stage:ident: $($story:path),+ $(,)?) => {
        $(if $crate::real_salt::is_wanted(stringify!($story)) {
            let start = std::time::Instant::now();
            eprintln!("  story: {}", stringify!($story).replace('_', " "));
            $story(&mut $stage).await;
            eprintln!("         {:.1} s", start.elapsed().as_secs_f64());
        })+
    };
}

mod after_a_kill;
mod answers;
mod clusters;
mod control;
mod frozen;
mod in_flight;
mod keys;
mod other_masters;
mod plugin_killed;
mod readiness;
mod refusals;
mod runners;
mod saved;
mod schedules;
mod spool;
mod targets;
mod the_lab_itself;
mod the_main_job;
mod trace;
mod whatever_dies;

use std::time::Duration;

use raas_api::cmd::CmdDetail;
use raas_client::Answer;
use raas_lab::{Stage, Venv, bins, salt_venv, venv};
use serde_json::Value;

/// The failover cluster of the cast.
const WEB: &str = "eu-web";
/// The hot-hot cluster of the cast.
const DB: &str = "eu-db";
/// Minions of each.
const MINIONS: usize = 3;
/// Patience with a job, or with presence, on a busy machine.
const PATIENCE: Duration = Duration::from_mins(5);

/// Real Salt of the version that is asked for.
#[allow(
    clippy::disallowed_methods,
    reason = "a test binary's main is libtest's; its environment is read here"
)]
fn salt() -> Venv {
    let version = std::env::var("RAAS_LAB_SALT").unwrap_or_else(|_| venv::SALT_3006.to_owned());
    salt_venv(&version, &bins::cache_dir(), &mut |step| eprintln!("{step}")).unwrap()
}

/// Calls a method by its name, with parameters by theirs, as `job.save_job`.
async fn call(stage: &Stage, name: &str, kwarg: Value) -> Answer<Value> {
    let (resource, method) = name.split_once('.').unwrap();
    stage.api.raw(resource, method, kwarg).await.unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// Minion ids, in order.
fn ids(outcomes: &[CmdDetail]) -> Vec<&str> {
    let mut ids: Vec<&str> = outcomes.iter().map(|outcome| outcome.minion_id.as_str()).collect();
    ids.sort_unstable();
    ids
}

/// `RAAS_LAB_STORY` names what is told, as `frozen` or `runners a_wheel`: parts of the names of stories. All without it.
#[allow(
    clippy::disallowed_methods,
    reason = "a test binary's main is libtest's; its environment is read here"
)]
fn is_wanted(story: &str) -> bool {
    std::env::var("RAAS_LAB_STORY").map_or(true, |names| names.split(' ').any(|name| story.contains(name)))
}
