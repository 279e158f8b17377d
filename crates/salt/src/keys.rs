//! The keys of minions as the master has them: four directories of files. Reading and changing; blocking calls.
//!
//! Salt looks at these files at every authentication and publish, so a written key counts at once, without a restart.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};

use crate::{MasterConfig, is_minion_id};

mod change;
mod write;

pub use change::Change;

/// Key files larger than this are no keys.
const MAX_KEY: u64 = 64 << 10;

/// In which list a key is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum KeyList {
    /// `minions`
    Accepted,
    /// `minions_pre`
    Pending,
    /// `minions_rejected`
    Rejected,
    /// `minions_denied`: another key came under a known id.
    Denied,
}

impl KeyList {
    /// All lists.
    pub const ALL: [Self; 4] = [Self::Accepted, Self::Pending, Self::Rejected, Self::Denied];

    /// Its directory.
    pub fn dir(self) -> &'static str {
        match self {
            Self::Accepted => "minions",
            Self::Pending => "minions_pre",
            Self::Rejected => "minions_rejected",
            Self::Denied => "minions_denied",
        }
    }
}

/// Key of one minion.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    /// Minion.
    pub minion_id: String,
    /// SHA-256 (hex) of the PEM text, white space at its ends removed.
    pub fingerprint: String,
    /// PEM.
    pub public_key: String,
}

/// All four lists, each by id.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lists {
    /// `minions`
    pub accepted: Vec<Key>,
    /// `minions_pre`
    pub pending: Vec<Key>,
    /// `minions_rejected`
    pub rejected: Vec<Key>,
    /// `minions_denied`
    pub denied: Vec<Key>,
}

/// Why keys could not be read, or a change was not made.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// Not a plain file name.
    #[error("{0:?} is no minion id: an id is a plain file name")]
    BadId(String),
    /// Not a key.
    #[error("the key given for minion {minion_id:?} is no PEM public key")]
    BadKey {
        /// Minion.
        minion_id: String,
    },
    /// A different key is held under the id.
    #[error(
        "minion {minion_id:?} is known here with another key: held ({list}) {held}, given {given}; compare them on the minion \
         with `salt-call --local key.finger`, and delete the wrong one first",
        list = .list.dir()
    )]
    DifferentKey {
        /// Minion.
        minion_id: String,
        /// In this list.
        list: KeyList,
        /// Fingerprint of the key here.
        held: String,
        /// Fingerprint of the key that was given.
        given: String,
    },
    /// Nothing is known of the minion, and no key was given.
    #[error("no key of minion {0:?} is known here")]
    NoKey(String),
    /// Keys are not in files.
    #[error(
        "this master keeps its keys with the driver {0:?}, not in files (`keys.cache_driver`): change them with salt-key"
    )]
    OtherDriver(String),
    /// A file.
    #[error("{}: {source}", path.display())]
    Io {
        /// The file or directory.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

pub(super) fn io_at(path: &Path) -> impl FnOnce(io::Error) -> KeyError {
    let path = path.to_owned();
    move |source| KeyError::Io { path, source }
}

/// SHA-256 (hex) of a PEM text, white space at its ends removed.
pub fn fingerprint(pem: &str) -> String {
    hex::encode(Sha256::digest(pem.trim().as_bytes()))
}

/// The keys of one master. All calls block on files: use them off the async threads.
#[derive(Clone, Debug)]
pub struct Keys {
    dir: PathBuf,
    driver: String,
}

impl Keys {
    /// Of a master; in a native cluster the keys of all its masters.
    pub fn new(config: &MasterConfig) -> Self {
        Self { dir: config.minion_pki_dir().to_owned(), driver: config.keys_cache_driver.clone() }
    }

    /// All lists. A directory that is not there is an empty list.
    pub fn lists(&self) -> Result<Lists, KeyError> {
        self.check_driver()?;
        Ok(Lists {
            accepted: self.list(KeyList::Accepted)?,
            pending: self.list(KeyList::Pending)?,
            rejected: self.list(KeyList::Rejected)?,
            denied: self.list(KeyList::Denied)?,
        })
    }

    /// Changes whenever a key is added or removed by anybody: cheap to ask, to see whether [`Keys::lists`] is worth it.
    pub fn stamp(&self) -> Vec<Option<std::time::SystemTime>> {
        let modified = |list: KeyList| fs::metadata(self.dir_of(list)).and_then(|data| data.modified()).ok();
        KeyList::ALL.into_iter().map(modified).collect()
    }

    /// SHA-256 of the master's own public key file (`master.pub`), or of another file beside it; `None` when there is none.
    pub fn of_master(config: &MasterConfig, file: &str) -> Option<String> {
        read_key(&config.pki_dir.join(file)).ok().flatten().map(|pem| fingerprint(&pem))
    }

    /// One key in one list.
    pub(super) fn key(&self, list: KeyList, minion_id: &str) -> Result<Option<Key>, KeyError> {
        let pem = read_key(&self.dir_of(list).join(minion_id))?;
        Ok(pem.map(|pem| Key {
            minion_id: minion_id.to_owned(),
            fingerprint: fingerprint(&pem),
            public_key: pem.trim().to_owned(),
        }))
    }

    fn list(&self, list: KeyList) -> Result<Vec<Key>, KeyError> {
        let dir = self.dir_of(list);
        let entries = match fs::read_dir(&dir) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(io_at(&dir)(error)),
        };
        let mut keys = Vec::new();
        for entry in entries {
            let name = entry.map_err(io_at(&dir))?.file_name();
            let Some(id) = name.to_str().filter(|id| is_minion_id(id)) else { continue };
            // A key that goes away while we look is not there.
            keys.extend(self.key(list, id)?);
        }
        keys.sort_by(|a, b| a.minion_id.cmp(&b.minion_id));
        Ok(keys)
    }

    fn dir_of(&self, list: KeyList) -> PathBuf {
        self.dir.join(list.dir())
    }

    fn check_driver(&self) -> Result<(), KeyError> {
        if self.driver == "localfs_key" { Ok(()) } else { Err(KeyError::OtherDriver(self.driver.clone())) }
    }
}

/// Text of a key file; `None` when there is none, or it is not a file of that size.
fn read_key(path: &Path) -> Result<Option<String>, KeyError> {
    let found = fs::metadata(path).and_then(|data| {
        let readable = data.is_file() && data.len() <= MAX_KEY;
        if readable { fs::read(path).map(Some) } else { Ok(None) }
    });
    match found {
        Ok(bytes) => Ok(bytes.map(|bytes| String::from_utf8_lossy(&bytes).into_owned())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(io_at(path)(error)),
    }
}
