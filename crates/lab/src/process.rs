//! One program started by the lab, with its whole tree: stop, kill, kill only the main one, freeze, and a guard that leaves nothing.

use std::fs::{File, OpenOptions};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::Duration;

use anyhow::{Context, Result};
use rustix::process::Signal;

use crate::{tree, wait};

/// Environment name that marks every process of a lab; its value is the lab's own directory.
pub const MARK: &str = "RAAS_LAB";

/// A started program. Dropping it kills the whole tree.
#[derive(Debug)]
pub struct Process {
    name: String,
    child: Child,
    log: PathBuf,
    frozen: bool,
    left: bool,
}

impl Process {
    /// Starts `command` in its own process group; what it prints is appended to `log`.
    pub fn start(name: &str, command: &mut Command, log: &Path) -> Result<Self> {
        let out = OpenOptions::new()
            .create(true)
            .append(true)
            .open(log)
            .with_context(|| format!("cannot open {}", log.display()))?;
        let err: File = out.try_clone().with_context(|| format!("cannot open {}", log.display()))?;
        let child = command
            .stdin(Stdio::null())
            .stdout(out)
            .stderr(err)
            .process_group(0)
            .spawn()
            .with_context(|| format!("cannot start {name} ({})", command.get_program().display()))?;
        Ok(Self { name: name.to_owned(), child, log: log.to_owned(), frozen: false, left: false })
    }

    /// Its main process.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// What it printed.
    pub fn log(&self) -> &Path {
        &self.log
    }

    /// The living of its tree, the main process included.
    pub fn tree(&self) -> Vec<u32> {
        tree::members(self.pid())
    }

    /// Whether its main process runs.
    pub fn runs(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }

    /// How the main process ended, if it did.
    pub fn ended(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().ok().flatten()
    }

    /// SIGKILL to every process of the tree, until none is left.
    pub fn kill_tree(&mut self) {
        // Members found once may fork before the signal reaches them, so look again until nobody is left.
        let gone = wait::blocking(Duration::from_secs(10), || {
            let pids = self.tree();
            tree::signal(&pids, Signal::KILL);
            let _ = self.child.try_wait();
            pids.is_empty()
        });
        if !gone {
            tracing::warn!(name = self.name, pids = ?self.tree(), "processes survive SIGKILL");
        }
        self.frozen = false;
    }

    /// SIGKILL to the main process alone: its children live on as orphans.
    pub fn kill_main_only(&mut self) -> Result<()> {
        self.child.kill().with_context(|| format!("cannot kill {} (pid {})", self.name, self.pid()))?;
        self.child.wait().with_context(|| format!("cannot wait for {} (pid {})", self.name, self.pid()))?;
        Ok(())
    }

    /// SIGTERM to the main process; what still runs after `grace` is killed. Whether the end was clean.
    pub fn stop(&mut self, grace: Duration) -> bool {
        self.thaw();
        let mut known = self.tree();
        tree::signal(&[self.pid()], Signal::TERM);
        let clean = wait::blocking(grace, || {
            let _ = self.child.try_wait();
            known.retain(|pid| tree::alive(*pid));
            known.is_empty()
        });
        tree::signal(&known, Signal::KILL);
        self.kill_tree();
        clean
    }

    /// SIGSTOP to the tree: TCP connections stay open and nobody answers.
    pub fn freeze(&mut self) {
        self.freeze_some(|_| true);
    }

    /// SIGSTOP to those of the tree that `pick` takes.
    pub fn freeze_some(&mut self, pick: impl Fn(u32) -> bool) {
        let mut pids = self.tree();
        pids.retain(|pid| pick(*pid));
        tree::signal(&pids, Signal::STOP);
        self.frozen = true;
    }

    /// SIGCONT to the tree.
    pub fn thaw(&mut self) {
        if self.frozen {
            tree::signal(&self.tree(), Signal::CONT);
            self.frozen = false;
        }
    }

    /// Whatever is left of it ends by itself.
    pub fn leave(mut self) {
        self.left = true;
    }

    /// The end of what it printed, for error messages.
    pub fn last_words(&self) -> String {
        last_lines(&self.log, 15)
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        if !self.left {
            self.kill_tree();
        }
    }
}

/// The last lines of a file; empty when it cannot be read.
pub fn last_lines(path: &Path, count: usize) -> String {
    let bytes = std::fs::read(path).unwrap_or_default();
    let text = String::from_utf8_lossy(&bytes);
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(count)..].join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sleepers(dir: &Path) -> Process {
        let mut command = Command::new("sh");
        command.args(["-c", "sleep 600 & sleep 600 & wait"]);
        let process = Process::start("sleepers", &mut command, &dir.join("log")).unwrap();
        assert!(wait::blocking(Duration::from_secs(5), || process.tree().len() == 3), "{:?}", process.tree());
        process
    }

    #[test]
    fn killing_the_main_process_leaves_its_children_and_killing_the_tree_leaves_none() {
        let dir = tempfile::tempdir().unwrap();
        let mut process = sleepers(dir.path());
        process.kill_main_only().unwrap();
        assert!(!process.runs());
        assert_eq!(process.tree().len(), 2, "the orphans are still known by their group");
        process.kill_tree();
        assert!(process.tree().is_empty());
    }

    #[test]
    fn dropping_it_ends_everything_even_when_frozen() {
        let dir = tempfile::tempdir().unwrap();
        let mut process = sleepers(dir.path());
        process.freeze();
        let pids = process.tree();
        drop(process);
        assert!(pids.iter().all(|pid| !tree::alive(*pid)));
    }
}
