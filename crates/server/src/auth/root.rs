//! The first account: `root`, made once, with a password that nobody ships.

use jiff::Timestamp;
use raas_db::{DbError, Session, account};

use super::password::{PasswordError, hash};
use crate::random::Random;

/// Where root's first password came from.
#[derive(Debug)]
pub enum RootPassword {
    /// The account was there already.
    Kept,
    /// `RAAS_ROOT_PASSWORD`.
    Given,
    /// Drawn: show it once, keep it in a file with mode 0600.
    Drawn(String),
}

/// Why root could not be made.
#[derive(Debug, thiserror::Error)]
pub enum RootError {
    /// The database.
    #[error(transparent)]
    Db(#[from] DbError),
    /// Hashing.
    #[error(transparent)]
    Password(#[from] PasswordError),
}

/// Makes the account `root` (role Superuser) when there is none.
///
/// # Errors
/// When the database or hashing fails.
pub async fn ensure_root(
    session: &impl Session,
    random: &dyn Random,
    now: Timestamp,
    given: Option<String>,
) -> Result<RootPassword, RootError> {
    if account::find(session, "internal", "root").await?.is_some() {
        return Ok(RootPassword::Kept);
    }
    let drawn = given.is_none();
    let password = given.unwrap_or_else(|| hex::encode(&random.key()[..16]));
    let account = account::Account {
        account_uuid: random.uuid(),
        config_name: "internal".to_owned(),
        username: "root".to_owned(),
        password_hash: Some(hash(password.clone()).await?),
        roles: vec!["Superuser".to_owned()],
        created_at: now,
        last_login_at: None,
    };
    if !account::insert(session, &account).await? {
        return Ok(RootPassword::Kept); // another server was first
    }
    Ok(if drawn { RootPassword::Drawn(password) } else { RootPassword::Given })
}
