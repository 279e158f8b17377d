//! The log: standard error, and a file beside the master's own log, since an engine's standard error goes nowhere once the
//! master is a daemon. The file is cut in time; nothing secret is ever logged.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::{EnvFilter, layer::SubscriberExt as _, util::SubscriberInitExt as _};

/// A log larger than this becomes `.1`, in place of the one before.
const MOST: u64 = 10 << 20;

/// Starts logging with `filter` (as `info` or `raas_plugin=debug`); to `file` too, when it can be written.
pub fn start(filter: &str, file: Option<&Path>) {
    let opened = file.map(|path| (path, LogFile::open(path)));
    let filter = EnvFilter::try_new(filter).unwrap_or_else(|_| EnvFilter::new("info"));
    let to_stderr =
        tracing_subscriber::fmt::layer().with_ansi(false).with_target(false).with_writer(io::stderr);
    let registry = tracing_subscriber::registry().with(filter).with(to_stderr);
    match opened {
        Some((_, Ok(file))) => {
            let to_file =
                tracing_subscriber::fmt::layer().with_ansi(false).with_target(false).with_writer(file);
            let _ = registry.with(to_file).try_init();
        }
        Some((path, Err(error))) => {
            let _ = registry.try_init();
            tracing::warn!(file = %path.display(), %error, "no log file; the log goes to standard error only");
        }
        None => drop(registry.try_init()),
    }
}

#[derive(Clone, Debug)]
struct LogFile(Arc<Mutex<Open>>);

#[derive(Debug)]
struct Open {
    path: PathBuf,
    file: File,
    size: u64,
}

impl LogFile {
    fn open(path: &Path) -> io::Result<Self> {
        let file = append_to(path)?;
        let size = file.metadata()?.len();
        Ok(Self(Arc::new(Mutex::new(Open { path: path.to_owned(), file, size }))))
    }
}

fn append_to(path: &Path) -> io::Result<File> {
    OpenOptions::new().create(true).append(true).mode(0o640).open(path)
}

impl Write for &LogFile {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        let mut open = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if open.size > MOST {
            let mut old = open.path.clone().into_os_string();
            old.push(".1");
            fs::rename(&open.path, old)?;
            open.file = append_to(&open.path)?;
            open.size = 0;
        }
        open.size += line.len() as u64;
        open.file.write_all(line)?;
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for LogFile {
    type Writer = &'a Self;

    fn make_writer(&'a self) -> Self::Writer {
        self
    }
}
