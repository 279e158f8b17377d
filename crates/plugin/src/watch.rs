//! Turns what happens at the Salt master into reports: the event bus, keys, grains, who is connected, whether it answers.
//! What the server asks for is done in `work`; how reports reach it is `spool` and `uplink`.
//!
//! Each part is a task of its own and nudges the others; everything that comes from a minion is taken as untrusted.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use raas_salt::{MasterConfig, Requests};
use raas_wire::{Report, SaltState};
use tokio::sync::{Notify, mpsc, watch};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::clock::Clock;
use crate::jobs::Jobs;
use crate::spool::{Begun, Recorder, SpoolError};

mod beat;
mod grains;
mod heard;
mod job_seen;
mod keys;
mod listen;
mod orphan;
mod ping;
mod recover;
pub(crate) mod returns;
mod signs;
mod tag;

/// How Salt is doing now: for the heartbeat.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SaltNow {
    /// Its state.
    pub state: SaltState,
    /// Established connections on the publish port, where they can be counted.
    pub connections: Option<u32>,
}

impl Default for SaltNow {
    /// Before the first look.
    fn default() -> Self {
        Self { state: SaltState::Gone, connections: None }
    }
}

/// How often things are looked at.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    /// Between pings of the request port.
    pub state: Duration,
    /// How long the request port may take.
    pub answer: Duration,
    /// Between looks at the directories of keys.
    pub keys: Duration,
    /// Between looks at the grains cache.
    pub grains: Duration,
    /// Between pings of minions, at least; more where there are many.
    pub ping: Duration,
    /// How long minions have to answer one.
    pub ping_wait: Duration,
    /// How long things may settle before a nudge is followed.
    pub settle: Duration,
    /// How much later than on the bus a return may come into the job cache.
    pub cached: Duration,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            state: Duration::from_secs(2),
            answer: Duration::from_secs(3),
            keys: Duration::from_secs(2),
            grains: Duration::from_secs(15),
            ping: Duration::from_secs(60),
            ping_wait: Duration::from_secs(5),
            settle: Duration::from_secs(1),
            cached: Duration::from_secs(5),
        }
    }
}

/// Whether the master's main process lives; `run` knows how to tell.
pub type MainAlive = Arc<dyn Fn() -> bool + Send + Sync>;

/// What watching needs.
#[derive(Clone)]
pub struct Watch {
    /// The master.
    pub config: Arc<MasterConfig>,
    /// Its request port.
    pub requests: Requests,
    /// Whose jobs are whose.
    pub jobs: Jobs,
    /// Where reports go.
    pub recorder: Recorder,
    /// The master's clock.
    pub clock: Arc<dyn Clock>,
    /// Where the state of Salt is told.
    pub salt: watch::Sender<SaltNow>,
    /// Until when an earlier run of the plugin had recorded everything ([`crate::spool::Spool::heard_until`]): what passed
    /// since then is a gap, and its returns are fetched from the job cache.
    pub recorded_until: Option<Timestamp>,
    /// Runs that were asked of a main process of the master that is no more.
    pub cut_off: Vec<Begun>,
    /// Whether the master's main process lives.
    pub main_alive: MainAlive,
    /// How often things are looked at.
    pub pace: Pace,
}

impl std::fmt::Debug for Watch {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Watch").field("master", &self.config.id).finish_non_exhaustive()
    }
}

/// What the parts of watching tell each other.
#[derive(Clone, Debug)]
struct Nudges {
    keys: Arc<Notify>,
    ping: Arc<Notify>,
    /// Minions whose grains may have changed; an overflow is no harm, since all are looked at now and then.
    grains: mpsc::Sender<String>,
}

/// Watches until `shutdown`. Ends early only when the spool is closed.
pub async fn run(watch: Watch, shutdown: CancellationToken) {
    let (grains, refreshed) = mpsc::channel(1024);
    let nudges = Nudges { keys: Arc::default(), ping: Arc::default(), grains };
    let tasks = TaskTracker::new();
    // One part ends only with all of them.
    let end = shutdown.child_token();
    let part = |part: &'static str, task: futures_util::future::BoxFuture<'static, ()>| {
        let end = end.clone();
        tasks.spawn(async move {
            let guard = end.clone().drop_guard();
            end.run_until_cancelled(task).await;
            tracing::debug!(part, "stopped watching");
            drop(guard);
        });
    };
    part("bus", Box::pin(listen::run(watch.clone(), nudges.clone())));
    part("keys", Box::pin(keys::run(watch.clone(), nudges.keys.clone())));
    part("grains", Box::pin(grains::run(watch.clone(), refreshed)));
    part("ping", Box::pin(ping::run(watch.clone(), nudges.ping.clone())));
    part("state", Box::pin(beat::run(watch, nudges.ping)));
    tasks.close();
    tasks.wait().await;
}

impl Watch {
    /// Records reports. When there is no room at all, returns wait until there is; of anything else the spool itself
    /// reports a gap. An error means that the spool is closed.
    async fn record(&self, mut reports: Vec<(Timestamp, Report)>) -> Result<(), SpoolError> {
        loop {
            match self.recorder.record(reports.clone()).await {
                Err(SpoolError::Full) => {
                    reports.retain(|(_, report)| matches!(report, Report::Return(_)));
                    tokio::time::sleep(Duration::from_secs(1)).await;
                }
                Err(SpoolError::Encode(error)) => {
                    tracing::error!(%error, "reports that cannot be encoded are left out");
                    return Ok(());
                }
                result => return result,
            }
        }
    }

    /// Records one report, now.
    async fn record_now(&self, report: Report) -> Result<(), SpoolError> {
        self.record(vec![(self.clock.now(), report)]).await
    }
}

/// Runs a look at files off the async threads; `None` when it panicked.
async fn off_thread<T: Send + 'static>(look: impl FnOnce() -> T + Send + 'static) -> Option<T> {
    tokio::task::spawn_blocking(look).await.ok()
}
