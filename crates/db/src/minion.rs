//! Table `minion`: one row per minion id within a cluster: where it was last seen, how, and its grains.

mod details;
mod lists;
mod of_group;

use jiff::Timestamp;
use tokio_postgres::Row;
use uuid::Uuid;

pub use details::{Detail, DetailSearch, details, forget_grains, grain_keys, grain_values, known};
pub use lists::{CacheOrder, CacheSearch, PresenceOrder, Present, Search, cache, presence};

use crate::error::DbError;
use crate::session::Session;

/// Which master of which cluster tells it.
#[derive(Clone, Copy, Debug)]
pub struct Teller<'a> {
    /// The cluster.
    pub cluster_id: &'a str,
    /// The master.
    pub master_uuid: Uuid,
}

/// One sign of life; at most one per minion in a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sign<'a> {
    /// Minion.
    pub minion_id: &'a str,
    /// start, auth, event, return, ping.
    pub evidence: &'static str,
    /// Time of the event, corrected for the master's skew.
    pub at: Timestamp,
    /// When it attached itself to the master (start, auth), when that is among the news.
    pub attached_at: Option<Timestamp>,
}

/// Grains of one minion; at most once per minion in a call.
#[derive(Clone, Debug)]
pub struct Grains<'a> {
    /// Minion.
    pub minion_id: &'a str,
    /// JSON text without NUL characters; none when the master has none any more.
    pub grains: Option<String>,
    /// When the master read them, corrected for its skew.
    pub at: Timestamp,
}

/// Makes rows for minions that are met for the first time.
pub async fn make(
    tx: &impl Session,
    cluster_id: &str,
    minions: &[&str],
    now: Timestamp,
) -> Result<(), DbError> {
    tx.execute(include_str!("../queries/minion/make.sql"), &[&cluster_id, &now, &minions]).await.map(drop)
}

/// Takes signs of life of known minions. A minion moves only forward in the time of the events.
/// Returns for how many minions it is news: they moved, were silent, or their evidence was older than `fresh_from`.
pub async fn seen(
    tx: &impl Session,
    by: Teller<'_>,
    signs: &[Sign<'_>],
    fresh_from: Timestamp,
) -> Result<i64, DbError> {
    let id: Vec<_> = signs.iter().map(|sign| sign.minion_id).collect();
    let evidence: Vec<_> = signs.iter().map(|sign| sign.evidence).collect();
    let at: Vec<_> = signs.iter().map(|sign| sign.at).collect();
    let attached: Vec<_> = signs.iter().map(|sign| sign.attached_at).collect();
    let sql = include_str!("../queries/minion/seen.sql");
    let row = tx
        .query_one(sql, &[&by.cluster_id, &by.master_uuid, &id, &evidence, &at, &fresh_from, &attached])
        .await?;
    Ok(row.try_get("news")?)
}

/// Takes minions that did not answer a ping of this master, sent at that time. Returns for how many it is news.
pub async fn silent(
    tx: &impl Session,
    by: Teller<'_>,
    minions: &[(&str, Timestamp)],
) -> Result<i64, DbError> {
    let (id, at): (Vec<_>, Vec<_>) = minions.iter().copied().unzip();
    let sql = include_str!("../queries/minion/silent.sql");
    Ok(tx.query_one(sql, &[&by.cluster_id, &by.master_uuid, &id, &at]).await?.try_get("news")?)
}

/// Takes grains; older ones never replace newer ones.
pub async fn set_grains(tx: &impl Session, by: Teller<'_>, grains: &[Grains<'_>]) -> Result<u64, DbError> {
    let id: Vec<_> = grains.iter().map(|one| one.minion_id).collect();
    let text: Vec<_> = grains.iter().map(|one| one.grains.as_deref()).collect();
    let at: Vec<_> = grains.iter().map(|one| one.at).collect();
    let sql = include_str!("../queries/minion/grains.sql");
    tx.execute(sql, &[&by.cluster_id, &by.master_uuid, &id, &text, &at]).await
}

/// Of these minions, forgets those that no master of the cluster holds a key of.
pub async fn forget(tx: &impl Session, cluster_id: &str, minions: &[String]) -> Result<u64, DbError> {
    tx.execute(include_str!("../queries/minion/forget.sql"), &[&cluster_id, &minions]).await
}

/// Forgets minions of a cluster that no master knows any more.
pub async fn forget_unlinked(tx: &impl Session, cluster_id: &str) -> Result<u64, DbError> {
    tx.execute(include_str!("../queries/minion/forget_unlinked.sql"), &[&cluster_id]).await
}

/// Every minion, as (cluster, minion, grains as JSON text where they are asked for and known): for limits of accounts.
pub async fn all(
    client: &impl Session,
    with_grains: bool,
) -> Result<Vec<(String, String, Option<String>)>, DbError> {
    let rows = client.query(include_str!("../queries/minion/all.sql"), &[&with_grains]).await?;
    rows.iter().map(|row| Ok((row.try_get(0)?, row.try_get(1)?, row.try_get(2)?))).collect()
}

/// From which evidence presence follows.
#[derive(Clone, Copy, Debug)]
pub struct Fresh<'a> {
    /// Masters that are present.
    pub present: &'a [Uuid],
    /// Older evidence is stale.
    pub from: Timestamp,
}

/// Rows of a page query: each carries the count; a page past the end is one row of nulls.
pub(crate) fn counted<T>(
    rows: &[Row],
    key: &str,
    read: impl Fn(&Row) -> Result<T, DbError>,
) -> Result<(i64, Vec<T>), DbError> {
    let count = rows.first().map_or(Ok(0), |row| row.try_get("count"))?;
    let mut page = Vec::with_capacity(rows.len());
    for row in rows {
        if row.try_get::<_, Option<&str>>(key)?.is_some() {
            page.push(read(row)?);
        }
    }
    Ok((count, page))
}
