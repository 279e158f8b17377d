//! Table `gap`: times in which a plugin could not record everything.

use jiff::Timestamp;
use tokio_postgres::Row;
use uuid::Uuid;

use crate::error::DbError;
use crate::session::Session;

/// One gap.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gap {
    /// Whose.
    pub master_uuid: Uuid,
    /// First moment that may be missing.
    pub started_at: Timestamp,
    /// Last one.
    pub ended_at: Timestamp,
    /// Records dropped, when known.
    pub count: Option<i64>,
    /// A sentence.
    pub why: String,
    /// Who dropped what is missing: `plugin`, or `dead_letters` by their limits.
    pub cause: String,
}

impl Gap {
    fn from_row(row: &Row) -> Result<Self, DbError> {
        Ok(Self {
            master_uuid: row.try_get("master_uuid")?,
            started_at: row.try_get("started_at")?,
            ended_at: row.try_get("ended_at")?,
            count: row.try_get("count")?,
            why: row.try_get("why")?,
            cause: row.try_get("cause")?,
        })
    }
}

/// Remembers gaps that a master's plugin told of; one that is known already changes nothing.
pub async fn insert(
    tx: &impl Session,
    master_uuid: Uuid,
    gaps: &[Gap],
    now: Timestamp,
) -> Result<(), DbError> {
    let from: Vec<_> = gaps.iter().map(|gap| gap.started_at).collect();
    let to: Vec<_> = gaps.iter().map(|gap| gap.ended_at).collect();
    let count: Vec<_> = gaps.iter().map(|gap| gap.count).collect();
    let why: Vec<_> = gaps.iter().map(|gap| gap.why.as_str()).collect();
    let sql = include_str!("../queries/gap/insert.sql");
    tx.execute(sql, &[&master_uuid, &now, &from, &to, &count, &why]).await.map(drop)
}

/// Gaps reported since then, newest first.
pub async fn recent(client: &impl Session, since: Timestamp) -> Result<Vec<Gap>, DbError> {
    let rows = client.query(include_str!("../queries/gap/recent.sql"), &[&since]).await?;
    rows.iter().map(Gap::from_row).collect()
}
