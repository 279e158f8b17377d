//! raas.conf, typed: what every `sseapi_` key means here, its default, and all that is wrong with it at once.
//! The master's own configuration is read by `raas_salt::config`; the words for its places are in `places`.

mod keys;
mod kind;
mod places;
mod reader;

use std::path::Path;
use std::time::Duration;

use raas_salt::MasterConfig;
use raas_salt::config::Problem;
use raas_wire::ClusterKind;

use crate::spool::Limits;

pub use keys::{KEYS, Known, Use};
pub use places::Places;

use reader::Reader;

/// The longest a call for work is held: the server takes a master for lost some time after.
const LONGEST_HOLD: u64 = 20;

/// What raas.conf says.
#[derive(Clone, Debug)]
pub struct Settings {
    /// URL of the server.
    pub server: String,
    /// Cluster id; none for a single master.
    pub cluster_id: Option<String>,
    /// Kind of the cluster.
    pub kind: ClusterKind,
    /// Whether the certificate of the server is validated.
    pub validate: bool,
    /// Longest wait for a reply.
    pub timeout: Duration,
    /// How long a call for work is held; also the heartbeat.
    pub hold: Duration,
    /// How often a pending master asks again, at most.
    pub key_check: Duration,
    /// Records in a batch.
    pub batch: usize,
    /// Limits of the spool.
    pub limits: Limits,
    /// Files and directories.
    pub places: Places,
}

/// What was read, and what is to be said about it.
#[derive(Debug)]
pub struct Reading {
    /// The settings; where they are wrong, the default.
    pub settings: Settings,
    /// What keeps the plugin from starting.
    pub problems: Vec<Problem>,
    /// What does not.
    pub notes: Vec<Problem>,
}

/// Why the plugin cannot start with these settings.
#[derive(Debug, thiserror::Error)]
#[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
pub struct SettingsError(pub Vec<Problem>);

impl Settings {
    /// Reads them, or says everything that is wrong.
    ///
    /// # Errors
    /// When anything is.
    pub fn of(config: &MasterConfig) -> Result<Self, SettingsError> {
        let reading = Reading::of(config);
        for note in &reading.notes {
            tracing::warn!("{note}");
        }
        if reading.problems.is_empty() { Ok(reading.settings) } else { Err(SettingsError(reading.problems)) }
    }
}

impl Reading {
    /// Reads what can be read.
    pub fn of(config: &MasterConfig) -> Self {
        let mut reader = Reader::new(&config.settings);
        let server = reader.server();
        let (cluster_id, kind) = kind::of(config, &mut reader);
        let validate = reader.validate();
        let timeout = Duration::from_secs(reader.number("sseapi_timeout", 30, 1, 3600));
        let hold = reader.number("sseapi_poll_interval", 10, 1, 86_400).min(LONGEST_HOLD);
        let key_check = reader.number("sseapi_key_check", 15, 1, 3600);
        let queue = reader.queue("sseapi_event_queue", keys::EVENT_QUEUE);
        reader.queue("sseapi_rpc_queue", keys::RPC_QUEUE);
        reader.queue("sseapi_local_cache", keys::LOCAL_CACHE);
        let number = |key: &str| queue.iter().find(|(name, _)| *name == key).map_or(0, |(_, number)| *number);
        let limits = Limits {
            records: number("size_limit"),
            bytes: number("disk_limit") << 20,
            age: Duration::from_secs(number("age_limit")),
            ..Limits::default()
        };
        let places = Places::of(config, reader.path("sseapi_pubkey_path"));
        reader.unknown();
        let settings = Settings {
            server,
            cluster_id,
            kind,
            validate,
            timeout,
            hold: Duration::from_secs(hold),
            key_check: Duration::from_secs(key_check),
            batch: usize::try_from(number("batch_limit")).unwrap_or(2000),
            limits,
            places,
        };
        Self { settings, problems: reader.problems, notes: reader.notes }
    }

    /// Where `raas.conf` is looked for, to name it where a key is missing.
    pub fn raas_conf(config_dir: &Path) -> std::path::PathBuf {
        config_dir.join("master.d/raas.conf")
    }
}
