//! Table `report_progress`: how far each plugin's records are committed, per epoch of its spool.

use jiff::Timestamp;
use uuid::Uuid;

use crate::error::DbError;
use crate::session::Session;

/// The highest number committed; keeps other batches of this master and epoch waiting until the transaction ends.
pub async fn lock(tx: &impl Session, master_uuid: Uuid, epoch: Uuid, now: Timestamp) -> Result<i64, DbError> {
    let sql = include_str!("../queries/report_progress/lock.sql");
    Ok(tx.query_one(sql, &[&master_uuid, &epoch, &now]).await?.try_get("through")?)
}

/// Records are committed up to here, once the transaction is.
pub async fn advance(
    tx: &impl Session,
    master_uuid: Uuid,
    epoch: Uuid,
    through: i64,
    now: Timestamp,
) -> Result<(), DbError> {
    let sql = include_str!("../queries/report_progress/advance.sql");
    tx.execute(sql, &[&master_uuid, &epoch, &through, &now]).await.map(drop)
}
