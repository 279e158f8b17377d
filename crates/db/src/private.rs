//! The private PostgreSQL: one that raas starts, owns and stops, under its data dir, over a unix socket only.
//!
//! ```text
//! <data-dir>/postgres/
//!   lock       held by the raas that owns it
//!   password   of the database account `raas`, mode 0600
//!   data/      PostgreSQL's own; `raas.made` in it tells that initdb came to its end
//!   run/       the socket, unless the path would be too long
//!   log/       what PostgreSQL says, one file a weekday; start.log is what it says before that
//! ```
//!
//! PostgreSQL outlives a raas that is killed. The next start adopts it: it answers to our password from our data
//! directory, and no transaction of another server is lost by a restart.
mod binaries;
mod cluster;
#[cfg(feature = "testing")]
mod copy;
mod error;
mod folders;
mod owner;
mod process;
mod running;

use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

pub use error::PrivateError;

use crate::options::percent_encoded;
use binaries::Binaries;
use folders::Folders;
use owner::Owner;
use process::Process;
use running::Running;

/// The account and the database that raas uses in its private PostgreSQL.
pub(crate) const NAME: &str = "raas";

/// What the private PostgreSQL needs to know.
#[derive(Clone)]
pub struct PrivateOptions {
    /// The data dir of raas; PostgreSQL gets `postgres/` in it.
    pub data_dir: PathBuf,
    /// The password of a new database. Ignored when there is one already.
    pub fresh_password: String,
    /// The PATH of the process, where PostgreSQL's programs are looked for first.
    pub search_path: Option<OsString>,
    /// The folder of PostgreSQL's programs, when it shall not be looked for.
    pub bin_dir: Option<PathBuf>,
    /// A folder for the socket when the data dir's path is too long; else one in /tmp.
    pub runtime_dir: Option<PathBuf>,
    /// Whom PostgreSQL runs as when raas is root: default `postgres`, else `nobody`.
    pub run_as: Option<String>,
    /// More settings, as in postgresql.conf.
    pub settings: Vec<(String, String)>,
    /// How long a start may take; recovery after a crash is part of it.
    pub start_timeout: Duration,
    /// How long an orderly stop may take before it is cut short.
    pub stop_timeout: Duration,
    /// For tests: nothing is synced to disk. A commit outlives PostgreSQL, not the machine.
    pub throwaway: bool,
}

impl PrivateOptions {
    /// Usual settings for this data dir.
    pub fn new(data_dir: impl Into<PathBuf>, fresh_password: impl Into<String>) -> Self {
        Self {
            data_dir: data_dir.into(),
            fresh_password: fresh_password.into(),
            search_path: None,
            bin_dir: None,
            runtime_dir: None,
            run_as: None,
            settings: Vec::new(),
            start_timeout: Duration::from_secs(300),
            stop_timeout: Duration::from_secs(30),
            throwaway: false,
        }
    }
}

impl std::fmt::Debug for PrivateOptions {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PrivateOptions").field("data_dir", &self.data_dir).finish_non_exhaustive()
    }
}

/// A running private PostgreSQL. Call [`PrivatePostgres::stop`]; a mere drop only asks it to stop.
#[derive(Debug)]
pub struct PrivatePostgres {
    process: Process,
    url: String,
    options: PrivateOptions,
    /// Held as long as this lives: no second raas on this data dir.
    _lock: std::fs::File,
}

impl PrivatePostgres {
    /// Makes the database if there is none, starts PostgreSQL (or adopts a running one), and waits until it answers.
    pub async fn start(options: PrivateOptions) -> Result<Self, PrivateError> {
        let owner = Owner::choose(&options).await?;
        let folders = Folders::prepare(&options, &owner).await?;
        let lock = folders.lock()?;
        let state = cluster::look(&folders)?;
        let binaries = Binaries::find(&options, state.major(), &folders.data).await?;
        if !state.is_ready() {
            cluster::make(&folders, &owner, &binaries, &options).await?;
        }
        let password = folders.password()?;
        let process = match running::find(&folders)? {
            Some(found) => match Self::adopt(&found, &folders, &password, &options).await? {
                Some(process) => process,
                None => Self::launch(&folders, &owner, &binaries, &password, &options).await?,
            },
            None => Self::launch(&folders, &owner, &binaries, &password, &options).await?,
        };
        let socket = running::socket(&folders)?.unwrap_or_else(|| folders.socket.clone());
        cluster::ensure_database(&socket, &password).await?;
        Ok(Self { process, url: url(&socket, &password, NAME), options, _lock: lock })
    }

    /// Starts it again after it ended by itself: a crash, a full disk, a kill. Its URL stays the same.
    pub async fn start_again(&mut self) -> Result<(), PrivateError> {
        let owner = Owner::choose(&self.options).await?;
        let folders = Folders::prepare(&self.options, &owner).await?;
        let binaries = Binaries::find(&self.options, cluster::look(&folders)?.major(), &folders.data).await?;
        let password = folders.password()?;
        // A file that names no process any more would be in the way.
        running::find(&folders)?;
        self.process = Self::launch(&folders, &owner, &binaries, &password, &self.options).await?;
        Ok(())
    }

    async fn launch(
        folders: &Folders,
        owner: &Owner,
        binaries: &Binaries,
        password: &str,
        options: &PrivateOptions,
    ) -> Result<Process, PrivateError> {
        let mut process = Process::spawn(folders, owner, binaries, options)?;
        match process
            .wait_ready(&url(&folders.socket, password, "postgres"), options.start_timeout, folders)
            .await
        {
            Ok(()) => Ok(process),
            Err(error) => {
                process.stop(Duration::from_secs(5)).await;
                Err(error)
            }
        }
    }

    /// None: it ended while we looked, so a new one can be started.
    async fn adopt(
        found: &Running,
        folders: &Folders,
        password: &str,
        options: &PrivateOptions,
    ) -> Result<Option<Process>, PrivateError> {
        let mut process = Process::adopted(found.pid);
        let socket = found.socket.clone().unwrap_or_else(|| folders.socket.clone());
        match process.wait_ready(&url(&socket, password, "postgres"), options.start_timeout, folders).await {
            Ok(()) => {
                tracing::warn!(
                    pid = process.pid(),
                    "adopted the PostgreSQL that an earlier raas left running"
                );
                Ok(Some(process))
            }
            Err(_) if !process.is_alive() => Ok(None),
            Err(error) => Err(PrivateError::NotOurs {
                pid: process.pid(),
                data: folders.data.clone(),
                said: error.to_string(),
            }),
        }
    }

    /// Where to connect. Holds the password: never log it.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The process id of PostgreSQL.
    pub fn pid(&self) -> i32 {
        self.process.pid()
    }

    /// Whether it was running already when we started.
    pub fn is_adopted(&self) -> bool {
        self.process.is_adopted()
    }

    /// Waits until PostgreSQL ends by itself, and tells how. While all is well this never returns.
    pub async fn ended(&mut self) -> String {
        self.process.ended().await
    }

    /// Stops PostgreSQL in order: open transactions are undone, all is written; cut short when that takes too long.
    pub async fn stop(mut self) {
        self.process.stop(self.options.stop_timeout).await;
    }

    /// Lets PostgreSQL run on after this process: for tests, which share one.
    #[cfg(feature = "testing")]
    pub(crate) fn leave_running(mut self) {
        self.process.forget();
    }
}

pub(crate) fn url(socket: &std::path::Path, password: &str, database: &str) -> String {
    let socket = percent_encoded(&socket.display().to_string());
    format!("postgresql://{NAME}:{}@{socket}/{database}", percent_encoded(password))
}
