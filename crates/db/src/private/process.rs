//! The process of the private PostgreSQL: started as our child (or adopted), waited for, stopped. Its files are others' business.
use std::fs::{self, OpenOptions};
use std::os::unix::fs::OpenOptionsExt as _;
use std::process::Stdio;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};
use tokio::process::Child;
use tokio::time::{Instant, sleep, timeout};

use super::binaries::Binaries;
use super::folders::Folders;
use super::owner::Owner;
use super::{PrivateError, PrivateOptions, running};
use crate::DbError;
use crate::connect::Connector;
use crate::options::DbOptions;

const BEAT: Duration = Duration::from_millis(50);

/// PostgreSQL's main process.
#[derive(Debug)]
pub(super) struct Process {
    pid: i32,
    /// None: adopted, or ended and counted.
    child: Option<Child>,
    adopted: bool,
    /// Whether a drop shall leave it alone.
    done: bool,
}

impl Process {
    /// Starts PostgreSQL as our child, in a process group of its own: Ctrl-C at the terminal is for raas to handle.
    pub(super) fn spawn(
        folders: &Folders,
        owner: &Owner,
        binaries: &Binaries,
        options: &PrivateOptions,
    ) -> Result<Self, PrivateError> {
        let path = folders.start_log();
        let log = OpenOptions::new().mode(0o600).write(true).create(true).truncate(true).open(&path);
        let log = log.map_err(PrivateError::io("write", &path))?;
        let also = log.try_clone().map_err(PrivateError::io("write", &path))?;
        let program = binaries.program("postgres");
        let mut command = owner.command(&program);
        command.arg("-D").arg(&folders.data);
        for (key, value) in settings(folders, options) {
            command.arg("-c").arg(format!("{key}={value}"));
        }
        command.stdin(Stdio::null()).stdout(log).stderr(also).process_group(0);
        let child = command.spawn().map_err(PrivateError::io("start", &program))?;
        let pid = child.id().and_then(|pid| i32::try_from(pid).ok()).unwrap_or_default();
        tracing::info!(pid, postgresql = binaries.major, data = %folders.data.display(), "started a private PostgreSQL");
        Ok(Self { pid, child: Some(child), adopted: false, done: false })
    }

    /// A PostgreSQL that an earlier raas left.
    pub(super) fn adopted(pid: i32) -> Self {
        Self { pid, child: None, adopted: true, done: false }
    }

    pub(super) fn pid(&self) -> i32 {
        self.pid
    }

    pub(super) fn is_adopted(&self) -> bool {
        self.adopted
    }

    pub(super) fn is_alive(&mut self) -> bool {
        match &mut self.child {
            Some(child) => matches!(child.try_wait(), Ok(None)),
            None => self.adopted && running::is_alive(self.pid),
        }
    }

    /// Waits until it lets us in. A PostgreSQL that ends meanwhile tells its last words.
    pub(super) async fn wait_ready(
        &mut self,
        url: &str,
        limit: Duration,
        folders: &Folders,
    ) -> Result<(), PrivateError> {
        let log = folders.log.clone();
        let started = Instant::now();
        let mut options = DbOptions::new(url);
        options.connect_timeout = Duration::from_secs(2);
        let connector = Connector::new(&options).map_err(|error| PrivateError::Silent {
            seconds: 0,
            said: error.to_string(),
            log: log.clone(),
        })?;
        loop {
            let Err(said) = connector.connect_driven().await else { return Ok(()) };
            if !self.is_alive() {
                let how = self.how_it_ended().await;
                return Err(PrivateError::Ended { how, said: last_words(folders), log });
            }
            let refused = self.adopted && is_refusal(&said);
            if refused || started.elapsed() > limit {
                return Err(PrivateError::Silent {
                    seconds: started.elapsed().as_secs(),
                    said: said.to_string(),
                    log,
                });
            }
            sleep(BEAT).await;
        }
    }

    async fn how_it_ended(&mut self) -> String {
        match &mut self.child {
            Some(child) => {
                child.wait().await.map_or_else(|error| error.to_string(), |status| status.to_string())
            }
            None => "it was not started by this raas".to_owned(),
        }
    }

    /// Waits until it ends.
    pub(super) async fn ended(&mut self) -> String {
        while self.child.is_none() && running::is_alive(self.pid) {
            sleep(Duration::from_millis(250)).await;
        }
        let how = self.how_it_ended().await;
        self.done = true;
        how
    }

    /// Fast shutdown; after `limit` an immediate one (which recovers at the next start); at last SIGKILL.
    pub(super) async fn stop(&mut self, limit: Duration) {
        for (signal, limit) in [
            (Signal::INT, limit),
            (Signal::QUIT, Duration::from_secs(5)),
            (Signal::KILL, Duration::from_secs(5)),
        ] {
            if !self.is_alive() {
                break;
            }
            self.signal(signal);
            if timeout(limit, self.ended()).await.is_ok() {
                break;
            }
            tracing::warn!(pid = self.pid, ?signal, "PostgreSQL did not stop in time");
        }
        self.done = true;
    }

    /// Leaves it running when this is dropped.
    #[cfg(feature = "testing")]
    pub(super) fn forget(&mut self) {
        self.done = true;
    }

    fn signal(&self, signal: Signal) {
        if let Some(pid) = Pid::from_raw(self.pid) {
            // Gone already is as good.
            let _ = kill_process(pid, signal);
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        if !self.done && self.is_alive() {
            self.signal(Signal::INT);
        }
    }
}

/// What must be so, whatever postgresql.conf says.
fn settings(folders: &Folders, options: &PrivateOptions) -> Vec<(String, String)> {
    let mut all = vec![
        ("listen_addresses".to_owned(), String::new()),
        ("port".to_owned(), "5432".to_owned()),
        ("unix_socket_directories".to_owned(), folders.socket.display().to_string()),
        ("logging_collector".to_owned(), "on".to_owned()),
        ("log_directory".to_owned(), folders.log.display().to_string()),
        ("lc_messages".to_owned(), "C".to_owned()),
    ];
    if options.throwaway {
        // Commits still reach the system before they are answered: stories kill PostgreSQL with -9, not the machine.
        for key in ["fsync", "full_page_writes"] {
            all.push((key.to_owned(), "off".to_owned()));
        }
    }
    all.extend(options.settings.iter().cloned());
    all
}

/// It answers, but not to us: waiting does not help.
fn is_refusal(error: &DbError) -> bool {
    let text = error.to_string();
    text.contains("authentication failed") || text.contains("does not exist")
}

/// The end of what PostgreSQL said, from the newest of its logs.
fn last_words(folders: &Folders) -> String {
    let mut logs: Vec<_> = fs::read_dir(&folders.log)
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| Some((entry.metadata().ok()?.modified().ok()?, entry.path())))
        .collect();
    logs.sort();
    let newest = logs.pop().map(|(_, path)| path);
    let mut lines = Vec::new();
    for path in newest.into_iter().chain([folders.start_log()]) {
        let text = String::from_utf8_lossy(&fs::read(path).unwrap_or_default()).into_owned();
        lines.extend(
            text.lines()
                .filter(|line| {
                    !line.contains("redirecting log output") && !line.contains("Future log output")
                })
                .map(str::to_owned),
        );
    }
    let from = lines.len().saturating_sub(4);
    lines.get(from..).unwrap_or_default().join(" | ")
}
