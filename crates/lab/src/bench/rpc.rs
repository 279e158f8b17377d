//! `bench rpc`: calls per second of the real server, beside salt-api's `local_async` and a bare loop of publishes to the same
//! master, in one run. What is compared with is in `rivals`.

mod rivals;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::ExitCode;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use raas_api::CommandKind;
use raas_api::cmd::{RouteCmd, RouteCmdParams, RouteTarget};
use raas_lab::{Api, Bins, ClusterSpec, Stage, salt_venv, tree, wait};
use rustix::process::Signal;
use serde_json::json;
use tokio::sync::Mutex;

use super::figures::Figures;
use rivals::{Bare, SaltApiPlace};

const CLUSTER: &str = "bench";
/// Clients at once, each with a connection that is kept.
const CLIENTS: usize = 8;
/// Jobs that a second of the bare loop is worth in a round through raas: less than what expires unpublished.
const SECONDS_OF_JOBS: f64 = 8.0;
/// For all of them to be published.
const PATIENCE: Duration = Duration::from_mins(2);
/// Seconds in which nobody asks the minion, which is gone, about them.
const UNASKED: u32 = 3600;
/// Goals: jobs accepted beside salt-api, and published beside the bare loop.
const GOALS: (f64, f64) = (100.0, 0.8);

/// What came of one round, per second.
#[derive(Clone, Copy, Debug, Default)]
struct Round {
    echo: f64,
    accepted: f64,
    published: f64,
    bare: f64,
    salt_api: f64,
}

/// Measures, and prints ratios with the figures behind them; fails when one misses its goal.
pub(crate) async fn rpc(
    bins: &Bins,
    cache: &Path,
    version: &str,
    (rounds, seconds): (usize, u64),
) -> Result<ExitCode> {
    let mut say = |step: &str| eprintln!("{step}");
    let venv = salt_venv(version, cache, &mut say)?;
    let port = raas_lab::net::free_port()?;
    let mut spec = ClusterSpec::failover(CLUSTER, 1, 1);
    // As many as Salt itself starts by default.
    spec.worker_threads = 5;
    spec.master_extra = rivals::master_settings(port);
    let mut stage = Stage::set(bins, venv.clone(), vec![spec], &mut say).await?;
    let cluster = stage.salt.cluster(CLUSTER)?;
    cluster.minions_answer().await?;
    // It is known and accepted, and takes no processor time from those that are measured.
    cluster.minion(1).kill_tree();
    let (config, dir) = (cluster.master(1).config_dir(), cluster.master(1).dir().to_owned());
    let rival = SaltApiPlace { venv: &venv, cache, config: &config, dir: &dir, port };
    let mut failures = 0;
    let bare = Bare::of(&config)?;
    let plugin = Plugin(cluster.master(1).plugin());
    let length = Duration::from_secs(seconds);
    let mut all = Vec::new();
    for number in 0..=rounds {
        eprintln!("round {}", if number == 0 { "not counted".to_owned() } else { number.to_string() });
        let round = round(&stage.api, (&bare, &plugin), (&rival, &mut failures), length).await?;
        eprintln!("  {round:.1?}");
        all.extend((number > 0).then_some(round));
    }
    println!("\nsalt-api answered 500 to {failures} calls, which count as none");
    Ok(print(version, &all))
}

async fn round(
    api: &Api,
    (bare, plugin): (&Bare, &Plugin),
    (rival, failures): (&SaltApiPlace<'_>, &mut u32),
    length: Duration,
) -> Result<Round> {
    // It leaves before anything else is measured: its clients stay on the master's event bus otherwise.
    let salt_api = rival.start().await?;
    let local_async = rate(length, || salt_api.local_async()).await?;
    *failures += salt_api.failures();
    drop(salt_api);
    let echo = rate(length, || async { echo(api).await.map(|()| true) }).await?;
    let loops = rate(length, || async { bare.publish().await.map(|()| true) }).await?;
    let (accepted, published) = Box::pin(jobs(api, bare, plugin, whole(loops * SECONDS_OF_JOBS))).await?;
    Ok(Round { echo, accepted, published, bare: loops, salt_api: local_async })
}

/// Calls per second of [`CLIENTS`] clients side by side that did what was asked for.
async fn rate<F: Future<Output = Result<bool>>>(length: Duration, call: impl Fn() -> F) -> Result<f64> {
    let (start, calls) = (Instant::now(), AtomicUsize::new(0));
    let client = || async {
        while start.elapsed() < length {
            calls.fetch_add(usize::from(call().await?), Ordering::Relaxed);
        }
        anyhow::Ok(())
    };
    side_by_side(client).await?;
    Ok(float(calls.into_inner()) / start.elapsed().as_secs_f64())
}

async fn side_by_side<F: Future<Output = Result<()>>>(client: impl Fn() -> F) -> Result<()> {
    let four = || async { tokio::try_join!(client(), client(), client(), client()).map(drop) };
    tokio::try_join!(four(), four()).map(drop)
}

async fn echo(api: &Api) -> Result<()> {
    api.raw("test", "echo", json!({"message": "hello"})).await.context("test.echo").map(drop)
}

/// So many jobs. Accepted per second while the master has nothing to do, as it was for everybody else; then published per
/// second from the first on, until Salt's own job cache has all of them.
async fn jobs(api: &Api, bare: &Bare, plugin: &Plugin, count: usize) -> Result<(f64, f64)> {
    let (left, jids) = (AtomicUsize::new(count), Mutex::new(BTreeSet::new()));
    let client = || async {
        let take =
            || left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1)).is_ok();
        while take() {
            let jid = api.call::<RouteCmd>(&ping()).await?;
            jids.lock().await.insert(jid.to_string());
        }
        anyhow::Ok(())
    };
    plugin.freeze();
    let accepting = Instant::now();
    let accepted = side_by_side(client).await.map(|()| accepting.elapsed());
    plugin.thaw();
    let (accepted, publishing, jids) = (accepted?, Instant::now(), jids.into_inner());
    // Published in their order, about: the first ones are looked for first.
    let missing = std::sync::Mutex::new(jids.into_iter().rev().collect::<Vec<_>>());
    wait::until("every job to be published", PATIENCE, || async {
        let mut missing = missing.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        bare.found(&mut missing);
        if missing.is_empty() { Ok(()) } else { Err(format!("{} of {count} are not", missing.len())) }
    })
    .await?;
    let published = publishing.elapsed();
    Ok((float(count) / accepted.as_secs_f64(), float(count) / published.as_secs_f64()))
}

/// The processes of the master's plugin.
struct Plugin(Vec<u32>);

impl Plugin {
    fn freeze(&self) {
        tree::signal(&self.0, Signal::STOP);
    }

    fn thaw(&self) {
        tree::signal(&self.0, Signal::CONT);
    }
}

fn ping() -> RouteCmdParams {
    RouteCmdParams {
        cmd: Some(CommandKind::Local),
        fun: Some("test.ping".to_owned()),
        tgt: Some(BTreeMap::from([(CLUSTER.to_owned(), RouteTarget::glob("*"))])),
        timeout: Some(UNASKED),
        ..RouteCmdParams::default()
    }
}

fn print(version: &str, rounds: &[Round]) -> ExitCode {
    let of = |what: fn(&Round) -> f64| Figures::of(rounds.iter().map(what).collect()).percentile(50);
    let (accepted, published) = (of(|round| round.accepted), of(|round| round.published));
    // A loop that stood still in a round says nothing of what the master takes: its best round does.
    let bare = rounds.iter().map(|round| round.bare).fold(f64::NAN, f64::max);
    println!(
        "\nOne master of Salt {version}, {CLIENTS} clients, medians of {} rounds, a second:",
        rounds.len()
    );
    println!("{:>10.1}  test.echo", of(|round| round.echo));
    println!("{accepted:>10.1}  cmd.route_cmd, accepted and committed");
    println!("{:>10.1}  salt-api (rest_cherrypy) local_async", of(|round| round.salt_api));
    println!("{published:>10.1}  published to the master by the plugin, until Salt's job cache has all");
    println!("{bare:>10.1}  published to the same master in a bare loop, its best round");
    let faster = met("accepted / salt-api", of(|round| round.accepted / round.salt_api), GOALS.0);
    let as_fast = met("published / bare loop", published / bare, GOALS.1);
    if faster && as_fast { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn met(what: &str, ratio: f64, goal: f64) -> bool {
    println!("{what}: {ratio:.2} (goal {goal}: {})", if ratio >= goal { "met" } else { "MISSED" });
    ratio >= goal
}

fn float(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a small number of jobs")]
fn whole(count: f64) -> usize {
    count.max(1.0) as usize
}
