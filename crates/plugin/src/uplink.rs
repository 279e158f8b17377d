//! The way to the server: enrolment, held calls for work, claims, reports; signed both ways. What the work is, is not known here.

mod backoff;
mod client;
mod commands;
mod enrol;
mod pin;
mod reports;

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use raas_wire::{ClusterKind, HandBack, HandedBack, MasterFacts, MasterKeyState, Report, SaltState, Work};
use serde::{Deserialize, Serialize};
use tokio::sync::{mpsc, watch};
use tokio_util::sync::CancellationToken;

use crate::spool::Spool;
use crate::watch::SaltNow;

pub use client::{CallError, Client, Link};
pub use pin::{Pin, PinError};
pub use reports::BATCH_BYTES;

/// Who this master says it is.
#[derive(Clone, Debug)]
pub struct Declaration {
    /// The Salt master's `id`.
    pub master_id: String,
    /// Cluster id; none for a single master.
    pub cluster_id: Option<String>,
    /// Kind.
    pub kind: ClusterKind,
    /// The rest.
    pub facts: MasterFacts,
}

/// How it stands between this master and the server.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    /// One word: `starting`, `unreachable`, `pending`, `accepted`, `rejected`, `untrusted`.
    pub state: String,
    /// Why, and what to do.
    pub reason: String,
    /// Since when.
    pub since: Timestamp,
}

impl Standing {
    /// Before the first word of the server.
    pub fn starting(now: Timestamp) -> Self {
        Self { state: "starting".to_owned(), reason: String::new(), since: now }
    }
}

/// Everything the way to the server needs.
#[derive(Debug)]
pub struct Uplink {
    /// The signed client.
    pub client: Arc<Client>,
    /// Who this master says it is.
    pub declaration: Declaration,
    /// What is reported.
    pub spool: Spool,
    /// State of Salt.
    pub salt: watch::Receiver<SaltNow>,
    /// Where work goes.
    pub work: mpsc::UnboundedSender<Work>,
    /// Where it is said how it stands.
    pub standing: watch::Sender<Standing>,
    /// Settings of the calls.
    pub pace: Pace,
}

/// How often, how long, how much.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    /// How long a call for work is held; also the heartbeat.
    pub hold: Duration,
    /// How often a pending master asks again, at most.
    pub key_check: Duration,
    /// Records in one batch.
    pub batch: usize,
}

impl Uplink {
    /// Until `shutdown`: enrols, and while it is accepted, takes work and sends reports.
    pub async fn run(&self, shutdown: CancellationToken) {
        loop {
            let accepted = tokio::select! {
                () = shutdown.cancelled() => return,
                accepted = enrol::until_accepted(self) => accepted,
            };
            tracing::info!(master_uuid = ?accepted.master_uuid, "accepted by the server");
            let refused = tokio::select! {
                () = shutdown.cancelled() => return,
                refused = commands::keep(self) => refused,
                refused = reports::keep(self) => refused,
            };
            self.stand(MasterKeyState::Pending.as_str(), &refused);
        }
    }

    /// The last word: the server learns at once how it is with this master, work that comes with the answer goes back, and
    /// what is left in the spool goes out. All within `limit`; what does not go out stays in the spool.
    pub async fn farewell(&self, salt: SaltState, limit: Duration) {
        let last = async {
            if let Ok(commands) = commands::last(self, salt).await {
                self.give_back(commands.work).await;
            }
            reports::drain(self).await;
        };
        if self.standing.borrow().state == MasterKeyState::Accepted.as_str() {
            let _ = tokio::time::timeout(limit, last).await;
        }
    }

    async fn give_back(&self, work: Vec<Work>) {
        let now = self.client.clock().now();
        let back = |work: &Work| {
            let detail = "the master is stopping".to_owned();
            let back = HandedBack { delivery_id: work.delivery_id(), why: HandBack::Unreachable, detail };
            (now, Report::HandedBack(back))
        };
        if let Err(error) = self.spool.recorder().record(work.iter().map(back).collect()).await {
            tracing::warn!(%error, "work that came too late is not given back");
        }
    }

    fn stand(&self, state: &str, reason: &str) {
        let since = self.client.clock().now();
        self.standing.send_if_modified(|now| {
            if (now.state.as_str(), now.reason.as_str()) == (state, reason) {
                return false;
            }
            let since = if now.state == state { now.since } else { since };
            tracing::info!(state, reason, "standing with the server");
            *now = Standing { state: state.to_owned(), reason: reason.to_owned(), since };
            true
        });
    }

    /// A call failed, but not by a refusal of this master.
    fn failed(&self, error: &CallError) {
        self.stand(error.standing(), &error.to_string());
    }
}
