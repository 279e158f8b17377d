//! Brings the schema up to date: numbered, forward-only files of /migrations, embedded by build.rs. No schema here.
use std::time::Duration;

use sha2::{Digest as _, Sha256};
use tokio::time::{Instant, sleep};
use tokio_postgres::Client;

use crate::connect::Connector;
use crate::error::DbError;
use crate::pool::Db;

const EMBEDDED: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/migrations.rs"));
/// "raas" as a number: the advisory lock that one migrating server holds.
const LOCK: i64 = 0x7261_6173;
/// How long to wait for another server that migrates.
const PATIENCE: Duration = Duration::from_secs(600);
/// First line of a file that cannot run in a transaction (`CREATE INDEX CONCURRENTLY`): it holds one statement only.
const NO_TRANSACTION: &str = "-- no-transaction";

/// Why the schema cannot be brought up to date.
#[derive(Debug, thiserror::Error)]
pub enum MigrateError {
    /// A file of this program is named or numbered wrongly.
    #[error("migration file {name}: {why}")]
    Misnamed {
        /// The file.
        name: String,
        /// What is wrong with the name.
        why: &'static str,
    },
    /// The database was migrated by a newer (or another) program.
    #[error(
        "the database has migration {name}, which this raas ({known} migrations) does not know: it was made by a newer \
         raas. Start that version, or restore a backup from before the upgrade"
    )]
    Unknown {
        /// What the database has.
        name: String,
        /// How many this program has.
        known: usize,
    },
    /// A file was changed after it was applied.
    #[error(
        "migration {name} was changed after it was applied to this database (applied {applied}, now {now}): \
         restore the file and put the change into a new one"
    )]
    Changed {
        /// The file.
        name: String,
        /// SHA-256 then.
        applied: String,
        /// SHA-256 now.
        now: String,
    },
    /// A file failed; nothing of it remains unless it is marked `-- no-transaction`.
    #[error("migration {name} failed: {why}")]
    Failed {
        /// The file.
        name: String,
        /// What PostgreSQL said.
        why: String,
    },
    /// Another server has been migrating for too long.
    #[error(
        "another server has been migrating this database for {minutes} minutes: look at it, then start again"
    )]
    Busy {
        /// How long we waited.
        minutes: u64,
    },
}

/// One numbered file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Migration {
    /// The number at the start of its name.
    pub version: i32,
    /// The file name.
    pub name: String,
    /// Its statements.
    pub sql: String,
}

impl Migration {
    /// Reads the number out of a name as in `0001_people.sql`.
    pub fn new(name: &str, sql: &str) -> Result<Self, MigrateError> {
        let wrong = |why| MigrateError::Misnamed { name: name.to_owned(), why };
        let (number, rest) = name.split_once('_').ok_or_else(|| wrong("the name must be NNNN_words.sql"))?;
        let words = rest.strip_suffix(".sql").unwrap_or_default();
        if number.len() != 4 || words.is_empty() {
            return Err(wrong("the name must be NNNN_words.sql"));
        }
        let version = number.parse().map_err(|_| wrong("the name must begin with four digits"))?;
        Ok(Self { version, name: name.to_owned(), sql: sql.to_owned() })
    }

    /// The files of this program, in order.
    pub fn embedded() -> Result<Vec<Self>, MigrateError> {
        let files: Vec<_> =
            EMBEDDED.iter().map(|(name, sql)| Self::new(name, sql)).collect::<Result<_, _>>()?;
        for (n, file) in files.iter().enumerate() {
            if usize::try_from(file.version) != Ok(n + 1) {
                let why = "numbers must count up from 0001 without a gap or a double";
                return Err(MigrateError::Misnamed { name: file.name.clone(), why });
            }
        }
        Ok(files)
    }

    /// What tells whether the file was changed.
    pub fn sha256(&self) -> String {
        hex::encode(Sha256::digest(self.sql.as_bytes()))
    }

    fn in_transaction(&self) -> bool {
        self.sql.lines().next().is_none_or(|line| line.trim() != NO_TRANSACTION)
    }
}

/// Applies what is missing and returns it. Servers that start together wait for each other.
pub async fn run(db: &Db) -> Result<Vec<Migration>, DbError> {
    run_files(db, &Migration::embedded()?).await
}

/// [`run`] with these files.
pub async fn run_files(db: &Db, files: &[Migration]) -> Result<Vec<Migration>, DbError> {
    with_connection(db, async |client| {
        lock(client).await?;
        client.batch_execute(include_str!("../queries/migration/create.sql")).await?;
        let missing = missing(client, files).await?;
        for file in &missing {
            apply(client, file).await?;
            tracing::info!(migration = file.name, "applied");
        }
        Ok(missing)
    })
    .await
}

/// What [`run`] would apply. Changes nothing.
pub async fn pending(db: &Db) -> Result<Vec<Migration>, DbError> {
    let files = Migration::embedded()?;
    with_connection(db, async |client| {
        let exists = client.query_one(include_str!("../queries/migration/exists.sql"), &[]).await?;
        if exists.try_get(0)? { missing(client, &files).await } else { Ok(files.clone()) }
    })
    .await
}

/// A connection of its own: the lock belongs to a session, and a long migration must not meet the pool's limits.
async fn with_connection<T>(
    db: &Db,
    work: impl AsyncFnOnce(&mut Client) -> Result<T, DbError>,
) -> Result<T, DbError> {
    let mut options = db.options().clone();
    options.statement_timeout = Duration::ZERO;
    options.idle_in_transaction_timeout = Duration::ZERO;
    let (mut client, task) = Connector::new(&options)?.connect_driven().await?;
    let done = work(&mut client).await;
    drop(client);
    // The connection says good-bye by itself; the lock is gone when it has.
    if tokio::time::timeout(Duration::from_secs(5), task).await.is_err() {
        tracing::warn!("the connection of the migrations did not end in time");
    }
    done
}

/// Polls: a *waiting* `pg_advisory_lock` would hold a snapshot that `CREATE INDEX CONCURRENTLY` of the holder waits for.
async fn lock(client: &Client) -> Result<(), DbError> {
    let started = Instant::now();
    loop {
        let row = client.query_one(include_str!("../queries/migration/lock.sql"), &[&LOCK]).await?;
        if row.try_get(0)? {
            return Ok(());
        }
        if started.elapsed() > PATIENCE {
            return Err(MigrateError::Busy { minutes: PATIENCE.as_secs() / 60 }.into());
        }
        sleep(Duration::from_millis(100)).await;
    }
}

async fn missing(client: &Client, files: &[Migration]) -> Result<Vec<Migration>, DbError> {
    let mut applied = Vec::new();
    for row in client.query(include_str!("../queries/migration/list.sql"), &[]).await? {
        let (version, name, sha256): (i32, String, String) =
            (row.try_get(0)?, row.try_get(1)?, row.try_get(2)?);
        let Some(file) = files.iter().find(|file| file.version == version) else {
            return Err(MigrateError::Unknown { name, known: files.len() }.into());
        };
        let now = file.sha256();
        if now != sha256 {
            return Err(MigrateError::Changed { name, applied: sha256, now }.into());
        }
        applied.push(version);
    }
    Ok(files.iter().filter(|file| !applied.contains(&file.version)).cloned().collect())
}

async fn apply(client: &mut Client, file: &Migration) -> Result<(), DbError> {
    let failed = |error: tokio_postgres::Error| {
        let error = DbError::from(error);
        if error.is_unavailable() {
            return error;
        }
        MigrateError::Failed { name: file.name.clone(), why: error.internal() }.into()
    };
    let record = include_str!("../queries/migration/record.sql");
    let sha256 = file.sha256();
    if file.in_transaction() {
        let txn = client.transaction().await?;
        txn.batch_execute(&file.sql).await.map_err(failed)?;
        txn.execute(record, &[&file.version, &file.name, &sha256]).await?;
        txn.commit().await.map_err(failed)
    } else {
        client.batch_execute(&file.sql).await.map_err(failed)?;
        client.execute(record, &[&file.version, &file.name, &sha256]).await?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn our_files_are_numbered_without_a_gap() {
        assert!(!Migration::embedded().unwrap().is_empty());
    }

    #[test]
    fn a_misnamed_file_is_refused() {
        for name in ["people.sql", "01_people.sql", "0001_.sql", "0001_people.txt", "abcd_people.sql"] {
            assert!(Migration::new(name, "").is_err(), "{name}");
        }
        assert_eq!(Migration::new("0012_more.sql", "").unwrap().version, 12);
    }
}
