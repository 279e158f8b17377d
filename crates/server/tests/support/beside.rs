//! The real plugin's spool and uplink in this process: what is reported waits on disk until a server has committed it, and
//! goes on waiting while there is none. Knows no Salt: stories say what it reports.

use std::{sync::Arc, time::Duration};

use jiff::{SignedDuration, Timestamp};
use raas_plugin::{
    clock::{Clock, ServerTime, SystemClock},
    identity::Identity,
    random::SystemRandom,
    spool::{Limits, Options, Spool},
    uplink::{Client, Declaration, Link, Pace, Pin, Standing, Uplink},
    watch::SaltNow,
};
use raas_wire::{ClusterKind, MasterFacts, Report, SaltState, Work};
use tempfile::TempDir;
use tokio::{
    sync::{Mutex, mpsc, watch},
    task::JoinHandle,
};
use tokio_util::sync::CancellationToken;

use super::until;

/// The machine's clock, set wrong.
#[derive(Debug, Default)]
pub(crate) struct WrongClock {
    by: std::sync::Mutex<SignedDuration>,
    server: ServerTime,
}

impl WrongClock {
    /// From now on it is off by this.
    pub(crate) fn set(&self, seconds: i64) {
        *self.by.lock().unwrap() = SignedDuration::from_secs(seconds);
    }
}

impl Clock for WrongClock {
    fn now(&self) -> Timestamp {
        SystemClock.now().checked_add(*self.by.lock().unwrap()).unwrap()
    }

    fn server(&self) -> &ServerTime {
        &self.server
    }
}

/// A running plugin without a Salt master.
pub(crate) struct Beside {
    pub(crate) master_id: String,
    pub(crate) fingerprint: String,
    pub(crate) clock: Arc<WrongClock>,
    pub(crate) spool: Spool,
    standing: watch::Receiver<Standing>,
    work: Mutex<mpsc::UnboundedReceiver<Work>>,
    end: CancellationToken,
    _running: JoinHandle<()>,
    _salt: watch::Sender<SaltNow>,
    _dir: TempDir,
}

fn declaration(master_id: &str, cluster_id: &str, kind: ClusterKind) -> Declaration {
    Declaration {
        master_id: master_id.to_owned(),
        cluster_id: Some(cluster_id.to_owned()),
        kind,
        facts: MasterFacts { plugin_version: "0.1.0".to_owned(), ..MasterFacts::default() },
    }
}

impl Beside {
    /// Starts it; it enrols by itself.
    pub(crate) fn start(url: &str, master_id: &str, cluster_id: &str, kind: ClusterKind) -> Self {
        Self::keeping(url, master_id, cluster_id, kind, Limits::default())
    }

    /// The same with a spool that keeps no more than this.
    pub(crate) fn keeping(
        url: &str,
        master_id: &str,
        cluster_id: &str,
        kind: ClusterKind,
        limits: Limits,
    ) -> Self {
        let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
        let dir = tempfile::tempdir().unwrap();
        let (clock, random) = (Arc::new(WrongClock::default()), Arc::new(SystemRandom));
        let identity = Identity::load_or_make(&dir.path().join("key.pub"), &*random).unwrap();
        let fingerprint = identity.fingerprint.clone();
        let file = Options { path: dir.path().join("spool.db"), limits };
        let spool = Spool::open(file, clock.clone(), random.clone()).unwrap();
        let link = Link {
            server: url.to_owned(),
            validate: true,
            timeout: Duration::from_secs(20),
            identity,
            pin: Pin::load(&dir.path().join("server.pub")).unwrap(),
            clock: clock.clone(),
            random,
        };
        let (salt, salt_now) = watch::channel(SaltNow { state: SaltState::Answering, connections: None });
        let (work_out, work) = mpsc::unbounded_channel();
        let (told, standing) = watch::channel(Standing::starting(clock.now()));
        let pace = Pace { hold: Duration::from_secs(5), key_check: Duration::from_secs(1), batch: 50 };
        let uplink = Uplink {
            client: Arc::new(Client::new(link).unwrap()),
            declaration: declaration(master_id, cluster_id, kind),
            spool: spool.clone(),
            salt: salt_now,
            work: work_out,
            standing: told,
            pace,
        };
        let end = CancellationToken::new();
        let until = end.clone();
        let running = tokio::spawn(async move { uplink.run(until).await });
        Self {
            master_id: master_id.to_owned(),
            fingerprint,
            clock,
            spool,
            standing,
            work: Mutex::new(work),
            end,
            _running: running,
            _salt: salt,
            _dir: dir,
        }
    }

    /// Returns when it is safely on this master's disk, whether a server is there or not.
    pub(crate) async fn report(&self, reports: impl IntoIterator<Item = Report>) {
        let now = self.clock.now();
        let all = reports.into_iter().map(|report| (now, report)).collect();
        self.spool.recorder().record(all).await.unwrap();
    }

    /// Waits until it stands like this with the server; returns the reason.
    pub(crate) async fn stands(&self, state: &str) -> String {
        until(&format!("{} is {state}", self.master_id), async || {
            let now = self.standing.borrow().clone();
            if now.state == state { Ok(now.reason) } else { Err(format!("{now:?}")) }
        })
        .await
    }

    /// How it stands now.
    pub(crate) fn standing(&self) -> Standing {
        self.standing.borrow().clone()
    }

    /// Records that wait in the spool.
    pub(crate) fn waiting(&self) -> u64 {
        self.spool.depth().borrow().records
    }

    /// Waits until the server has everything.
    pub(crate) async fn drained(&self) {
        until(&format!("the spool of {} is empty", self.master_id), async || {
            let left = self.waiting();
            if left == 0 { Ok(()) } else { Err(format!("{left} records; {:?}", self.standing())) }
        })
        .await;
    }

    /// The next work it is given.
    pub(crate) async fn work(&self) -> Work {
        let next = async { self.work.lock().await.recv().await.unwrap() };
        tokio::time::timeout(super::PATIENCE, next).await.expect("no work came")
    }
}

impl Drop for Beside {
    fn drop(&mut self) {
        self.end.cancel();
    }
}
