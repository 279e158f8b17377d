//! The real `raas serve` on a free port, with a private PostgreSQL in a directory of its own or a given database.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result};
use tempfile::TempDir;

use crate::process::MARK;
use crate::rpc::Api;
use crate::wait::Miss;
use crate::{Process, net, wait};

/// A first start makes a database cluster and runs all migrations.
const READY_LIMIT: Duration = Duration::from_mins(2);

/// What the server keeps its data in.
#[derive(Debug)]
enum Home {
    Temporary(TempDir),
    Given(PathBuf),
}

/// A running server. Dropping it ends the server and its private PostgreSQL.
#[derive(Debug)]
pub struct Server {
    raas: PathBuf,
    database_url: Option<String>,
    environment: Vec<(String, String)>,
    port: u16,
    process: Option<Process>,
    home: Home,
}

impl Server {
    /// A server not started yet, with a data directory of its own.
    pub fn new(raas: &Path) -> Result<Self> {
        let dir = tempfile::Builder::new()
            .prefix("rsrv")
            .tempdir_in("/tmp")
            .context("cannot create a directory under /tmp for the server")?;
        // The private PostgreSQL may run as another user, who must be able to walk through.
        fs::set_permissions(dir.path(), fs::Permissions::from_mode(0o755))
            .with_context(|| format!("cannot change the mode of {}", dir.path().display()))?;
        Self::with_home(raas, Home::Temporary(dir))
    }

    /// A server that keeps its data in `dir` for the next time.
    pub fn in_dir(raas: &Path, dir: &Path) -> Result<Self> {
        Self::with_home(raas, Home::Given(dir.to_owned()))
    }

    fn with_home(raas: &Path, home: Home) -> Result<Self> {
        let port = net::free_port()?;
        Ok(Self {
            raas: raas.to_owned(),
            database_url: None,
            environment: Vec::new(),
            port,
            process: None,
            home,
        })
    }

    /// Uses this database instead of a private PostgreSQL.
    pub fn database(mut self, url: &str) -> Self {
        self.database_url = Some(url.to_owned());
        self
    }

    /// One key of the configuration, as `RAAS__SECTION__KEY`.
    pub fn setting(mut self, key: &str, value: &str) -> Self {
        self.environment.push((key.to_owned(), value.to_owned()));
        self
    }

    /// Listens on this port instead of a free one.
    pub fn on_port(mut self, port: u16) -> Self {
        self.port = port;
        self
    }

    fn home(&self) -> &Path {
        match &self.home {
            Home::Temporary(dir) => dir.path(),
            Home::Given(dir) => dir,
        }
    }

    /// Its data directory.
    pub fn data_dir(&self) -> PathBuf {
        self.home().join("data")
    }

    /// What it logs.
    pub fn log(&self) -> PathBuf {
        self.home().join("raas.log")
    }

    /// Where it answers.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Its process.
    pub fn pid(&self) -> Result<u32> {
        self.process.as_ref().map(Process::pid).context("the server was not started")
    }

    /// The file that keeps the first password of `root`.
    pub fn password_file(&self) -> PathBuf {
        self.data_dir().join("root-password")
    }

    /// Starts it and waits until it is ready.
    pub async fn start(&mut self) -> Result<()> {
        self.launch()?;
        self.ready().await
    }

    /// Starts it. Whether it gets ready is another matter.
    pub fn launch(&mut self) -> Result<()> {
        let mut command = Command::new(&self.raas);
        command.arg("serve").args(["--listen", &format!("127.0.0.1:{}", self.port)]);
        command.arg("--data-dir").arg(self.data_dir()).env(MARK, self.home()).current_dir(self.home());
        if let Some(url) = &self.database_url {
            command.args(["--database-url", url]);
        }
        command.envs(self.environment.iter().map(|(key, value)| (key, value)));
        self.process = Some(Process::start("raas serve", &mut command, &self.log())?);
        Ok(())
    }

    /// Its process, when it was started.
    pub fn process(&mut self) -> Option<&mut Process> {
        self.process.as_mut()
    }

    /// Waits until `/health/ready` says so.
    pub async fn ready(&mut self) -> Result<()> {
        let url = format!("{}/health/ready", self.url());
        let http = reqwest::Client::builder()
            .timeout(Duration::from_secs(5))
            .build()
            .context("cannot make an HTTP client")?;
        let Some(process) = &mut self.process else { anyhow::bail!("the server was not started") };
        wait::until(&format!("the server to be ready ({url})"), READY_LIMIT, || {
            let ended =
                process.ended().map(|status| format!("it ended ({status}): {}", process.last_words()));
            let request = http.get(&url).send();
            async move {
                match (ended, request.await) {
                    (Some(end), _) => Err(Miss::Never(end)),
                    (None, Ok(answer)) if answer.status().is_success() => Ok(()),
                    (None, Ok(answer)) => Err(Miss::NotYet(answer.status().to_string())),
                    (None, Err(error)) => Err(Miss::NotYet(error.to_string())),
                }
            }
        })
        .await
    }

    /// Signs in as `root`.
    pub async fn api(&self) -> Result<Api> {
        let file = self.password_file();
        let password =
            fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))?;
        Api::login(&self.url(), "root", password.trim()).await
    }

    /// SIGTERM; whether it ended by itself, its PostgreSQL too, within 20 s.
    pub fn stop(&mut self) -> bool {
        self.process.take().is_none_or(|mut process| process.stop(Duration::from_secs(20)))
    }

    /// SIGKILL to the server alone, as a crash: what it leaves behind is what a restart must cope with.
    pub fn kill(&mut self) -> Result<()> {
        match &mut self.process {
            Some(process) => process.kill_main_only(),
            None => Ok(()),
        }
    }

    /// The end of its log, for error messages.
    pub fn last_words(&self) -> String {
        crate::process::last_lines(&self.log(), 30)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Let it stop its PostgreSQL in order; what is left is killed with the tree, then by the mark.
        self.stop();
        let mark = self.home().to_string_lossy().into_owned();
        crate::tree::signal(&crate::tree::marked(MARK, &mark), rustix::process::Signal::KILL);
    }
}
