//! Files and directories of the plugin beside one master, all owned by the master's user.

use std::path::{Path, PathBuf};

use raas_salt::MasterConfig;

/// Where things are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Places {
    /// Public half of the plugin's key.
    pub public_key: PathBuf,
    /// The server's key, as first seen.
    pub server_key: PathBuf,
    /// Directory of what follows.
    pub dir: PathBuf,
    /// The spool.
    pub spool: PathBuf,
    /// One plugin per master.
    pub lock: PathBuf,
    /// How it stands, for `status`.
    pub status: PathBuf,
    /// The log: an engine's stderr goes nowhere once the master is a daemon.
    pub log: PathBuf,
}

impl Places {
    pub(super) fn of(config: &MasterConfig, public_key: Option<PathBuf>) -> Self {
        let dir = config.cachedir.join("raas");
        let public_key = public_key.unwrap_or_else(|| config.pki_dir.join("sseapi_key.pub"));
        Self {
            server_key: public_key.with_file_name("sseapi_server_key.pub"),
            public_key,
            spool: dir.join("spool.db"),
            lock: dir.join("lock"),
            status: dir.join("status.json"),
            log: log(config),
            dir,
        }
    }
}

/// Beside the master's own log, when that is a file.
fn log(config: &MasterConfig) -> PathBuf {
    let named = config.settings.get("log_file").and_then(|setting| setting.value.as_str());
    let file =
        named.filter(|name| !name.contains("://") && !name.is_empty()).unwrap_or("/var/log/salt/master");
    let dir = Path::new(file).parent().unwrap_or(Path::new("/"));
    let inside = dir.strip_prefix(&config.root_dir).unwrap_or(dir);
    let inside = inside.strip_prefix("/").unwrap_or(inside);
    config.root_dir.join(inside).join("raas-plugin.log")
}
