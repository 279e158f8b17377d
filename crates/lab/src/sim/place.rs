//! Where a simulated master lives: its directories and configuration, as a real one would have them.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// A simulated master on disk.
#[derive(Clone, Debug)]
pub struct Place(PathBuf);

/// What its configuration says.
#[derive(Clone, Debug)]
pub struct Config<'a> {
    /// Master id.
    pub id: &'a str,
    /// Cluster.
    pub cluster_id: &'a str,
    /// Kind of cluster.
    pub failover: bool,
    /// Where the plugin finds the server.
    pub server: &'a str,
    /// Port of requests.
    pub ret_port: u16,
    /// Seconds a call for work is held.
    pub poll_s: u64,
    /// Minions whose keys are accepted, the same on each master of the cluster.
    pub minions: &'a [String],
}

impl Place {
    /// One that was set up before.
    pub fn at(dir: &Path) -> Self {
        Self(dir.to_owned())
    }

    /// Makes it.
    pub fn set_up(dir: &Path, config: &Config<'_>) -> Result<Self> {
        let place = Self(dir.to_owned());
        for made in ["conf/master.d", "run", "cache/jobs", "pki/minions", "pki/minions_pre", "log"] {
            let made = dir.join(made);
            fs::create_dir_all(&made).with_context(|| format!("cannot make {}", made.display()))?;
        }
        let root = dir.display();
        place.write(
            "conf/master",
            &format!(
                "id: {}\nuser: root\nroot_dir: {root}\npki_dir: {root}/pki\ncachedir: {root}/cache\nsock_dir: {root}/run\n\
                 log_file: {root}/log/master\ninterface: 127.0.0.1\ntransport: tcp\nret_port: {}\npublish_port: 1\n",
                config.id, config.ret_port
            ),
        )?;
        place.write(
            "conf/master.d/raas.conf",
            &format!(
                "sseapi_server: {}\nsseapi_cluster_id: {}\nsseapi_failover_master: {}\nsseapi_poll_interval: {}\n\
                 sseapi_timeout: 10\nsseapi_key_check: 1\n",
                config.server,
                config.cluster_id,
                if config.failover { "True" } else { "False" },
                config.poll_s
            ),
        )?;
        place.write("cache/.root_key", "the key of a master that only exists in a simulation")?;
        fs::set_permissions(dir.join("cache/.root_key"), fs::Permissions::from_mode(0o600))?;
        place.write("ret_port", &config.ret_port.to_string())?;
        place.write("pki/master.pub", &key(config.cluster_id))?;
        for minion in config.minions {
            place.write(&format!("pki/minions/{minion}"), &key(minion))?;
        }
        Ok(place)
    }

    /// A file or directory of it.
    pub fn path(&self, path: &str) -> PathBuf {
        self.0.join(path)
    }

    /// Where minions connect.
    pub fn minions_socket(&self) -> PathBuf {
        self.path("run/minions.sock")
    }

    /// What its runners truly ran: a line each.
    pub fn runs(&self) -> PathBuf {
        self.path("runs")
    }

    pub(super) fn ret_port(&self) -> Result<u16> {
        let path = self.path("ret_port");
        let text = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
        text.trim().parse().with_context(|| format!("{} holds no port", path.display()))
    }

    pub(super) fn accepted(&self) -> Vec<String> {
        let entries = fs::read_dir(self.path("pki/minions")).into_iter().flatten().flatten();
        let mut ids: Vec<String> = entries.filter_map(|entry| entry.file_name().into_string().ok()).collect();
        ids.sort();
        ids
    }

    fn write(&self, path: &str, text: &str) -> Result<()> {
        let path = self.path(path);
        fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))
    }
}

/// Looks like a public key, which nobody uses.
fn key(of: &str) -> String {
    format!("-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----", hex::encode(of))
}
