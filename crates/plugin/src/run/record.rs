//! Keeps the status file fresh: at every change of standing or Salt, and now and then for the rest.

use std::sync::Arc;
use std::time::Duration;

use raas_salt::MasterConfig;
use tokio::sync::watch::Receiver;

use crate::clock::Clock;
use crate::settings::Settings;
use crate::spool::Depth;
use crate::status::Status;
use crate::uplink::Standing;
use crate::watch::SaltNow;

/// How old the file gets at most.
const OLDEST: Duration = Duration::from_secs(10);

pub(super) struct Board {
    path: std::path::PathBuf,
    status: Status,
    clock: Arc<dyn Clock>,
}

impl Board {
    pub(super) fn new(config: &MasterConfig, settings: &Settings, clock: Arc<dyn Clock>) -> Self {
        let now = clock.now();
        let status = Status {
            pid: std::process::id(),
            at: now,
            plugin_version: env!("CARGO_PKG_VERSION").to_owned(),
            salt_version: config.salt_version.clone(),
            master_id: config.id.clone(),
            cluster_id: settings.cluster_id.clone(),
            kind: settings.kind,
            server: settings.server.clone(),
            standing: Standing::starting(now),
            salt: SaltNow::default().state,
            spool_records: 0,
            spool_oldest: None,
        };
        Self { path: settings.places.status.clone(), status, clock }
    }

    pub(super) async fn keep(
        mut self,
        mut standing: Receiver<Standing>,
        mut salt: Receiver<SaltNow>,
        depth: Receiver<Depth>,
    ) {
        loop {
            let waiting = *depth.borrow();
            let status = &mut self.status;
            status.at = self.clock.now();
            status.standing = standing.borrow_and_update().clone();
            status.salt = salt.borrow_and_update().state;
            (status.spool_records, status.spool_oldest) = (waiting.records, waiting.oldest);
            let (status, path) = (status.clone(), self.path.clone());
            let written = tokio::task::spawn_blocking(move || status.write(&path)).await;
            if let Ok(Err(error)) = written {
                tracing::debug!(%error, "the status file cannot be written");
            }
            let state = self.status.salt;
            tokio::select! {
                _ = standing.changed() => {}
                _ = salt.wait_for(|now| now.state != state) => {}
                () = tokio::time::sleep(OLDEST) => {}
            }
        }
    }
}
