//! Table `dead_letter`: records that could not be taken, with the reason.

use jiff::Timestamp;
use tokio_postgres::Row;
use uuid::Uuid;

use crate::error::DbError;
use crate::session::Session;

/// One record that could not be taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeadLetter {
    /// Its number within the epoch.
    pub n: i64,
    /// A sentence.
    pub reason: String,
    /// zstd of the record's JSON.
    pub record: Vec<u8>,
}

impl DeadLetter {
    fn from_row(row: &Row) -> Result<Self, DbError> {
        Ok(Self { n: row.try_get("n")?, reason: row.try_get("reason")?, record: row.try_get("record")? })
    }
}

/// Keeps them; one that is there already changes nothing.
pub async fn insert(
    tx: &impl Session,
    master_uuid: Uuid,
    epoch: Uuid,
    letters: &[DeadLetter],
    now: Timestamp,
) -> Result<(), DbError> {
    if letters.is_empty() {
        return Ok(());
    }
    let n: Vec<_> = letters.iter().map(|letter| letter.n).collect();
    let reason: Vec<_> = letters.iter().map(|letter| letter.reason.as_str()).collect();
    let record: Vec<_> = letters.iter().map(|letter| letter.record.as_slice()).collect();
    let sql = include_str!("../queries/dead_letter/insert.sql");
    tx.execute(sql, &[&master_uuid, &epoch, &now, &n, &reason, &record]).await.map(drop)
}

/// Those of one master, oldest first.
pub async fn of_master(client: &impl Session, master_uuid: Uuid) -> Result<Vec<DeadLetter>, DbError> {
    let rows = client.query(include_str!("../queries/dead_letter/of_master.sql"), &[&master_uuid]).await?;
    rows.iter().map(DeadLetter::from_row).collect()
}
