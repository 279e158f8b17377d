//! The server's configuration: commented defaults compiled in, then a file, then the environment, then flags.

mod check;
mod layers;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use check::Problem;
pub use layers::{ConfigError, Layers, load};

/// The commented default configuration: `etc/raas.yaml`.
pub const DEFAULT: &str = include_str!("../../../etc/raas.yaml");

/// The JSON schema of a configuration file.
pub fn schema() -> serde_json::Value {
    schemars::schema_for!(Config).to_value()
}

/// Everything that can be configured. `etc/raas.yaml` says what each key means.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// HTTP.
    pub server: Server,
    /// PostgreSQL.
    pub database: Database,
    /// Signing in.
    pub auth: Auth,
    /// When masters and minions count as present.
    pub presence: Presence,
    /// Jobs.
    pub jobs: Jobs,
    /// Schedules.
    pub schedules: Schedules,
    /// Masters that make themselves known.
    pub enroll: Enroll,
    /// How long history is kept.
    pub retention: Retention,
    /// Logging.
    pub log: Log,
}

/// HTTP.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Server {
    /// Address and port.
    pub listen: String,
    /// Where the private PostgreSQL and the root password are kept.
    pub data_dir: String,
    /// Certificate; without one only a loopback address is served.
    pub tls: Option<Tls>,
    /// Serve other addresses without TLS.
    pub allow_plain_http_on_network: bool,
    /// Addresses of load balancers whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<std::net::IpAddr>,
    /// Largest request body of the API, in MiB.
    pub max_body_mib: u32,
}

/// A certificate.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Tls {
    /// PEM file: certificate and chain.
    pub cert: String,
    /// PEM file: private key.
    pub key: String,
}

/// PostgreSQL.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Database {
    /// `postgres://…`; none: a private PostgreSQL.
    pub url: Option<String>,
    /// Connections in the pool.
    pub max_connections: u32,
    /// As root the private PostgreSQL runs as this user.
    pub private_user: Option<String>,
}

/// Signing in.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Auth {
    /// Life of a token, in seconds.
    pub jwt_ttl_s: u32,
    /// Whether POST /account/login wants the `_xsrf` cookie and header.
    pub xsrf: bool,
    /// Failed logins of one name from one address before they are locked out.
    pub attempts: u32,
    /// How long, in seconds.
    pub lockout_s: u32,
}

/// When masters and minions count as present.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Presence {
    /// Seconds without a call after which a master is lost.
    pub master_expiry_s: u32,
    /// Seconds without evidence after which a minion is unknown.
    pub minion_expiry_s: u32,
}

/// Jobs.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Jobs {
    /// Seconds a minion may be silent about a job before it is asked.
    pub timeout_s: u32,
    /// Seconds in which a master must publish; later the command is planned anew.
    pub publish_before_s: u32,
    /// Hot-hot: seconds in which the other masters publish a job also to minions that the first master holds; 0: they do not.
    pub second_copy_s: u32,
    /// Seconds to wait for the answer when a minion is asked about a job.
    pub ask_wait_s: u32,
    /// Seconds between two questions about a job that still runs.
    pub ask_again_s: u32,
    /// Seconds a runner or wheel may take.
    pub run_timeout_s: u32,
}

/// Schedules.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Schedules {
    /// Seconds after which a planned time that no server was there for counts as missed.
    pub late_s: u32,
}

/// Masters that make themselves known.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Enroll {
    /// Seconds after which a pending key that no longer calls is forgotten.
    pub pending_expiry_s: u32,
    /// New keys taken per minute.
    pub per_minute: u32,
}

/// How long history is kept.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Retention {
    /// Days of outcomes and returns; 0 keeps them for ever.
    pub history_days: u32,
    /// Days of the audit; 0 keeps it for ever.
    pub audit_days: u32,
    /// Hour of the day, in UTC, in which old history is dropped; none: as soon as it is old.
    pub at_hour: Option<u32>,
    /// Days of dead letters; 0 keeps them for ever.
    pub dead_letter_days: u32,
    /// Dead letters kept of one master.
    pub dead_letter_count: u32,
    /// MiB of dead letters kept of one master.
    pub dead_letter_mib: u32,
}

/// Logging.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Log {
    /// As `info` or `raas_server=debug,info`.
    pub filter: String,
    /// `text` or `json`.
    pub format: LogFormat,
}

/// How log lines look.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}
