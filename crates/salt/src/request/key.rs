//! The key file that opens the master's request port. Read again for each request: 3006 makes a new key at every start.

use std::fs;
use std::io;
use std::path::PathBuf;

use super::RequestError;
use crate::MasterConfig;

/// Where the key may be.
#[derive(Clone, Debug)]
pub(super) struct MasterKey {
    cachedir: PathBuf,
    user: String,
}

/// A key that was read. Its text is never shown.
pub(super) struct KeyText {
    pub(super) path: PathBuf,
    pub(super) text: String,
    /// The only name that Salt takes with this key, unless it takes any.
    only_user: Option<String>,
}

impl std::fmt::Debug for KeyText {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("KeyText").field("path", &self.path).finish_non_exhaustive()
    }
}

impl KeyText {
    /// Whom to name in a request: with the key of root or `salt` anybody, else only the master's own user.
    pub(super) fn user(&self, wanted: &str) -> String {
        self.only_user.clone().unwrap_or_else(|| wanted.to_owned())
    }
}

impl MasterKey {
    pub(super) fn new(config: &MasterConfig) -> Self {
        Self { cachedir: config.cachedir.clone(), user: config.user.clone() }
    }

    /// The file of the master's own user.
    pub(super) fn path(&self) -> PathBuf {
        self.file(&self.user)
    }

    fn file(&self, user: &str) -> PathBuf {
        // As Salt does for Windows' domain users.
        self.cachedir.join(format!(".{}_key", user.replace('\\', "_")))
    }

    /// root's key first where we may read it, since any name can be given with it.
    pub(super) fn read(&self) -> Result<KeyText, RequestError> {
        let any = |user: &str| matches!(user, "root" | "salt");
        let users = if any(&self.user) { [self.user.as_str(), "root"] } else { ["root", self.user.as_str()] };
        let mut first_error: Option<(PathBuf, io::Error)> = None;
        for user in users {
            let path = self.file(user);
            match fs::read_to_string(&path) {
                Ok(text) => {
                    let only_user = (!any(user)).then(|| user.to_owned());
                    return Ok(KeyText { path, text: text.trim().to_owned(), only_user });
                }
                Err(error) if user == self.user => first_error = Some((path, error)),
                Err(_) => {}
            }
        }
        let (path, source) = first_error.unwrap_or_else(|| (self.path(), io::ErrorKind::NotFound.into()));
        Err(RequestError::Key { path, source })
    }
}
