//! Reads postmaster.pid: is a PostgreSQL running on our data already, or is the file stale? Stops nothing.
use std::fs;
use std::path::{Path, PathBuf};

use rustix::process::{Pid, test_kill_process};

use super::PrivateError;
use super::folders::Folders;

/// A PostgreSQL that runs on our data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Running {
    pub(super) pid: i32,
    pub(super) socket: Option<PathBuf>,
}

/// The PostgreSQL of our data, if one runs. A file whose process id now belongs to something else is put aside;
/// one whose process is dead is left: PostgreSQL itself then makes sure that nothing of the old one is left.
pub(super) fn find(folders: &Folders) -> Result<Option<Running>, PrivateError> {
    let path = folders.data.join("postmaster.pid");
    let Some(text) = read(&path)? else { return Ok(None) };
    let Some(found) = parse(&text) else {
        // PostgreSQL refuses to start with an empty file, which a full disk or a crash leaves.
        tracing::warn!(file = %path.display(), "put aside a postmaster.pid that names no process");
        return put_aside(&path);
    };
    if !is_alive(found.pid) {
        tracing::warn!(pid = found.pid, "PostgreSQL was not stopped in order; it recovers by itself now");
        return Ok(None);
    }
    if is_postgres_of(found.pid, &folders.data) {
        return Ok(Some(found));
    }
    tracing::warn!(pid = found.pid, "put aside a stale postmaster.pid: its process is another program now");
    put_aside(&path)
}

/// Where the running PostgreSQL has its socket.
pub(super) fn socket(folders: &Folders) -> Result<Option<PathBuf>, PrivateError> {
    let text = read(&folders.data.join("postmaster.pid"))?;
    Ok(text.as_deref().and_then(parse).and_then(|running| running.socket))
}

/// Whether there is a process with this id. One of another user counts.
pub(super) fn is_alive(pid: i32) -> bool {
    let Some(pid) = Pid::from_raw(pid) else { return false };
    !matches!(test_kill_process(pid), Err(rustix::io::Errno::SRCH)) && !is_zombie(pid.as_raw_nonzero().get())
}

fn read(path: &Path) -> Result<Option<String>, PrivateError> {
    match fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(PrivateError::io("read", path)(error)),
    }
}

fn put_aside(path: &Path) -> Result<Option<Running>, PrivateError> {
    let aside = path.with_extension("pid.stale");
    fs::rename(path, &aside).map_err(PrivateError::io("put aside", path))?;
    Ok(None)
}

/// Lines: pid, data directory, start time, port, socket folder, listen address, shared memory, status.
fn parse(text: &str) -> Option<Running> {
    let mut lines = text.lines();
    let pid = lines.next()?.trim().parse::<i32>().ok().filter(|pid| *pid > 1)?;
    let socket = lines.nth(3).map(str::trim).filter(|folder| !folder.is_empty()).map(PathBuf::from);
    Some(Running { pid, socket })
}

/// A killed child of a living parent stays in the table until the parent looks; it runs no more.
fn is_zombie(pid: i32) -> bool {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    stat.rsplit_once(") ").is_some_and(|(_, rest)| rest.starts_with('Z'))
}

/// PostgreSQL's working directory is its data directory; without /proc, its name must do.
fn is_postgres_of(pid: i32, data: &Path) -> bool {
    if let Ok(cwd) = fs::read_link(format!("/proc/{pid}/cwd")) {
        return data.canonicalize().is_ok_and(|data| data == cwd);
    }
    let out = std::process::Command::new("ps").args(["-p", &pid.to_string(), "-o", "comm="]).output();
    out.is_ok_and(|out| String::from_utf8_lossy(&out.stdout).contains("postgres"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with_pid_file(text: &str) -> (tempfile::TempDir, Folders) {
        let root = tempfile::tempdir().unwrap();
        let base = root.path().to_owned();
        let folders =
            Folders { data: base.join("data"), log: base.join("log"), socket: base.join("run"), base };
        fs::create_dir(&folders.data).unwrap();
        fs::write(folders.data.join("postmaster.pid"), text).unwrap();
        (root, folders)
    }

    #[test]
    fn the_file_is_read() {
        let text = "4711\n/d/data\n1700000000\n5432\n/d/run\n\n  5 6\nready   \n";
        assert_eq!(parse(text), Some(Running { pid: 4711, socket: Some("/d/run".into()) }));
        assert_eq!(parse("4711\n"), Some(Running { pid: 4711, socket: None }));
        assert_eq!(parse(""), None);
        assert_eq!(parse("-1\n"), None);
    }

    #[test]
    fn a_dead_process_leaves_its_file_to_postgresql() {
        let mut child = std::process::Command::new("true").spawn().unwrap();
        let pid = child.id();
        child.wait().unwrap();
        let (_root, folders) = with_pid_file(&format!("{pid}\n"));
        assert_eq!(find(&folders).unwrap(), None);
        assert!(folders.data.join("postmaster.pid").exists());
    }

    #[test]
    fn a_process_id_that_is_another_program_now_is_stale() {
        let (_root, folders) = with_pid_file(&format!("{}\n", std::process::id()));
        assert_eq!(find(&folders).unwrap(), None);
        assert!(!folders.data.join("postmaster.pid").exists());
    }

    #[test]
    fn an_empty_file_is_put_aside() {
        let (_root, folders) = with_pid_file("");
        assert_eq!(find(&folders).unwrap(), None);
        assert!(folders.data.join("postmaster.pid.stale").exists());
    }
}
