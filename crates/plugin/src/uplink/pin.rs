//! The server's key as this master first saw it: every later reply must be signed with it.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::RwLock;

use raas_wire::key::{self, VerifyingKey};

use crate::files;

/// Why a server is not trusted.
#[derive(Debug, thiserror::Error)]
pub enum PinError {
    /// Another key than the one seen first.
    #[error(
        "the server's key is {found}, but this master first saw {pinned}: if the server was really set up anew, remove {} and restart salt-master",
        path.display()
    )]
    Changed {
        /// Fingerprint seen now.
        found: String,
        /// Fingerprint seen first.
        pinned: String,
        /// The file that keeps it.
        path: PathBuf,
    },
    /// The file cannot be used.
    #[error("the server's key in {} cannot be {what}: {why}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// `read` or `written`.
        what: &'static str,
        /// The cause.
        why: String,
    },
}

/// The pinned key.
#[derive(Debug)]
pub struct Pin {
    path: PathBuf,
    key: RwLock<Option<VerifyingKey>>,
}

impl Pin {
    /// Reads the file, if there is one.
    ///
    /// # Errors
    /// When it is there and is not a key.
    pub fn load(path: &Path) -> Result<Self, PinError> {
        let fail = |why: String| PinError::File { path: path.to_owned(), what: "read", why };
        let key = match fs::read_to_string(path) {
            Ok(pem) => Some(key::public_from_pem(&pem).map_err(|error| fail(error.to_string()))?),
            Err(error) if error.kind() == ErrorKind::NotFound => None,
            Err(error) => return Err(fail(error.to_string())),
        };
        Ok(Self { path: path.to_owned(), key: RwLock::new(key) })
    }

    /// The key, once one was seen.
    pub fn get(&self) -> Option<VerifyingKey> {
        self.key.read().map_or_else(|poisoned| *poisoned.into_inner(), |key| *key)
    }

    /// Keeps `found` at first sight; later it must be the same.
    ///
    /// # Errors
    /// When it is another one, or the file cannot be written.
    pub fn see(&self, found: &VerifyingKey) -> Result<(), PinError> {
        match self.get() {
            Some(pinned) if pinned == *found => Ok(()),
            Some(pinned) => Err(self.changed(found, &pinned)),
            None => self.keep(found),
        }
    }

    fn changed(&self, found: &VerifyingKey, pinned: &VerifyingKey) -> PinError {
        let (found, pinned) = (key::fingerprint(found), key::fingerprint(pinned));
        PinError::Changed { found, pinned, path: self.path.clone() }
    }

    fn keep(&self, found: &VerifyingKey) -> Result<(), PinError> {
        let fail = |why: String| PinError::File { path: self.path.clone(), what: "written", why };
        let pem = key::public_to_pem(found).map_err(|error| fail(error.to_string()))?;
        files::replace(&self.path, pem.as_bytes(), 0o600).map_err(|error| fail(error.to_string()))?;
        let fingerprint = key::fingerprint(found);
        tracing::info!(fingerprint, file = %self.path.display(), "server's key seen for the first time and kept");
        if let Ok(mut key) = self.key.write() {
            *key = Some(*found);
        }
        Ok(())
    }
}
