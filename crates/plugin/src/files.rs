//! Files that must be whole or not there: written beside their place, fsynced, then put in place. No content is known here.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

/// Writes `path` anew, with `mode`; readers see the old file or the new one.
///
/// # Errors
/// When the directory cannot be written, or the disk is full.
pub fn replace(path: &Path, content: &[u8], mode: u32) -> io::Result<()> {
    let beside = write_beside(path, content, mode)?;
    let done = fs::rename(&beside, path).and_then(|()| sync_directory(path));
    if done.is_err() {
        let _ = fs::remove_file(&beside);
    }
    done
}

/// Writes `path`, with `mode`, unless it is there already.
///
/// # Errors
/// `AlreadyExists` when it is there, else as [`replace`].
pub fn create(path: &Path, content: &[u8], mode: u32) -> io::Result<()> {
    let beside = write_beside(path, content, mode)?;
    let done = fs::hard_link(&beside, path).and_then(|()| sync_directory(path));
    let _ = fs::remove_file(&beside);
    done
}

fn write_beside(path: &Path, content: &[u8], mode: u32) -> io::Result<PathBuf> {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".new-{}", std::process::id()));
    let beside = path.with_file_name(name);
    let _ = fs::remove_file(&beside);
    let write = || {
        let mut file = OpenOptions::new().write(true).create_new(true).mode(mode).open(&beside)?;
        file.set_permissions(fs::Permissions::from_mode(mode))?;
        file.write_all(content)?;
        file.sync_all()
    };
    if let Err(error) = write() {
        let _ = fs::remove_file(&beside);
        return Err(error);
    }
    Ok(beside)
}

fn sync_directory(path: &Path) -> io::Result<()> {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => File::open(parent)?.sync_all(),
        _ => Ok(()),
    }
}
