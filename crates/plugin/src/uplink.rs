//! The way to the server: enrolment, held calls for work, claims, reports; signed both ways. What the work is, is not known here.

mod backoff;
mod client;
mod commands;
mod enrol;
mod pin;
mod reports;
mod server_time;

use std::sync::Arc;

use jiff::Timestamp;
use raas_wire::{ClusterKind, MasterFacts, MasterKeyState, SaltState, Work};
use serde::{Deserialize, Serialize};
use tokio::sync::{mpsc, watch};
use tokio_util::sync::CancellationToken;

use crate::spool::Spool;

pub use client::{CallError, Client, Link};
pub use pin::{Pin, PinError};

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

/// How the Salt master is doing, as the watch sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Vitals {
    /// State of Salt.
    pub salt: SaltState,
    /// Connections on the publish port.
    pub connections: Option<u32>,
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
    pub vitals: watch::Receiver<Vitals>,
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
    pub hold: std::time::Duration,
    /// How often a pending master asks again, at most.
    pub key_check: std::time::Duration,
    /// Records in one batch.
    pub batch: usize,
}

impl Uplink {
    /// Until `shutdown`: enrols, and while it is accepted, takes work and sends reports.
    pub async fn run(self, shutdown: CancellationToken) {
        let this = Arc::new(self);
        while !shutdown.is_cancelled() {
            let accepted = tokio::select! {
                () = shutdown.cancelled() => return,
                accepted = enrol::until_accepted(&this) => accepted,
            };
            tracing::info!(master_uuid = ?accepted.master_uuid, "accepted by the server");
            tokio::select! {
                () = shutdown.cancelled() => this.last_reports().await,
                refused = commands::keep(&this) => this.stand(MasterKeyState::Pending.as_str(), &refused),
                refused = reports::keep(&this) => this.stand(MasterKeyState::Pending.as_str(), &refused),
            }
        }
    }

    /// What is left goes out before the plugin ends, if the server answers at once; else it stays in the spool.
    async fn last_reports(&self) {
        let _ = tokio::time::timeout(std::time::Duration::from_secs(2), reports::drain(self)).await;
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
