//! The folders and small files around the private PostgreSQL: made, owned, locked. What is in `data/` is `cluster`'s.
use std::fs::{self, DirBuilder, File, OpenOptions, Permissions};
use std::io::Write as _;
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};

use super::owner::Owner;
use super::{PrivateError, PrivateOptions};

/// A socket's whole path must fit into 104 bytes (macOS; Linux takes 108), its name included.
const LONGEST_SOCKET_FOLDER: usize = 103 - "/.s.PGSQL.5432.lock".len();

/// Where everything is.
#[derive(Debug, Clone)]
pub(super) struct Folders {
    pub(super) base: PathBuf,
    pub(super) data: PathBuf,
    pub(super) log: PathBuf,
    pub(super) socket: PathBuf,
}

impl Folders {
    /// Makes what is missing, except `data/`.
    pub(super) async fn prepare(options: &PrivateOptions, owner: &Owner) -> Result<Self, PrivateError> {
        // Others may pass, not look: PostgreSQL's user must reach its folder when raas is root.
        make_all(&options.data_dir)?;
        let data_dir =
            options.data_dir.canonicalize().map_err(PrivateError::io("find", &options.data_dir))?;
        let base = data_dir.join("postgres");
        make_all(&base)?;
        if let Some(path) = owner.obstacle(&base).await {
            return Err(PrivateError::NoWay { user: owner.name.clone(), path });
        }
        let folders = Self {
            data: base.join("data"),
            log: base.join("log"),
            socket: socket_folder(&base, options.runtime_dir.as_deref()),
            base,
        };
        own_folder(&folders.log, owner)?;
        own_folder(&folders.socket, owner)?;
        Ok(folders)
    }

    /// Makes this process the only raas here. The lock goes when the process goes, however it ends.
    pub(super) fn lock(&self) -> Result<File, PrivateError> {
        let path = self.base.join("lock");
        let file =
            private_file().append(true).create(true).open(&path).map_err(PrivateError::io("open", &path))?;
        match file.try_lock() {
            Ok(()) => Ok(file),
            Err(fs::TryLockError::WouldBlock) => Err(PrivateError::InUse { base: self.base.clone() }),
            Err(fs::TryLockError::Error(source)) => Err(PrivateError::Io { what: "lock", path, source }),
        }
    }

    /// The password of the database account.
    pub(super) fn password(&self) -> Result<String, PrivateError> {
        let path = self.password_file();
        let text = fs::read_to_string(&path).map_err(PrivateError::io(
            "read the database password (restore it from a backup; the data cannot be opened without it)",
            &path,
        ))?;
        Ok(text.trim_end().to_owned())
    }

    /// Keeps the password of a new database.
    pub(super) fn keep_password(&self, password: &str) -> Result<(), PrivateError> {
        write_private(&self.password_file(), password)
    }

    fn password_file(&self) -> PathBuf {
        self.base.join("password")
    }

    /// What PostgreSQL says before its own log is open, and in what we tell of a failed start.
    pub(super) fn start_log(&self) -> PathBuf {
        self.base.join("start.log")
    }
}

/// Writes a file that only we can read, whole or not at all.
pub(super) fn write_private(path: &Path, text: &str) -> Result<(), PrivateError> {
    let new = path.with_extension("new");
    let write = || {
        let mut file = private_file().write(true).create(true).truncate(true).open(&new)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        fs::rename(&new, path)
    };
    write().map_err(PrivateError::io("write", path))
}

fn private_file() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.mode(0o600);
    options
}

fn make_all(path: &Path) -> Result<(), PrivateError> {
    DirBuilder::new().recursive(true).mode(0o711).create(path).map_err(PrivateError::io("make", path))
}

/// A folder of PostgreSQL's user alone. One that is somebody else's is refused: /tmp is everybody's.
pub(super) fn own_folder(path: &Path, owner: &Owner) -> Result<(), PrivateError> {
    match DirBuilder::new().mode(0o700).create(path) {
        Ok(()) => {
            fs::set_permissions(path, Permissions::from_mode(0o700))
                .map_err(PrivateError::io("close", path))?;
            return owner.give(path);
        }
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {}
        Err(error) => return Err(PrivateError::io("make", path)(error)),
    }
    let meta = fs::symlink_metadata(path).map_err(PrivateError::io("look at", path))?;
    if !meta.is_dir() || meta.uid() != owner.uid || meta.mode() & 0o077 != 0 {
        return Err(PrivateError::Folder {
            path: path.to_owned(),
            what: format!("must be a folder of {} with mode 0700: move away what is there", owner.name),
        });
    }
    Ok(())
}

fn socket_folder(base: &Path, runtime_dir: Option<&Path>) -> PathBuf {
    let name = format!("raas-{}", &hex::encode(Sha256::digest(base.as_os_str().as_encoded_bytes()))[..12]);
    let mut choices = vec![base.join("run")];
    choices.extend(runtime_dir.map(|folder| folder.join(&name)));
    let last = Path::new("/tmp").join(&name);
    choices.into_iter().find(|folder| folder.as_os_str().len() <= LONGEST_SOCKET_FOLDER).unwrap_or(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_data_dir_gets_a_short_socket() {
        let long = Path::new("/srv").join("x".repeat(120));
        assert_eq!(socket_folder(Path::new("/srv/raas/postgres"), None), Path::new("/srv/raas/postgres/run"));
        let in_runtime = socket_folder(&long, Some(Path::new("/run/user/1000")));
        assert!(in_runtime.starts_with("/run/user/1000"), "{in_runtime:?}");
        let in_tmp = socket_folder(&long, Some(&long));
        assert!(in_tmp.starts_with("/tmp") && in_tmp.as_os_str().len() < 60, "{in_tmp:?}");
    }

    #[test]
    fn a_folder_that_others_can_write_is_refused() {
        let root = tempfile::tempdir().unwrap();
        let (uid, gid) = (rustix::process::geteuid().as_raw(), rustix::process::getegid().as_raw());
        let owner = Owner { name: "me".into(), uid, gid, change: false };
        let folder = root.path().join("run");
        own_folder(&folder, &owner).unwrap();
        own_folder(&folder, &owner).unwrap();
        fs::set_permissions(&folder, Permissions::from_mode(0o777)).unwrap();
        assert!(own_folder(&folder, &owner).unwrap_err().to_string().contains("0700"));
    }
}
