//! How the running plugin stands, kept in a small file for `raas-plugin status`. Nothing in it is secret.

use std::fmt::Write as _;
use std::path::Path;

use jiff::Timestamp;
use raas_wire::{ClusterKind, SaltState};
use serde::{Deserialize, Serialize};

use crate::settings::Settings;
use crate::uplink::Standing;
use crate::{files, identity, lock};

/// What the running plugin writes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Status {
    /// The process that wrote it.
    pub pid: u32,
    /// When.
    pub at: Timestamp,
    /// Version of the plugin.
    pub plugin_version: String,
    /// Version of Salt.
    pub salt_version: Option<String>,
    /// Id of the master.
    pub master_id: String,
    /// Cluster id.
    pub cluster_id: Option<String>,
    /// Kind.
    pub kind: ClusterKind,
    /// URL of the server.
    pub server: String,
    /// How it stands with the server.
    pub standing: Standing,
    /// How Salt is doing.
    pub salt: SaltState,
    /// Records in the spool.
    pub spool_records: u64,
    /// When the oldest was taken.
    pub spool_oldest: Option<Timestamp>,
}

impl Status {
    /// Writes it.
    ///
    /// # Errors
    /// When the disk is full or not ours.
    pub fn write(&self, path: &Path) -> std::io::Result<()> {
        files::replace(path, &serde_json::to_vec_pretty(self)?, 0o644)
    }

    fn read(path: &Path) -> Option<Self> {
        serde_json::from_slice(&std::fs::read(path).ok()?).ok()
    }
}

/// What `raas-plugin status` says of a master.
#[derive(Clone, Debug, Serialize)]
pub struct Shown {
    /// Whether the plugin runs; none when that cannot be seen.
    pub running: Option<bool>,
    /// Id of the master.
    pub master_id: String,
    /// Cluster id.
    pub cluster_id: Option<String>,
    /// Kind.
    pub kind: ClusterKind,
    /// What the operator compares before accepting.
    pub fingerprint: Option<String>,
    /// URL of the server.
    pub server: String,
    /// Fingerprint of the server's key, once seen.
    pub server_fingerprint: Option<String>,
    /// What the plugin wrote last.
    pub last: Option<Status>,
}

impl Shown {
    /// Looks at the files of a master.
    pub fn of(master_id: &str, settings: &Settings) -> Self {
        let places = &settings.places;
        Self {
            running: lock::is_held(&places.lock),
            master_id: master_id.to_owned(),
            cluster_id: settings.cluster_id.clone(),
            kind: settings.kind,
            fingerprint: identity::fingerprint_at(&places.public_key).ok(),
            server: settings.server.clone(),
            server_fingerprint: identity::fingerprint_at(&places.server_key).ok(),
            last: Status::read(&places.status),
        }
    }

    /// For people.
    pub fn text(&self) -> String {
        let mut out = String::new();
        let mut line = |name: &str, value: &str| {
            // Writing to a String does not fail.
            let _ = writeln!(out, "{name:<12} {value}");
        };
        let cluster = self.cluster_id.as_deref().unwrap_or("none");
        line("master", &self.master_id);
        line("cluster", &format!("{cluster} ({})", self.kind));
        line(
            "fingerprint",
            self.fingerprint.as_deref().unwrap_or("none yet: the plugin makes its key when it starts"),
        );
        line("server", if self.server.is_empty() { "not set (sseapi_server)" } else { &self.server });
        line("server key", self.server_fingerprint.as_deref().unwrap_or("not seen yet"));
        let running = match self.running {
            Some(true) => "running",
            Some(false) => "not running: restart salt-master, then look at `raas-plugin check`",
            None => "cannot be seen: run this as root or as the master's user",
        };
        line("plugin", running);
        if let Some(last) = &self.last {
            let reason = if last.standing.reason.is_empty() {
                String::new()
            } else {
                format!(": {}", last.standing.reason)
            };
            line("state", &format!("{}{reason} (since {:.0})", last.standing.state, last.standing.since));
            line("salt", &format!("{} {}", last.salt.as_str(), last.salt_version.as_deref().unwrap_or("")));
            let oldest =
                last.spool_oldest.map_or(String::new(), |oldest| format!(", the oldest of {oldest:.0}"));
            line("spool", &format!("{} records wait{oldest}", last.spool_records));
            line("written", &format!("{:.0} by process {}", last.at, last.pid));
        }
        out
    }
}
