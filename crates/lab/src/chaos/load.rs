//! The load: jobs through the real API and at the masters' keyboards, runners through the API, at an even pace whatever breaks.
//! Each carries a token of its own, so that a call whose answer was lost is known again.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use raas_api::cmd::{RouteCmd, RouteCmdArg, RouteCmdParams, RouteTarget, TargetText};
use raas_api::{CommandKind, Jid};
use raas_lab::sim;
use raas_lab::sim::Dice;
use raas_lab::sim::line::Job;
use raas_lab::sim::minions::Order;
use serde_json::json;
use tokio_util::sync::CancellationToken;

use super::Options;
use super::fleet::{Cluster, Fleet};

/// Between looks at the clock.
const STEP: Duration = Duration::from_millis(20);
/// Between two runners of a cluster.
const RUNNERS: (u64, u64) = (700, 2500);

/// What was sent.
#[derive(Debug, Default)]
pub(crate) struct Issued {
    /// API jobs by token: the jid, unless the call had no clear answer.
    pub(crate) jobs: Mutex<BTreeMap<String, Option<Jid>>>,
    /// The same of runners.
    pub(crate) runners: Mutex<BTreeMap<String, Option<Jid>>>,
    /// Tokens of jobs that somebody published at a master.
    pub(crate) cli: Mutex<BTreeMap<String, String>>,
    number: AtomicU64,
    micros: AtomicU64,
}

impl Issued {
    fn token(&self, kind: &str, cluster: &str) -> String {
        format!("{kind}-{cluster}-{}", self.number.fetch_add(1, Ordering::Relaxed))
    }

    /// A jid as Salt makes them, each greater than the one before.
    fn jid(&self) -> String {
        let now = u64::try_from(sim::salt::now().as_microsecond()).unwrap_or_default();
        let last = self.micros.fetch_max(now, Ordering::Relaxed).max(now);
        let next = if last > now { self.micros.fetch_add(1, Ordering::Relaxed) + 1 } else { now };
        let at =
            jiff::Timestamp::from_microsecond(i64::try_from(next).unwrap_or_default()).unwrap_or_default();
        sim::salt::jid(at)
    }
}

/// Locks, whoever panicked before.
pub(crate) fn locked<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The load on one cluster, until it is told to end.
pub(crate) async fn jobs(
    fleet: Arc<Fleet>,
    at: usize,
    issued: Arc<Issued>,
    options: Options,
    end: CancellationToken,
) {
    let cluster = &fleet.clusters[at];
    let mut dice = Dice::named(options.seed, &format!("load {}", cluster.id));
    let share = usize::try_from(options.returns).unwrap_or(usize::MAX) / fleet.clusters.len().max(1);
    let length = options.length().as_millis().max(1);
    let due =
        |passed: Duration| usize::try_from(share as u128 * passed.as_millis() / length).unwrap_or(share);
    let (start, mut planned) = (Instant::now(), 0);
    let api = tokio::sync::Semaphore::new(1);
    let api = Arc::new(api);
    while !end.is_cancelled() && planned < share {
        tokio::time::sleep(STEP).await;
        while planned < due(start.elapsed()).min(share) {
            let free = Arc::clone(&api).try_acquire_owned();
            let (target, minions) = target(&mut dice, cluster);
            match free {
                Ok(permit) if dice.percent(60) => {
                    planned += minions;
                    let (fleet, issued) = (Arc::clone(&fleet), Arc::clone(&issued));
                    tokio::spawn(async move {
                        send(&fleet, at, &issued, target).await;
                        drop(permit);
                    });
                }
                _ => planned += keyboard(&mut dice, cluster, &issued),
            }
        }
    }
}

/// Runners on one cluster.
pub(crate) async fn runners(
    fleet: Arc<Fleet>,
    at: usize,
    issued: Arc<Issued>,
    seed: u64,
    end: CancellationToken,
) {
    let cluster = &fleet.clusters[at];
    let mut dice = Dice::named(seed, &format!("runners {}", cluster.id));
    while !end.is_cancelled() {
        tokio::time::sleep(dice.ms(RUNNERS.0, RUNNERS.1)).await;
        let token = issued.token("run", &cluster.id);
        let params = RouteCmdParams {
            cmd: Some(CommandKind::Runner),
            fun: Some("chaos.run".to_owned()),
            masters: Some(vec![cluster.id.clone()]),
            arg: Some(argument(&token)),
            ..Default::default()
        };
        let jid = call(&fleet, &params).await;
        locked(&issued.runners).insert(token, jid);
    }
}

async fn send(fleet: &Fleet, at: usize, issued: &Issued, target: RouteTarget) {
    let cluster = &fleet.clusters[at];
    let token = issued.token("api", &cluster.id);
    let params = RouteCmdParams {
        fun: Some("chaos.work".to_owned()),
        tgt: Some(BTreeMap::from([(cluster.id.clone(), target)])),
        arg: Some(argument(&token)),
        ..Default::default()
    };
    let jid = call(fleet, &params).await;
    locked(&issued.jobs).insert(token, jid);
}

/// None: the call failed, or its answer was lost. It is never repeated, so that it may happen once or not at all.
async fn call(fleet: &Fleet, params: &RouteCmdParams) -> Option<Jid> {
    let api = fleet.api().await.ok()?;
    let called = api.call::<RouteCmd>(params);
    tokio::time::timeout(Duration::from_secs(20), called).await.ok()?.ok()
}

fn argument(token: &str) -> RouteCmdArg {
    RouteCmdArg { arg: Some(vec![json!(token)]), kwarg: None }
}

/// All, some by name, or some by a glob; with how many that is.
fn target(dice: &mut Dice, cluster: &Cluster) -> (RouteTarget, usize) {
    let ids = cluster.book.minions();
    match dice.below(10) {
        0..=1 => {
            let mut ids = ids.to_vec();
            dice.shuffle(&mut ids);
            ids.truncate(1 + dice.below(ids.len()));
            let count = ids.len();
            (RouteTarget { tgt: TargetText::List(ids), tgt_type: "list".to_owned() }, count)
        }
        2 => {
            let prefix = format!("{}-000", cluster.id);
            let count = ids.iter().filter(|id| id.starts_with(&prefix)).count();
            (RouteTarget::glob(&format!("{prefix}*")), count)
        }
        _ => (RouteTarget::glob("*"), ids.len()),
    }
}

/// Somebody publishes on a master: mostly to those who are there.
fn keyboard(dice: &mut Dice, cluster: &Cluster, issued: &Issued) -> usize {
    let (token, jid) = (issued.token("cli", &cluster.id), issued.jid());
    let master = dice.below(cluster.masters.len());
    let all = dice.percent(2);
    locked(&issued.cli).insert(token.clone(), jid.clone());
    let ids = cluster.book.minions();
    let job = Job {
        jid,
        fun: "chaos.cli".to_owned(),
        arg: json!([token]),
        tgt: json!("*"),
        tgt_type: "glob".to_owned(),
        user: "root".to_owned(),
        metadata: None,
        minions: if all { ids.to_vec() } else { Vec::new() },
    };
    cluster.minions.tell(Order::Cli(master, Box::new(job)));
    if cluster.failover { ids.len() / cluster.masters.len() } else { ids.len() }
}
