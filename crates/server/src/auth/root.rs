//! The first account: `root`, made once, with a password that nobody ships.

use jiff::Timestamp;
use raas_api::BuiltInRole;
use raas_db::{Client, DbError, Session, account, role};

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

/// Writes what the built-in roles allow in this version.
///
/// # Errors
/// When the database fails.
pub async fn save_built_in_roles(client: &mut Client) -> Result<(), DbError> {
    let tx = client.transaction().await?;
    account::lock(&tx).await?;
    for one in BuiltInRole::ALL {
        let perms: Vec<&str> = one.permissions().iter().map(|permission| permission.as_str()).collect();
        role::save_built_in(&tx, one.as_str(), &perms).await?;
    }
    tx.commit().await
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
        password_hash: Some(hash(password.clone()).await?),
        roles: vec![BuiltInRole::Superuser.to_string()],
        ..account::Account::new(random.uuid(), "root", now)
    };
    if !account::insert(session, &account).await? {
        return Ok(RootPassword::Kept); // another server was first
    }
    Ok(if drawn { RootPassword::Drawn(password) } else { RootPassword::Given })
}
