//! One plugin per master: a lock on a file, gone with the process that holds it.

use std::fs::{File, OpenOptions};
use std::io;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;
use std::time::Duration;

use rustix::fs::{FlockOperation, flock};
use rustix::io::Errno;

/// How often the lock is tried.
const TRY: Duration = Duration::from_millis(200);

/// The lock, held until it is dropped.
#[derive(Debug)]
pub struct Lock(#[expect(dead_code, reason = "the open file is the lock")] File);

/// Takes the lock; a predecessor that is ending has `patience` to go. None when it stays.
///
/// # Errors
/// When the file cannot be made.
pub async fn take(path: &Path, patience: Duration) -> io::Result<Option<Lock>> {
    let file = OpenOptions::new().create(true).append(true).mode(0o600).open(path)?;
    let end = tokio::time::Instant::now() + patience;
    let mut said = false;
    loop {
        match flock(&file, FlockOperation::NonBlockingLockExclusive) {
            Ok(()) => return Ok(Some(Lock(file))),
            Err(Errno::WOULDBLOCK) if tokio::time::Instant::now() < end => {
                if !std::mem::replace(&mut said, true) {
                    tracing::info!(lock = %path.display(), "another raas-plugin of this master is still there: waiting");
                }
                tokio::time::sleep(TRY).await;
            }
            Err(Errno::WOULDBLOCK) => return Ok(None),
            Err(error) => return Err(error.into()),
        }
    }
}

/// Whether a plugin of this master runs; `None` when that cannot be seen.
pub fn is_held(path: &Path) -> Option<bool> {
    match File::open(path) {
        Ok(file) => match flock(&file, FlockOperation::NonBlockingLockShared) {
            Ok(()) => Some(false),
            Err(Errno::WOULDBLOCK) => Some(true),
            Err(_) => None,
        },
        Err(error) if error.kind() == io::ErrorKind::NotFound => Some(false),
        Err(_) => None,
    }
}
