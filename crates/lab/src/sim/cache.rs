//! The job cache of a simulated master, written as Salt's `local_cache` does: whole files or none. Blocking calls.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use raas_salt::{Value, msgpack};
use sha2::{Digest as _, Sha256};

use super::line::Sent;

/// Keeps what was published.
pub(super) fn keep_load(jobs: &Path, jid: &str, load: &Value) -> io::Result<()> {
    let dir = dir_of(jobs, jid);
    fs::create_dir_all(&dir)?;
    whole(&dir.join("jid"), jid.as_bytes())?;
    whole(&dir.join(".load.p"), &msgpack::write(load))
}

/// Keeps a return. A job that this master never published is not kept, as Salt does not; nor is a second return of a minion.
pub(super) fn keep_return(jobs: &Path, sent: &Sent, value: &Value) -> io::Result<()> {
    let job = dir_of(jobs, &sent.jid);
    if !job.join("jid").is_file() {
        return Ok(());
    }
    let dir = job.join(&sent.id);
    match fs::create_dir(&dir) {
        Ok(()) => {}
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists && dir.join("return.p").is_file() => {
            return Ok(());
        }
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
        Err(error) => return Err(error),
    }
    let fields = [
        ("return", value.clone()),
        ("retcode", Value::from(sent.retcode)),
        ("success", Value::from(sent.retcode == 0)),
    ];
    let kept = Value::Map(fields.into_iter().map(|(key, value)| (Value::from(key), value)).collect());
    whole(&dir.join("return.p"), &msgpack::write(&kept))
}

fn dir_of(jobs: &Path, jid: &str) -> PathBuf {
    let hash = hex::encode(Sha256::digest(jid));
    let (first, rest) = hash.split_at(2);
    jobs.join(first).join(rest)
}

fn whole(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let half = path.with_extension("half");
    fs::File::create(&half)?.write_all(bytes)?;
    fs::rename(half, path)
}
