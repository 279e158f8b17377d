//! The plugin's own key pair: made once, kept beside the master's keys. What the key is used for is not decided here.

use std::fs;
use std::io::ErrorKind;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use raas_wire::key::{self, SigningKey};

use crate::files;
use crate::random::Random;

/// Why there is no key.
#[derive(Debug, thiserror::Error)]
pub enum IdentityError {
    /// A file cannot be read or written.
    #[error("{} cannot be {what}: {why}; the master's user needs it", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// `read` or `written`.
        what: &'static str,
        /// The cause.
        why: std::io::Error,
    },
    /// Something else is there.
    #[error(
        "{} is {why}; if it belongs to something else, give the plugin another place with sseapi_pubkey_path",
        path.display()
    )]
    Foreign {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        why: String,
    },
}

/// The key pair of this master's plugin.
#[derive(Clone)]
pub struct Identity {
    /// The private half.
    pub key: SigningKey,
    /// The public half, SPKI PEM.
    pub public_pem: String,
    /// What operators compare.
    pub fingerprint: String,
}

impl std::fmt::Debug for Identity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Identity").field("fingerprint", &self.fingerprint).finish_non_exhaustive()
    }
}

/// Where the private half is: `.pub` becomes `.pem`.
pub fn private_path(public: &Path) -> PathBuf {
    if public.extension().is_some_and(|tail| tail == "pub") {
        return public.with_extension("pem");
    }
    PathBuf::from(format!("{}.pem", public.display()))
}

/// The fingerprint of the public key at `public`, for those who may not read the private one.
///
/// # Errors
/// When there is none, or something else.
pub fn fingerprint_at(public: &Path) -> Result<String, IdentityError> {
    let file = |why| IdentityError::File { path: public.to_owned(), what: "read", why };
    let pem = fs::read_to_string(public).map_err(file)?;
    let foreign =
        |why: key::KeyError| IdentityError::Foreign { path: public.to_owned(), why: why.to_string() };
    Ok(key::fingerprint(&key::public_from_pem(&pem).map_err(foreign)?))
}

impl Identity {
    /// Reads the pair, or makes it the first time. A crash in between leaves a whole pair or none.
    ///
    /// # Errors
    /// When the files cannot be read or written, or hold something else.
    pub fn load_or_make(public: &Path, random: &dyn Random) -> Result<Self, IdentityError> {
        let private = private_path(public);
        let key = match fs::read_to_string(&private) {
            Ok(pem) => read(&private, &pem)?,
            Err(error) if error.kind() == ErrorKind::NotFound => make(&private, public, random)?,
            Err(why) => return Err(IdentityError::File { path: private, what: "read", why }),
        };
        let identity = Self::of(key, &private)?;
        identity.publish(public)?;
        Ok(identity)
    }

    /// A pair that is never written.
    ///
    /// # Errors
    /// When it cannot be encoded.
    pub fn passing(random: &dyn Random) -> Result<Self, IdentityError> {
        Self::of(key::from_random(&random.key()), Path::new("(in memory)"))
    }

    fn of(key: SigningKey, private: &Path) -> Result<Self, IdentityError> {
        let verifying = key.verifying_key();
        let public_pem = key::public_to_pem(&verifying)
            .map_err(|why| IdentityError::Foreign { path: private.to_owned(), why: why.to_string() })?;
        Ok(Self { key, public_pem, fingerprint: key::fingerprint(&verifying) })
    }

    /// The public half follows from the private one, so it is put right when it does not.
    fn publish(&self, public: &Path) -> Result<(), IdentityError> {
        match fs::read_to_string(public) {
            Ok(there) if there.trim() == self.public_pem.trim() => return Ok(()),
            Ok(_) => tracing::warn!(file = %public.display(), "does not fit its private key: written anew"),
            Err(_) => {}
        }
        files::replace(public, self.public_pem.as_bytes(), 0o644).map_err(|why| IdentityError::File {
            path: public.to_owned(),
            what: "written",
            why,
        })
    }
}

fn read(private: &Path, pem: &str) -> Result<SigningKey, IdentityError> {
    let key = key::private_from_pem(pem)
        .map_err(|why| IdentityError::Foreign { path: private.to_owned(), why: why.to_string() })?;
    let open = fs::metadata(private).is_ok_and(|meta| meta.permissions().mode() & 0o077 != 0);
    if open {
        tracing::warn!(file = %private.display(), "others could read the private key: mode set to 0600");
        let _ = fs::set_permissions(private, fs::Permissions::from_mode(0o600));
    }
    Ok(key)
}

fn make(private: &Path, public: &Path, random: &dyn Random) -> Result<SigningKey, IdentityError> {
    // A public key without its private one belongs to somebody else.
    if let Ok(there) = fs::read_to_string(public)
        && key::public_from_pem(&there).is_err()
    {
        let why = "no Ed25519 public key".to_owned();
        return Err(IdentityError::Foreign { path: public.to_owned(), why });
    }
    let key = key::from_random(&random.key());
    let foreign =
        |why: key::KeyError| IdentityError::Foreign { path: private.to_owned(), why: why.to_string() };
    let pem = key::private_to_pem(&key).map_err(foreign)?;
    match files::create(private, pem.as_bytes(), 0o600) {
        Ok(()) => Ok(key),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            let there = fs::read_to_string(private).map_err(|why| IdentityError::File {
                path: private.to_owned(),
                what: "read",
                why,
            })?;
            read(private, &there)
        }
        Err(why) => Err(IdentityError::File { path: private.to_owned(), what: "written", why }),
    }
}
