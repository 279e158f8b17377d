//! Reading the members of one group. Only what is kept, and what the reader needs to decide the rest.

use tokio_postgres::Row;
use uuid::Uuid;

use crate::{DbError, Session};

/// Which group, as the reader knows it.
#[derive(Clone, Copy, Debug)]
pub struct Group {
    /// Its key.
    pub tgt_uuid: Uuid,
    /// Its version.
    pub version: i64,
    /// It looks at more than ids: of minions without grains it may not be known whether it means them.
    pub beyond_ids: bool,
}

/// An accepted minion that a group means, or may mean.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Cluster.
    pub cluster_id: String,
    /// Minion.
    pub minion_id: String,
    /// It is meant; false: only its master can tell; none: to be decided from the grains, whatever was kept.
    pub sure: Option<bool>,
    /// Grains as JSON text, where it is to be decided and they are known.
    pub grains: Option<String>,
    /// The master that saw it last.
    pub seen_by: Option<Uuid>,
    /// Masters that accepted it, where it was asked for and it was not seen by one that counts.
    pub holders: Vec<Uuid>,
}

impl Found {
    fn from_row(row: &Row) -> Result<Self, DbError> {
        Ok(Self {
            cluster_id: row.try_get("cluster_id")?,
            minion_id: row.try_get("minion_id")?,
            sure: row.try_get("sure")?,
            grains: row.try_get("grains")?,
            seen_by: row.try_get("seen_by")?,
            holders: row.try_get::<_, Option<Vec<Uuid>>>("holders")?.unwrap_or_default(),
        })
    }
}

/// Whom a group means now; none: it is not resolved, or not of this version any more. `masters`: those that count, when
/// it matters where the minions are.
pub async fn read(
    client: &impl Session,
    group: Group,
    masters: Option<&[Uuid]>,
) -> Result<Option<Vec<Found>>, DbError> {
    let Group { tgt_uuid, version, beyond_ids } = &group;
    let sql = include_str!("../../queries/target_member/read.sql");
    let rows = client.query(sql, &[tgt_uuid, version, beyond_ids, &masters]).await?;
    if rows.is_empty() {
        return Ok(None);
    }
    let mut found = Vec::with_capacity(rows.len());
    for row in &rows {
        if row.try_get::<_, Option<&str>>("minion_id")?.is_some() {
            found.push(Found::from_row(row)?);
        }
    }
    Ok(Some(found))
}

/// The number of a group by whose members a list may be narrowed as they are kept: all are known surely, in these clusters.
pub async fn settled(client: &impl Session, group: Group, clusters: &[&str]) -> Result<Option<i32>, DbError> {
    let Group { tgt_uuid, version, beyond_ids } = &group;
    let sql = include_str!("../../queries/target_member/settled.sql");
    let row = client.query_opt(sql, &[tgt_uuid, version, beyond_ids, &clusters]).await?;
    row.map(|row| Ok(row.try_get(0)?)).transpose()
}
