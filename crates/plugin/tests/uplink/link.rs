//! The plugin's side: an uplink with a real spool, whose standing and work the story waits for.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use raas_plugin::clock::{Clock as _, SystemClock};
use raas_plugin::identity::Identity;
use raas_plugin::random::SystemRandom;
use raas_plugin::spool::{Limits, Options, Spool};
use raas_plugin::uplink::{Client, Declaration, Link, Pace, Pin, Standing, Uplink};
use raas_plugin::watch::SaltNow;
use raas_wire::{ClusterKind, Gap, MasterFacts, Report, SaltState, Work};
use tokio::sync::{mpsc, watch};
use tokio_util::sync::CancellationToken;

use super::server::Server;

const PATIENCE: Duration = Duration::from_secs(20);

/// A report that can be told from others.
pub(super) fn note(n: u64) -> Report {
    let at = jiff::Timestamp::UNIX_EPOCH;
    Report::Gap(Gap { from: at, to: at, count: Some(n), why: "a note".to_owned() })
}

pub(super) struct Plugin {
    dir: tempfile::TempDir,
    spool: Spool,
    parts: Parts,
}

struct Parts {
    uplink: Arc<Uplink>,
    standing: watch::Receiver<Standing>,
    salt: watch::Sender<SaltNow>,
    work: mpsc::UnboundedReceiver<Work>,
    end: CancellationToken,
    task: Option<tokio::task::JoinHandle<()>>,
}

impl Plugin {
    pub(super) fn start(server: &Server) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let options = Options { path: dir.path().join("spool.db"), limits: Limits::default() };
        let spool = Spool::open(options, Arc::new(SystemClock), Arc::new(SystemRandom)).unwrap();
        let parts = Parts::start(server, dir.path(), &spool);
        Self { dir, spool, parts }
    }

    pub(super) fn start_again(&mut self, server: &Server) {
        self.parts = Parts::start(server, self.dir.path(), &self.spool);
    }

    pub(super) fn pin_file(&self) -> PathBuf {
        self.dir.path().join("server.pub")
    }

    pub(super) async fn stands(&mut self, state: &str) -> Standing {
        let now = self.parts.standing.clone();
        let standing = self.parts.standing.wait_for(|now| now.state == state);
        let standing = tokio::time::timeout(PATIENCE, standing).await;
        standing.unwrap_or_else(|_| panic!("it is never {state}, but {:?}", now.borrow())).unwrap().clone()
    }

    pub(super) async fn record(&self, report: Report) {
        self.record_together(vec![report]).await;
    }

    pub(super) async fn record_together(&self, reports: Vec<Report>) {
        let reports = reports.into_iter().map(|report| (SystemClock.now(), report)).collect();
        self.spool.recorder().record(reports).await.unwrap();
    }

    pub(super) async fn work(&mut self) -> Work {
        tokio::time::timeout(PATIENCE, self.parts.work.recv()).await.unwrap().unwrap()
    }

    pub(super) fn no_work(&mut self) -> bool {
        self.parts.work.try_recv().is_err()
    }

    pub(super) fn salt(&self, state: SaltState) {
        self.parts.salt.send_replace(SaltNow { state, connections: None });
    }

    /// Waits until the spool is empty.
    pub(super) async fn forgot_everything(&self) {
        let mut depth = self.spool.depth();
        let empty = depth.wait_for(|depth| depth.records == 0);
        tokio::time::timeout(PATIENCE, empty).await.unwrap().unwrap();
    }

    pub(super) async fn end(&mut self) {
        self.parts.end.cancel();
        if let Some(task) = self.parts.task.take() {
            task.await.unwrap();
        }
    }

    pub(super) async fn farewell(&self, salt: SaltState, limit: Duration) {
        self.parts.uplink.farewell(salt, limit).await;
    }
}

impl Parts {
    fn start(server: &Server, dir: &std::path::Path, spool: &Spool) -> Self {
        let (clock, random) = (Arc::new(SystemClock), Arc::new(SystemRandom));
        let client = Client::new(Link {
            server: server.url.clone(),
            validate: true,
            timeout: Duration::from_secs(5),
            identity: Identity::load_or_make(&dir.join("sseapi_key.pub"), &*random).unwrap(),
            pin: Pin::load(&dir.join("server.pub")).unwrap(),
            clock,
            random,
        });
        let declaration = Declaration {
            master_id: "m1".to_owned(),
            cluster_id: Some("eu-web".to_owned()),
            kind: ClusterKind::Failover,
            facts: MasterFacts::default(),
        };
        let (salt_out, salt) = watch::channel(SaltNow { state: SaltState::Answering, connections: None });
        let (work_out, work) = mpsc::unbounded_channel();
        let (standing_out, standing) = watch::channel(Standing::starting(SystemClock.now()));
        let uplink = Arc::new(Uplink {
            client: Arc::new(client.unwrap()),
            declaration,
            spool: spool.clone(),
            salt,
            work: work_out,
            standing: standing_out,
            pace: Pace { hold: Duration::from_secs(10), key_check: Duration::from_secs(1), batch: 100 },
        });
        let end = CancellationToken::new();
        let task = tokio::spawn({
            let (uplink, end) = (Arc::clone(&uplink), end.clone());
            async move { uplink.run(end).await }
        });
        Self { uplink, standing, salt: salt_out, work, end, task: Some(task) }
    }
}

impl Drop for Parts {
    fn drop(&mut self) {
        self.end.cancel();
    }
}
