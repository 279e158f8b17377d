//! One real Salt minion: start, stop, kill, freeze, and whether it is ready.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, SystemTime};

use anyhow::{Context, Result};

use super::master::{clear_pid_files, modified_since};
use crate::{Process, Venv, process::MARK};

/// A minion of the lab.
#[derive(Debug)]
pub struct Minion {
    pub(super) id: String,
    pub(super) dir: PathBuf,
    pub(super) venv: Venv,
    pub(super) mark: PathBuf,
    pub(super) process: Option<Process>,
    pub(super) started: Option<SystemTime>,
}

impl Minion {
    /// Minion id.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Its directory; `conf/minion` is below it, and files that states leave.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// Starts it. Without keepalive: one process instead of two, and a killed one stays dead.
    pub fn start(&mut self) -> Result<()> {
        clear_pid_files(&self.dir);
        let mut command = Command::new(self.venv.program("salt-minion"));
        command.arg("-c").arg(self.dir.join("conf")).arg("--disable-keepalive").current_dir(&self.dir);
        command.env(MARK, &self.mark);
        // The file system's clock, which is what its cache files are compared with.
        self.started = std::fs::metadata(&self.dir).and_then(|_| now_by_file(&self.dir)).ok();
        self.process = Some(Process::start(&self.id, &mut command, &self.dir.join("stdout.log"))?);
        Ok(())
    }

    /// Writes more configuration, as YAML, in place of what was written so before; empty takes it away. Counts from its next start.
    pub fn configure(&self, text: &str) -> Result<()> {
        let path = self.dir.join("conf/minion.d/story.conf");
        std::fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))
    }

    /// Stops it (SIGTERM, then SIGKILL).
    pub fn stop(&mut self) {
        if let Some(mut process) = self.process.take() {
            process.stop(Duration::from_secs(5));
        }
    }

    /// SIGKILL to its whole tree.
    pub fn kill_tree(&mut self) {
        if let Some(mut process) = self.process.take() {
            process.kill_tree();
        }
    }

    /// SIGSTOP.
    pub fn freeze(&mut self) {
        if let Some(process) = &mut self.process {
            process.freeze();
        }
    }

    /// SIGCONT.
    pub fn thaw(&mut self) {
        if let Some(process) = &mut self.process {
            process.thaw();
        }
    }

    /// Whether its process runs.
    pub fn runs(&mut self) -> bool {
        self.process.as_mut().is_some_and(Process::runs)
    }

    /// Whether the master in `master_dir` has cached its grains since this start: it authenticated and fetched its pillar there.
    pub(super) fn known_by(&self, master_dir: &Path) -> bool {
        let since = self.started.unwrap_or(SystemTime::UNIX_EPOCH);
        let id = &self.id;
        // Salt 3006 and 3007, then 3008.
        [format!("cache/minions/{id}/data.p"), format!("cache/grains/{id}.p")]
            .iter()
            .any(|file| modified_since(&master_dir.join(file), since))
    }
}

pub(super) fn now_by_file(dir: &Path) -> std::io::Result<SystemTime> {
    let path = dir.join(".started");
    std::fs::write(&path, b"")?;
    std::fs::metadata(&path)?.modified()
}
