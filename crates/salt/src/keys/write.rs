//! Writing a key file: whole or not at all, with the owner and access of its directory.

use std::fs::{self, File};
use std::io::Write as _;
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _, PermissionsExt as _, chown};
use std::path::Path;

use super::{KeyError, KeyList, Keys, io_at};

impl Keys {
    /// Makes the directory of a list where Salt has not made it yet.
    pub(super) fn make_dir(&self, list: KeyList) -> Result<(), KeyError> {
        let dir = self.dir_of(list);
        if dir.is_dir() {
            return Ok(());
        }
        fs::create_dir(&dir).map_err(io_at(&dir))?;
        fs::set_permissions(&dir, fs::Permissions::from_mode(0o700)).map_err(io_at(&dir))?;
        give_away(&self.dir, &dir).map_err(io_at(&dir))
    }

    /// Writes a key. Its half-written form is beside the lists, where Salt does not look for keys.
    pub(super) fn write_key(&self, list: KeyList, minion_id: &str, pem: &str) -> Result<(), KeyError> {
        self.make_dir(list)?;
        let dir = self.dir_of(list);
        let half = self.dir.join(format!(".half-written-{}-{minion_id}", std::process::id()));
        let target = dir.join(minion_id);
        let written = write_whole(&dir, &half, pem).and_then(|()| fs::rename(&half, &target));
        if written.is_err() {
            let _ = fs::remove_file(&half);
        }
        written.map_err(io_at(&target))
    }
}

fn write_whole(dir: &Path, path: &Path, pem: &str) -> std::io::Result<()> {
    let mode = fs::metadata(dir)?.mode() & 0o664;
    let mut file = File::options().write(true).create(true).truncate(true).mode(0o600).open(path)?;
    file.write_all(pem.as_bytes())?;
    file.set_permissions(fs::Permissions::from_mode(mode | 0o600))?;
    file.sync_all()?;
    drop(file);
    give_away(dir, path)
}

/// Gives a file to the owner of a directory; only root can, anybody else owns what he makes.
fn give_away(like: &Path, path: &Path) -> std::io::Result<()> {
    let (like, own) = (fs::metadata(like)?, fs::metadata(path)?);
    if (like.uid(), like.gid()) == (own.uid(), own.gid()) || !rustix::process::geteuid().is_root() {
        return Ok(());
    }
    chown(path, Some(like.uid()), Some(like.gid()))
}
