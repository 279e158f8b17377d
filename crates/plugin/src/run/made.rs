//! The parts of a running plugin, made from what `run` has opened.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use raas_salt::{Keys, MasterConfig, Requests};
use raas_wire::Work;
use tokio::sync::{mpsc::UnboundedSender, watch};

use super::{Run, facts};
use crate::jobs::Jobs;
use crate::settings::Settings;
use crate::spool::Spool;
use crate::uplink::{Client, Declaration, Pace, Standing, Uplink};
use crate::watch::{self as watching, SaltNow, Watch};
use crate::work::{Parts, Worker, salt::RealSalt};

/// What is open.
pub(super) struct Made<'a> {
    pub(super) config: &'a MasterConfig,
    pub(super) settings: &'a Settings,
    pub(super) spool: Spool,
    pub(super) client: Arc<Client>,
    pub(super) jobs: Jobs,
    pub(super) requests: Requests,
    /// The master's main process.
    pub(super) main: String,
}

impl Made<'_> {
    pub(super) fn worker(&self, run: &Run) -> Arc<Worker> {
        let parts = Parts {
            salt: Arc::new(RealSalt {
                requests: self.requests.clone(),
                keys: Keys::new(self.config),
                config: Arc::new(self.config.clone()),
            }),
            claims: Arc::clone(&self.client) as _,
            jobs: self.jobs.clone(),
            recorder: self.spool.recorder(),
            clock: Arc::clone(&run.clock),
            random: Arc::clone(&run.random),
            main: self.main.clone(),
        };
        Worker::new(parts, self.spool.answered())
    }

    pub(super) fn watch(
        &self,
        run: &Run,
        salt: watch::Sender<SaltNow>,
        main_alive: Arc<AtomicBool>,
    ) -> Watch {
        Watch {
            config: Arc::new(self.config.clone()),
            requests: self.requests.clone(),
            jobs: self.jobs.clone(),
            recorder: self.spool.recorder(),
            clock: Arc::clone(&run.clock),
            salt,
            recorded_until: self.spool.heard_until(),
            cut_off: self.spool.begun().iter().filter(|run| run.main != self.main).cloned().collect(),
            main_alive: Arc::new(move || main_alive.load(Ordering::Relaxed)),
            pace: watching::Pace::default(),
        }
    }

    pub(super) fn uplink(
        &self,
        salt: watch::Receiver<SaltNow>,
        work: UnboundedSender<Work>,
        standing: watch::Sender<Standing>,
    ) -> Uplink {
        let settings = self.settings;
        let declaration = Declaration {
            master_id: self.config.id.clone(),
            cluster_id: settings.cluster_id.clone(),
            kind: settings.kind,
            facts: facts::of(self.config),
        };
        let pace = Pace { hold: settings.hold, key_check: settings.key_check, batch: settings.batch };
        let (client, spool) = (Arc::clone(&self.client), self.spool.clone());
        Uplink { client, declaration, spool, salt, work, standing, pace }
    }
}
