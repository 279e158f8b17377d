//! A PostgreSQL of one test's own, with all that can happen to it: killed, started again, followed by a standby, promoted,
//! on a disk that is full.
use std::ffi::OsString;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;

use super::{connect, with_database};
use crate::DbError;
use crate::private::{PrivateOptions, PrivatePostgres};

/// WAL is kept small, so that little is needed of a small disk.
const SETTINGS: &[(&str, &str)] = &[
    ("max_wal_size", "64MB"),
    ("min_wal_size", "32MB"),
    ("shared_buffers", "32MB"),
    ("autovacuum", "off"),
    ("log_min_duration_statement", "-1"),
];

/// One PostgreSQL. Dropping it kills it.
#[derive(Debug)]
pub struct OwnPostgres {
    dir: PathBuf,
    url: String,
    running: Option<PrivatePostgres>,
    // After the process: its files go last.
    disk: Option<SmallDisk>,
    _home: TempDir,
}

impl OwnPostgres {
    /// With an empty database named `raas`, on the disk of /tmp.
    pub async fn start() -> Result<Self, DbError> {
        Self::in_home(home()?, None).await
    }

    /// The same on a disk of this many MiB. None: this machine lets us mount none (it wants root).
    pub async fn on_small_disk(mib: u32) -> Result<Option<Self>, DbError> {
        let home = home()?;
        let place = home.path().join("postgres");
        let disk = SmallDisk::mount(&place, mib)?;
        match disk {
            Some(disk) => Ok(Some(Self::in_home(home, Some(disk)).await?)),
            None => Ok(None),
        }
    }

    async fn in_home(home: TempDir, disk: Option<SmallDisk>) -> Result<Self, DbError> {
        let dir = home.path().to_owned();
        let running = PrivatePostgres::start(options(&dir)).await?;
        Ok(Self { url: running.url().to_owned(), dir, running: Some(running), disk, _home: home })
    }

    /// Its URL; the account may do everything.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// One URL of both: whichever takes writes is meant.
    pub fn url_with(&self, other: &Self) -> String {
        let (before, rest) = self.url.split_once('@').unwrap_or_default();
        let (host, database) = rest.split_once('/').unwrap_or_default();
        let other = other.url.split_once('@').and_then(|(_, rest)| rest.split_once('/')).unwrap_or_default();
        format!("{before}@{host},{}/{database}", other.0)
    }

    /// SIGKILL to its main process, as a crash; returns when nothing of it is left.
    pub async fn kill(&mut self) {
        let Some(mut running) = self.running.take() else { return };
        if let Some(pid) = Pid::from_raw(running.pid()) {
            let _ = kill_process(pid, Signal::KILL);
        }
        running.ended().await;
        // Its children notice by themselves; a new one cannot start before they are gone.
    }

    /// Starts it again after [`Self::kill`], or after it ended by itself; one that runs is left alone. Recovery is part of it.
    pub async fn start_again(&mut self) -> Result<(), DbError> {
        if let Some(running) = &mut self.running {
            if tokio::time::timeout(Duration::from_millis(500), running.ended()).await.is_err() {
                return Ok(());
            }
            self.running = None;
        }
        // The children of one that was killed go by themselves, and are in the way until then.
        let mut tries = 0;
        loop {
            match PrivatePostgres::start(options(&self.dir)).await {
                Ok(running) => {
                    self.running = Some(running);
                    return Ok(());
                }
                Err(error) if tries >= 100 => return Err(error.into()),
                Err(_) => tokio::time::sleep(Duration::from_millis(200)).await,
            }
            tries += 1;
        }
    }

    /// Asks for new files of the write-ahead log until there is no room for another: it stops then.
    pub async fn use_up_wal(&self) {
        for _ in 0..100 {
            let write = "BEGIN; SELECT pg_current_xact_id(); COMMIT; SELECT pg_switch_wal()";
            if self.sql(write).await.is_err() {
                return;
            }
        }
    }

    /// A standby that follows it by streaming replication; from then on commits wait for the standby.
    pub async fn standby(&self) -> Result<Self, DbError> {
        let home = home()?;
        let dir = home.path().to_owned();
        PrivatePostgres::copy(&options(&self.dir), &options(&dir)).await?;
        let running = PrivatePostgres::start(options(&dir)).await?;
        let standby =
            Self { url: running.url().to_owned(), dir, running: Some(running), disk: None, _home: home };
        self.sql("ALTER SYSTEM SET synchronous_standby_names = '*'").await?;
        self.sql("SELECT pg_reload_conf()").await?;
        Ok(standby)
    }

    /// Makes a standby the one that takes writes.
    pub async fn promote(&self) -> Result<(), DbError> {
        self.sql("SELECT pg_promote(true, 60)").await
    }

    /// Takes all the room that its small disk has left.
    pub fn fill_disk(&self) -> std::io::Result<()> {
        self.disk.as_ref().map_or(Ok(()), SmallDisk::fill)
    }

    /// Gives that room back.
    pub fn make_room(&self) -> std::io::Result<()> {
        self.disk.as_ref().map_or(Ok(()), SmallDisk::make_room)
    }

    async fn sql(&self, sql: &str) -> Result<(), DbError> {
        Ok(connect(&with_database(&self.url, "postgres")).await?.batch_execute(sql).await?)
    }
}

impl Drop for OwnPostgres {
    fn drop(&mut self) {
        let Some(running) = self.running.take() else { return };
        if let Some(pid) = Pid::from_raw(running.pid()) {
            // Nothing in it is worth an orderly end.
            let _ = kill_process(pid, Signal::QUIT);
            let gone = || rustix::process::test_kill_process(pid).is_err() || is_zombie(running.pid());
            for _ in 0..200 {
                if gone() {
                    break;
                }
                std::thread::sleep(Duration::from_millis(20));
            }
            let _ = kill_process(pid, Signal::KILL);
        }
    }
}

fn is_zombie(pid: i32) -> bool {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    stat.rsplit_once(") ").is_some_and(|(_, rest)| rest.starts_with('Z'))
}

/// A tmpfs of its own size, unmounted when dropped.
#[derive(Debug)]
struct SmallDisk {
    place: PathBuf,
}

impl SmallDisk {
    fn mount(place: &Path, mib: u32) -> Result<Option<Self>, DbError> {
        fs::create_dir_all(place).map_err(|error| failed("make a mount point", &error))?;
        let size = format!("size={mib}m,mode=0711");
        let mounted = std::process::Command::new("mount")
            .args(["-t", "tmpfs", "-o", &size, "raas-test"])
            .arg(place)
            .output();
        let done = mounted.is_ok_and(|out| out.status.success());
        Ok(done.then(|| Self { place: place.to_owned() }))
    }

    fn ballast(&self) -> PathBuf {
        self.place.join("ballast")
    }

    fn fill(&self) -> std::io::Result<()> {
        use std::io::Write as _;
        let mut ballast = fs::File::options().create(true).append(true).open(self.ballast())?;
        for piece in [1 << 20, 4096] {
            let zeros = vec![0_u8; piece];
            while ballast.write_all(&zeros).is_ok() {}
        }
        Ok(())
    }

    fn make_room(&self) -> std::io::Result<()> {
        fs::remove_file(self.ballast())
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        // Lazily: the last of PostgreSQL's processes may still be ending.
        let _ = std::process::Command::new("umount").arg("-l").arg(&self.place).status();
    }
}

/// In /tmp: short enough for a socket, and PostgreSQL's user may pass.
fn home() -> Result<TempDir, DbError> {
    let home = tempfile::Builder::new().prefix("raas-own-").tempdir_in("/tmp");
    let home = home.map_err(|error| failed("make a folder in /tmp", &error))?;
    let mode = fs::Permissions::from_mode(0o711);
    fs::set_permissions(home.path(), mode).map_err(|error| failed("open a folder in /tmp", &error))?;
    Ok(home)
}

fn options(dir: &Path) -> PrivateOptions {
    let mut options = PrivateOptions::new(dir, "only-for-tests");
    options.search_path = search_path();
    options.settings = SETTINGS.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
    options
}

#[allow(clippy::disallowed_methods)] // tests have no main that could read it
fn search_path() -> Option<OsString> {
    std::env::var_os("PATH")
}

fn failed(what: &str, error: &std::io::Error) -> DbError {
    DbError::Config(format!("cannot {what}: {error}"))
}
