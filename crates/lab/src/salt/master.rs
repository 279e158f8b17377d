//! One real Salt master: start, stop, kill, freeze, and `raas-plugin install` as a person would run it.

use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, SystemTime};

use anyhow::{Context, Result, bail};
use rustix::process::Signal;
use sha2::{Digest as _, Sha256};

use crate::net::{PUBLISH_PORT, REQUEST_PORT, established};
use crate::wait::Miss;
use crate::{Process, Venv, process::MARK, tree, wait};

/// How long a master may take to open its sockets on a busy machine.
const START_LIMIT: Duration = Duration::from_mins(5);

/// A master of the lab.
#[derive(Debug)]
pub struct Master {
    pub(super) id: String,
    pub(super) ip: Ipv4Addr,
    pub(super) dir: PathBuf,
    pub(super) venv: Venv,
    pub(super) mark: PathBuf,
    pub(super) process: Option<Process>,
}

/// What `raas-plugin install` is told.
#[derive(Clone, Debug)]
pub struct Install<'a> {
    /// The `raas-plugin` program.
    pub plugin: &'a Path,
    /// URL of the server.
    pub server: &'a str,
    /// Cluster id; none for a single master.
    pub cluster_id: Option<&'a str>,
    /// Whether it is a failover cluster.
    pub failover: bool,
}

impl Master {
    /// Master id.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Where it listens, on 4505 and 4506.
    pub fn ip(&self) -> Ipv4Addr {
        self.ip
    }

    /// Its directory.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// Its configuration directory, as `--config-dir` wants it.
    pub fn config_dir(&self) -> PathBuf {
        self.dir.join("conf")
    }

    /// Its `raas.conf`.
    pub fn raas_conf(&self) -> PathBuf {
        self.dir.join("conf/master.d/raas.conf")
    }

    /// Starts it; [`Master::ready`] waits for it.
    pub fn start(&mut self) -> Result<()> {
        clear_pid_files(&self.dir);
        let mut command = Command::new(self.venv.program("salt-master"));
        command.arg("-c").arg(self.config_dir()).current_dir(&self.dir).env(MARK, &self.mark);
        self.process = Some(Process::start(&self.id, &mut command, &self.dir.join("stdout.log"))?);
        Ok(())
    }

    /// Waits until it listens and its event bus is there.
    pub async fn ready(&mut self) -> Result<()> {
        let address = SocketAddr::from((self.ip, REQUEST_PORT));
        let bus = self.dir.join("run/master_event_pub.ipc");
        let Some(process) = &mut self.process else { bail!("master {} was not started", self.id) };
        wait::until(&format!("master {} to listen on {address}", self.id), START_LIMIT, || {
            let up = TcpStream::connect_timeout(&address, Duration::from_millis(500)).is_ok() && bus.exists();
            let miss = match process.ended() {
                Some(status) => Miss::Never(format!("it ended ({status}): {}", process.last_words())),
                None => Miss::NotYet("it runs but does not listen yet".to_owned()),
            };
            std::future::ready(if up { Ok(()) } else { Err(miss) })
        })
        .await
    }

    /// Stops it as an init system does: SIGTERM, time to end, then SIGKILL.
    pub fn stop(&mut self) {
        if let Some(mut process) = self.process.take() {
            process.stop(Duration::from_secs(15));
        }
    }

    /// Stops, starts and waits: what an operator does after editing `raas.conf`.
    pub async fn restart(&mut self) -> Result<()> {
        self.stop();
        self.start()?;
        self.ready().await
    }

    /// SIGKILL to its whole tree, the plugin included: the machine is gone.
    pub fn kill_tree(&mut self) {
        if let Some(mut process) = self.process.take() {
            process.kill_tree();
        }
    }

    /// SIGKILL to the main process alone: workers live on as orphans.
    pub fn kill_main_only(&mut self) -> Result<()> {
        match &mut self.process {
            Some(process) => process.kill_main_only(),
            None => bail!("master {} does not run", self.id),
        }
    }

    /// SIGSTOP to its tree: connections stay open and nobody answers.
    pub fn freeze(&mut self) {
        if let Some(process) = &mut self.process {
            process.freeze();
        }
    }

    /// SIGSTOP to Salt; its plugin goes on.
    pub fn freeze_salt(&mut self) {
        let plugin = self.plugin();
        if let Some(process) = &mut self.process {
            process.freeze_some(|pid| !plugin.contains(&pid));
        }
    }

    /// SIGSTOP to its plugin; Salt goes on.
    pub fn freeze_plugin(&mut self) {
        let plugin = self.plugin();
        if let Some(process) = &mut self.process {
            process.freeze_some(|pid| plugin.contains(&pid));
        }
    }

    /// SIGKILL to its plugin. Salt starts it again.
    pub fn kill_plugin(&self) {
        tree::signal(&self.plugin(), Signal::KILL);
    }

    /// The processes of its plugin: one, or none.
    pub fn plugin(&self) -> Vec<u32> {
        self.processes_of("raas-plugin")
    }

    /// SIGCONT to its tree.
    pub fn thaw(&mut self) {
        if let Some(process) = &mut self.process {
            process.thaw();
        }
    }

    /// The living of its tree.
    pub fn tree(&self) -> Vec<u32> {
        self.process.as_ref().map(Process::tree).unwrap_or_default()
    }

    /// The living of its tree whose command line names `program`, as `raas-plugin`.
    pub fn processes_of(&self, program: &str) -> Vec<u32> {
        let names = |pid: &u32| {
            std::fs::read(format!("/proc/{pid}/cmdline"))
                .is_ok_and(|line| String::from_utf8_lossy(&line).contains(program))
        };
        self.tree().into_iter().filter(names).collect()
    }

    /// Whether its main process runs.
    pub fn runs(&mut self) -> bool {
        self.process.as_mut().is_some_and(Process::runs)
    }

    /// How many minions answer Salt's own `salt '*' test.ping`.
    pub fn ping(&self) -> usize {
        let mut command = Command::new(self.venv.program("salt"));
        command.arg("-c").arg(self.config_dir()).args([
            "--static",
            "--out=json",
            "--timeout=3",
            "*",
            "test.ping",
        ]);
        let Ok(out) = command.env(MARK, &self.mark).output() else { return 0 };
        let answers: serde_json::Value = serde_json::from_slice(&out.stdout).unwrap_or_default();
        answers
            .as_object()
            .map_or(0, |by_minion| by_minion.values().filter(|answer| **answer == true).count())
    }

    /// Runs a program of Salt on this master, as `salt-key`, and returns what it printed.
    pub fn salt(&self, program: &str, arguments: &[&str]) -> Result<String> {
        let mut command = Command::new(self.venv.program(program));
        command.arg("-c").arg(self.config_dir()).args(arguments).env(MARK, &self.mark);
        let out = command.output().with_context(|| format!("cannot run {program}"))?;
        let said =
            format!("{}{}", String::from_utf8_lossy(&out.stdout), String::from_utf8_lossy(&out.stderr));
        if !out.status.success() {
            bail!("{program} {arguments:?} on {} failed ({}): {said}", self.id, out.status);
        }
        Ok(said)
    }

    /// Whether this job is in its job cache: it published it, or took a return of it.
    pub fn knows_job(&self, jid: &str) -> bool {
        let name = hex::encode(Sha256::digest(jid));
        let (first, rest) = name.split_at(2);
        self.dir.join("cache/jobs").join(first).join(rest).join("jid").exists()
    }

    /// How many minions are connected to its publisher.
    pub fn connected(&self) -> usize {
        established(self.ip, PUBLISH_PORT)
    }

    /// The log of its plugin.
    pub fn plugin_log(&self) -> PathBuf {
        self.dir.join("raas-plugin.log")
    }

    /// What it, its plugin included, printed and logged last.
    pub fn last_words(&self) -> String {
        let logs = ["stdout.log", "master.log", "raas-plugin.log"];
        logs.map(|name| crate::process::last_lines(&self.dir.join(name), 12)).join("\n").trim().to_owned()
    }

    /// Runs the real `raas-plugin install` and returns what it said. Takes effect after [`Master::restart`].
    pub fn install_plugin(&self, install: &Install<'_>) -> Result<String> {
        let mut command = Command::new(install.plugin);
        command.arg("install").arg("--config-dir").arg(self.config_dir()).args(["--server", install.server]);
        if let Some(cluster_id) = install.cluster_id {
            command.args(["--cluster-id", cluster_id]);
        }
        if install.failover {
            command.arg("--failover");
        }
        let out = command.output().with_context(|| format!("cannot run {}", install.plugin.display()))?;
        let said =
            format!("{}{}", String::from_utf8_lossy(&out.stdout), String::from_utf8_lossy(&out.stderr));
        if !out.status.success() {
            bail!("raas-plugin install on {} failed ({}): {said}", self.id, out.status);
        }
        Ok(said)
    }
}

/// Files left by SIGKILL that would stop a quick restart ("An instance is already running").
pub(super) fn clear_pid_files(dir: &Path) {
    for name in ["master.pid", "minion.pid", "process_responsibility_minion.pid"] {
        let _ = std::fs::remove_file(dir.join(name));
    }
}

pub(super) fn modified_since(path: &Path, since: SystemTime) -> bool {
    std::fs::metadata(path).and_then(|meta| meta.modified()).is_ok_and(|time| time >= since)
}
