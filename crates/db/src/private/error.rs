//! Why the private PostgreSQL does not run, and what to do about it.
use std::io;
use std::path::PathBuf;

/// Why the private PostgreSQL cannot be started. Every message ends with a way out.
#[derive(Debug, thiserror::Error)]
pub enum PrivateError {
    /// PostgreSQL is not installed.
    #[error(
        "PostgreSQL's programs (initdb, postgres) were not found; looked in {searched}. Install them (Debian, Ubuntu: \
         apt install postgresql; RHEL, Fedora: dnf install postgresql-server; macOS: brew install postgresql), or use a \
         PostgreSQL of your own with --database-url"
    )]
    NoPrograms {
        /// The folders.
        searched: String,
    },
    /// Another major version made the data.
    #[error(
        "{} was made by PostgreSQL {data_major}, but only {found} was found. Install PostgreSQL {data_major} beside it, \
         or move the data over with pg_upgrade",
        data.display()
    )]
    WrongVersion {
        /// The data directory.
        data: PathBuf,
        /// Who made it.
        data_major: u32,
        /// What there is.
        found: String,
    },
    /// A raas uses this data dir.
    #[error("another raas is using {}: stop it first, or give this one a --data-dir of its own", base.display())]
    InUse {
        /// The folder.
        base: PathBuf,
    },
    /// A PostgreSQL that does not know us runs on our data.
    #[error(
        "process {pid} is a PostgreSQL that runs on {} but does not answer to this raas ({said}). If nobody needs it, \
         stop it (kill -INT {pid}), then start again",
        data.display()
    )]
    NotOurs {
        /// The process.
        pid: i32,
        /// The data directory.
        data: PathBuf,
        /// What it answered.
        said: String,
    },
    /// The folder is not what it should be.
    #[error("{}: {what}", path.display())]
    Folder {
        /// Which one.
        path: PathBuf,
        /// What is wrong and what to do.
        what: String,
    },
    /// PostgreSQL's account cannot pass through a folder.
    #[error(
        "PostgreSQL must not run as root and runs as user {user}, which may not pass through {}. Allow it \
         (chmod o+x {}), choose another --data-dir, or run raas as an ordinary user",
        path.display(),
        path.display()
    )]
    NoWay {
        /// The account.
        user: String,
        /// The first folder that stops it.
        path: PathBuf,
    },
    /// There is no account to run as.
    #[error("PostgreSQL must not run as root, and {what}")]
    NoUser {
        /// What is missing and what to do.
        what: String,
    },
    /// A file operation failed.
    #[error("cannot {what} {}: {source}", path.display())]
    Io {
        /// A verb.
        what: &'static str,
        /// The file.
        path: PathBuf,
        /// The reason.
        source: io::Error,
    },
    /// `initdb` failed.
    #[error("initdb could not make a database in {}: {said}", data.display())]
    Initdb {
        /// The data directory.
        data: PathBuf,
        /// Its words.
        said: String,
    },
    /// PostgreSQL ended while it started.
    #[error("PostgreSQL ended while it started ({how}): {said}. See {}", log.display())]
    Ended {
        /// Its exit status.
        how: String,
        /// Its last words.
        said: String,
        /// Where the rest is.
        log: PathBuf,
    },
    /// PostgreSQL runs but does not answer.
    #[error("PostgreSQL did not answer within {seconds} s ({said}). See {}", log.display())]
    Silent {
        /// How long we waited.
        seconds: u64,
        /// The last error.
        said: String,
        /// Where the rest is.
        log: PathBuf,
    },
}

impl PrivateError {
    /// For `map_err` of file operations.
    pub(crate) fn io(what: &'static str, path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |source| Self::Io { what, path, source }
    }
}
