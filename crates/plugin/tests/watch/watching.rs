//! The plugin's watch beside a stand-in, with a real spool that the story reads.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use jiff::Timestamp;
use raas_plugin::clock::{Clock, SystemClock};
use raas_plugin::jobs::Jobs;
use raas_plugin::random::SystemRandom;
use raas_plugin::spool::{Begun, Limits, Options, Spool};
use raas_plugin::watch::{self, Pace, SaltNow, Watch};
use raas_salt::Requests;
use raas_wire::{Report, SaltState};
use tokio_util::sync::CancellationToken;

use super::Salt;

/// No story takes longer.
const PATIENCE: Duration = Duration::from_secs(20);

/// The minion whose returns say that the plugin listens.
const PROBE: &str = "probe";

/// What differs from story to story.
pub(super) struct Story {
    pub(super) recorded_until: Option<Timestamp>,
    /// Between the plugin's own pings.
    pub(super) ping: Duration,
    /// The master's clock.
    pub(super) clock: Arc<dyn Clock>,
    /// How many plugins were killed before: each finds the spool of the one before it as that one left it.
    pub(super) killed: usize,
    /// Runs that were asked of a main process that is no more.
    pub(super) cut_off: Vec<Begun>,
}

impl Default for Story {
    fn default() -> Self {
        Self {
            recorded_until: None,
            ping: Duration::from_secs(3600),
            clock: Arc::new(SystemClock),
            killed: 0,
            cut_off: Vec::new(),
        }
    }
}

/// A running watch.
pub(super) struct Watching {
    pub(super) jobs: Jobs,
    pub(super) salt: tokio::sync::watch::Receiver<SaltNow>,
    pub(super) main_alive: Arc<AtomicBool>,
    spool: Spool,
    path: PathBuf,
    /// What came and was not asked for yet, in order.
    reports: Vec<Report>,
    probes: u64,
    probed: u64,
    end: CancellationToken,
    task: tokio::task::JoinHandle<()>,
}

impl Watching {
    /// Beside this master, and listening already.
    pub(super) async fn beside(salt: &Salt) -> Self {
        Self::with(salt, Story::default()).await
    }

    pub(super) async fn with(salt: &Salt, options: Story) -> Self {
        let limits = Limits::default();
        let spool = Options { path: spool_of(salt, options.killed), limits };
        if options.killed > 0 {
            as_left(&spool_of(salt, options.killed - 1), &spool.path);
        }
        let path = spool.path.clone();
        let spool = Spool::open(spool, Arc::clone(&options.clock), Arc::new(SystemRandom)).unwrap();
        let (tell, told) = tokio::sync::watch::channel(SaltNow::default());
        let (jobs, main_alive) = (Jobs::default(), Arc::new(AtomicBool::new(true)));
        let alive = Arc::clone(&main_alive);
        let watch = Watch {
            config: Arc::new(salt.config.clone()),
            requests: Requests::new(&salt.config),
            jobs: jobs.clone(),
            recorder: spool.recorder(),
            clock: options.clock,
            salt: tell,
            recorded_until: options.recorded_until.or(spool.heard_until()),
            cut_off: options.cut_off,
            main_alive: Arc::new(move || alive.load(Ordering::Relaxed)),
            pace: pace(options.ping),
        };
        let end = CancellationToken::new();
        let task = tokio::spawn(watch::run(watch, end.clone()));
        let reports = Vec::new();
        let mut watching =
            Self { jobs, salt: told, main_alive, spool, path, reports, probes: 0, probed: 0, end, task };
        watching.listens(salt).await;
        watching
    }

    /// Fires returns until one of them is reported: everything fired before it has been taken, and from then on nothing
    /// on the bus is missed.
    pub(super) async fn listens(&mut self, salt: &Salt) {
        self.probes += 1;
        let jid = format!("1999{:016}", self.probes);
        let waiting = async {
            while self.probed != self.probes {
                salt.fire_return(&jid, PROBE, serde_json::json!(self.probes)).await;
                self.now_and_soon().await;
            }
        };
        tokio::time::timeout(PATIENCE, waiting).await.expect("the plugin never listened to the bus");
    }

    /// The first report that `wanted` takes, in order; it is taken out.
    pub(super) async fn report<T>(&mut self, what: &str, wanted: impl Fn(&Report) -> Option<T>) -> T {
        let end = tokio::time::Instant::now() + PATIENCE;
        loop {
            if let Some((at, found)) =
                self.reports.iter().enumerate().find_map(|(at, r)| Some((at, wanted(r)?)))
            {
                self.reports.remove(at);
                return found;
            }
            assert!(tokio::time::Instant::now() < end, "{what} was never reported, but {:#?}", self.reports);
            self.now_and_soon().await;
        }
    }

    /// What was reported and not asked for, once everything fired so far has been taken.
    pub(super) async fn rest(&mut self, salt: &Salt) -> Vec<Report> {
        self.listens(salt).await;
        std::mem::take(&mut self.reports)
    }

    /// Until when a plugin that takes its place would believe that everything is recorded, should it be killed now.
    pub(super) fn heard_until(&self) -> Option<Timestamp> {
        let copy = tempfile::tempdir().unwrap();
        let options = Options { path: copy.path().join("spool.db"), limits: Limits::default() };
        as_left(&self.path, &options.path);
        Spool::open(options, Arc::new(SystemClock), Arc::new(SystemRandom)).unwrap().heard_until()
    }

    /// What the server has committed so far.
    pub(super) async fn committed(&mut self) -> Vec<Report> {
        self.now_and_soon().await;
        std::mem::take(&mut self.reports)
    }

    /// Waits until Salt is said to be in a state.
    pub(super) async fn state(&mut self, wanted: SaltState) {
        let waiting = self.salt.wait_for(|salt| salt.state == wanted);
        tokio::time::timeout(PATIENCE, waiting).await.expect("the state never came").unwrap();
    }

    /// Takes what is in the spool; waits a moment when there is nothing.
    async fn now_and_soon(&mut self) {
        let Some(chunk) = self.spool.oldest(1000, 64 << 20).await.unwrap() else {
            return tokio::time::sleep(Duration::from_millis(20)).await;
        };
        let last = chunk.records.last().unwrap().n;
        for record in &chunk.records {
            match serde_json::from_str(record.report.as_str()).unwrap() {
                Report::Return(one) if one.minion_id == PROBE => {
                    self.probed = one.ret.as_str().parse().unwrap();
                }
                Report::Seen(seen) if seen.iter().all(|one| one.minion_id == PROBE) => {}
                report => self.reports.push(report),
            }
        }
        self.spool.committed(chunk.epoch, last).unwrap();
    }
}

impl Drop for Watching {
    fn drop(&mut self) {
        self.end.cancel();
        self.task.abort();
    }
}

fn spool_of(salt: &Salt, killed: usize) -> PathBuf {
    salt.path(&format!("spool-{killed}.db"))
}

/// The file as a crash leaves it.
fn as_left(from: &Path, to: &Path) {
    for tail in ["", "-wal"] {
        let name = |path: &Path| PathBuf::from(format!("{}{tail}", path.display()));
        // One that ended in order leaves none beside the file itself.
        if name(from).exists() {
            std::fs::copy(name(from), name(to)).unwrap();
        }
    }
}

fn pace(ping: Duration) -> Pace {
    let quick = Duration::from_millis(50);
    Pace {
        state: quick,
        answer: Duration::from_millis(300),
        keys: quick,
        grains: quick,
        ping,
        ping_wait: Duration::from_millis(700),
        settle: quick,
        cached: Duration::from_millis(500),
    }
}
