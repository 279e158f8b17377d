//! Whose the installed files are: the user the master runs as.

use std::io;
use std::path::Path;

/// A user and its group.
#[derive(Clone, Copy, Debug)]
pub(super) struct Owner {
    uid: u32,
    gid: u32,
}

/// The user called `name`; a sentence for the operator when it is not found.
pub(super) fn of(name: &str) -> Result<Owner, String> {
    let users = std::fs::read_to_string("/etc/passwd").unwrap_or_default();
    let found = users.lines().find_map(|line| {
        let mut parts = line.split(':');
        (parts.next() == Some(name))
            .then(|| parts.skip(1).take(2).map(|id| id.parse().ok()).collect::<Vec<_>>())
    });
    match found.as_deref() {
        Some([Some(uid), Some(gid)]) => Ok(Owner { uid: *uid, gid: *gid }),
        _ => Err(format!(
            "the master runs as user {name:?}, which is not in /etc/passwd: give that user these files (chown)"
        )),
    }
}

/// Gives a file to `owner`, when we may.
pub(super) fn give(path: &Path, owner: Option<&Owner>) -> io::Result<()> {
    let Some(Owner { uid, gid }) = owner else { return Ok(()) };
    if !rustix::process::geteuid().is_root() {
        return Ok(());
    }
    std::os::unix::fs::chown(path, Some(*uid), Some(*gid))
}
