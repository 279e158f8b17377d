//! The data directory: what state it is in, and making a new one with initdb. Never removes data.
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::binaries::Binaries;
use super::folders::{Folders, own_folder, write_private};
use super::owner::Owner;
use super::{NAME, PrivateError, PrivateOptions, url};
use crate::connect::Connector;
use crate::options::DbOptions;

/// Written after initdb came to its end. Inside the data directory, so that a backup takes it along.
const MARKER: &str = "raas.made";

/// Ours, beside PostgreSQL's defaults. Written once; an operator may change it.
const SETTINGS: &str = "\
# Settings that raas chose when it made this database. Yours to change; PostgreSQL reads them at start.
shared_buffers = 128MB
max_connections = 100
max_wal_size = 1GB
checkpoint_timeout = 15min
wal_compression = on
jit = off
timezone = 'UTC'
log_timezone = 'UTC'
log_line_prefix = '%m [%p] '
log_min_duration_statement = 1s
log_filename = 'postgresql-%a.log'
log_rotation_age = 1d
log_rotation_size = 0
log_truncate_on_rotation = on
";

/// What is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    /// Nothing yet (any more): make it.
    Absent,
    /// A whole database of this major version.
    Ready(u32),
}

impl State {
    pub(super) fn is_ready(self) -> bool {
        self != Self::Absent
    }

    pub(super) fn major(self) -> Option<u32> {
        match self {
            Self::Ready(major) => Some(major),
            Self::Absent => None,
        }
    }
}

/// Looks at the data directory. What an interrupted initdb left is moved aside; what was ever in use is not touched.
pub(super) fn look(folders: &Folders) -> Result<State, PrivateError> {
    let data = &folders.data;
    let mut entries = match fs::read_dir(data) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(State::Absent),
        Err(error) => return Err(PrivateError::io("read", data)(error)),
    };
    if entries.next().is_none() {
        return Ok(State::Absent);
    }
    let wrong = |what: String| PrivateError::Folder { path: data.clone(), what };
    if data.join(MARKER).exists() {
        let text = fs::read_to_string(data.join("PG_VERSION")).unwrap_or_default();
        let major = text.trim().split('.').next().and_then(|major| major.parse().ok());
        return major.map(State::Ready).ok_or_else(|| {
            wrong(
                "the database is damaged: PG_VERSION is missing or empty. Restore this folder from a backup"
                    .into(),
            )
        });
    }
    // PostgreSQL writes this file when it first serves the data; initdb never does.
    if data.join("postmaster.opts").exists() {
        return Err(wrong(format!(
            "holds a database that raas did not make ({MARKER} is missing). If raas shall use it, make that file; \
             else move the folder away"
        )));
    }
    let aside = aside(data);
    fs::rename(data, &aside).map_err(PrivateError::io("move aside", data))?;
    tracing::warn!(
        from = %data.display(), to = %aside.display(),
        "an earlier start was interrupted while it made the database; its half-made files were moved aside"
    );
    Ok(State::Absent)
}

fn aside(data: &Path) -> PathBuf {
    let mut n = 1_u32;
    loop {
        let path = PathBuf::from(format!("{}-incomplete-{n}", data.display()));
        if !path.exists() {
            return path;
        }
        n = n.saturating_add(1);
    }
}

/// Makes a new database: only passwords over the socket, no TCP, UTF-8.
pub(super) async fn make(
    folders: &Folders,
    owner: &Owner,
    binaries: &Binaries,
    options: &PrivateOptions,
) -> Result<(), PrivateError> {
    tracing::info!(data = %folders.data.display(), postgresql = binaries.major, "making a private database");
    own_folder(&folders.data, owner)?;
    folders.keep_password(&options.fresh_password)?;
    let for_initdb = folders.base.join("password.initdb");
    write_private(&for_initdb, &options.fresh_password)?;
    owner.give(&for_initdb)?;
    let mut done = Ok(());
    // C.UTF-8 is not everywhere; C is. initdb checks the locale before it writes anything.
    for locale in ["C.UTF-8", "C"] {
        done = initdb(folders, owner, binaries, (locale, &for_initdb, options.throwaway)).await;
        if !matches!(&done, Err(PrivateError::Initdb { said, .. }) if said.contains("locale")) {
            break;
        }
    }
    fs::remove_file(&for_initdb).map_err(PrivateError::io("remove", &for_initdb))?;
    done?;
    let settings = folders.data.join("raas.conf");
    write_private(&settings, SETTINGS)?;
    owner.give(&settings)?;
    let main = folders.data.join("postgresql.conf");
    let text = fs::read_to_string(&main).map_err(PrivateError::io("read", &main))?;
    write_private(&main, &format!("{text}\ninclude_if_exists 'raas.conf'\n"))?;
    owner.give(&main)?;
    let marker = folders.data.join(MARKER);
    write_private(&marker, "initdb came to its end; raas may use this database\n")?;
    owner.give(&marker)
}

async fn initdb(
    folders: &Folders,
    owner: &Owner,
    binaries: &Binaries,
    (locale, password_file, no_sync): (&str, &Path, bool),
) -> Result<(), PrivateError> {
    let program = binaries.program("initdb");
    let mut command = owner.command(&program);
    command
        .arg("--pgdata")
        .arg(&folders.data)
        .args(["--username", NAME, "--encoding", "UTF8", "--locale", locale, "--data-checksums"])
        .args(["--auth-local", "scram-sha-256", "--auth-host", "scram-sha-256"])
        .arg("--pwfile")
        .arg(password_file)
        .stdin(std::process::Stdio::null())
        .kill_on_drop(true);
    if no_sync {
        command.arg("--no-sync");
    }
    let out = command.output().await.map_err(PrivateError::io("run", &program))?;
    if out.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&out.stderr).trim().replace('\n', " ");
    Err(PrivateError::Initdb { data: folders.data.clone(), said })
}

/// Makes the database `raas` in a fresh PostgreSQL. Nothing else can make it meanwhile: we hold the lock.
pub(super) async fn ensure_database(socket: &Path, password: &str) -> Result<(), PrivateError> {
    let silent = |error: crate::DbError| PrivateError::Silent {
        seconds: 0,
        said: error.internal(),
        log: socket.into(),
    };
    let mut options = DbOptions::new(url(socket, password, "postgres"));
    options.statement_timeout = Duration::from_secs(120);
    let connector = Connector::new(&options).map_err(silent)?;
    let (client, task) = connector.connect_driven().await.map_err(silent)?;
    let work = async {
        let row =
            client.query_one(include_str!("../../queries/private/database_exists.sql"), &[&NAME]).await?;
        if !row.try_get::<_, bool>(0)? {
            client.batch_execute(include_str!("../../queries/private/create_database.sql")).await?;
        }
        Ok::<_, tokio_postgres::Error>(())
    };
    let done = work.await.map_err(|error| silent(error.into()));
    drop(client);
    let _ = task.await;
    done
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folders(root: &Path) -> Folders {
        let base = root.to_owned();
        Folders { data: base.join("data"), log: base.join("log"), socket: base.join("run"), base }
    }

    fn with_files(names: &[&str]) -> (tempfile::TempDir, Folders) {
        let root = tempfile::tempdir().unwrap();
        let folders = folders(root.path());
        fs::create_dir(&folders.data).unwrap();
        for name in names {
            fs::write(folders.data.join(name), "15\n").unwrap();
        }
        (root, folders)
    }

    #[test]
    fn a_whole_database_is_used_and_an_empty_folder_is_filled() {
        let (_root, folders) = with_files(&["PG_VERSION", MARKER]);
        assert_eq!(look(&folders).unwrap(), State::Ready(15));
        let (_root, folders) = with_files(&[]);
        assert_eq!(look(&folders).unwrap(), State::Absent);
    }

    #[test]
    fn what_an_interrupted_initdb_left_is_moved_aside_each_time() {
        let (root, folders) = with_files(&["PG_VERSION"]);
        assert_eq!(look(&folders).unwrap(), State::Absent);
        assert!(root.path().join("data-incomplete-1/PG_VERSION").exists());
        fs::create_dir(&folders.data).unwrap();
        fs::write(folders.data.join("half"), "").unwrap();
        assert_eq!(look(&folders).unwrap(), State::Absent);
        assert!(root.path().join("data-incomplete-2/half").exists());
    }

    #[test]
    fn a_database_that_was_in_use_is_never_moved() {
        let (root, folders) = with_files(&["PG_VERSION", "postmaster.opts"]);
        let error = look(&folders).unwrap_err().to_string();
        assert!(error.contains("raas did not make"), "{error}");
        assert!(root.path().join("data/PG_VERSION").exists());
    }

    #[test]
    fn a_damaged_database_is_explained() {
        let (_root, folders) = with_files(&[MARKER]);
        let error = look(&folders).unwrap_err().to_string();
        assert!(error.contains("PG_VERSION is missing"), "{error}");
    }
}
