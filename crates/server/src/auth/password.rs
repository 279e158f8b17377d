//! Argon2id, off the async threads and a few at a time: a flood of logins must not take all memory.

use std::sync::LazyLock;

use argon2::{
    Argon2,
    password_hash::{PasswordHasher as _, PasswordVerifier as _, phc::PasswordHash},
};
use tokio::sync::Semaphore;

/// Each takes 19 MiB while it runs (the library's defaults, which follow OWASP).
static RUNNING: Semaphore = Semaphore::const_new(4);

/// Verified when there is no such account, so that the answer takes as long. A hash of a random password.
static NOBODY: LazyLock<String> = LazyLock::new(|| {
    Argon2::default().hash_password(b"nobody").map(|hash| hash.to_string()).unwrap_or_default()
});

/// A password could not be hashed or verified.
#[derive(Debug, thiserror::Error)]
#[error("password hashing failed: {0}")]
pub struct PasswordError(String);

/// The PHC text of a password.
///
/// # Errors
/// When hashing fails.
pub async fn hash(password: String) -> Result<String, PasswordError> {
    run(move || {
        Argon2::default()
            .hash_password(password.as_bytes())
            .map(|h| h.to_string())
            .map_err(|e| PasswordError(e.to_string()))
    })
    .await?
}

/// Whether the password fits the hash; without a hash it never does, and takes as long.
///
/// # Errors
/// When the check cannot be run.
pub async fn verify(password: String, phc: Option<String>) -> Result<bool, PasswordError> {
    run(move || {
        let text = phc.as_deref().unwrap_or(&NOBODY);
        let fits = PasswordHash::new(text)
            .is_ok_and(|parsed| Argon2::default().verify_password(password.as_bytes(), &parsed).is_ok());
        fits && phc.is_some()
    })
    .await
}

async fn run<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, PasswordError> {
    let _permit = RUNNING.acquire().await.map_err(|e| PasswordError(e.to_string()))?;
    tokio::task::spawn_blocking(work).await.map_err(|e| PasswordError(e.to_string()))
}
