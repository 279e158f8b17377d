//! Table `witness`: every master that saw a return.

use jiff::{Timestamp, civil::Date};
use uuid::Uuid;

use crate::{DbError, Session};

/// One sighting.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Sighting<'a> {
    /// Day of the jid.
    pub day: Date,
    /// Jid.
    pub jid: &'a str,
    /// Minion.
    pub minion_id: &'a str,
    /// Of the body.
    pub hash: &'a [u8],
}

/// Notes what a master saw. Repeats change nothing.
pub async fn insert(
    client: &impl Session,
    cluster_id: &str,
    master: Uuid,
    now: Timestamp,
    seen: &[Sighting<'_>],
) -> Result<(), DbError> {
    let sql = include_str!("../queries/witness/insert.sql");
    let days: Vec<_> = seen.iter().map(|s| s.day).collect();
    let jids: Vec<_> = seen.iter().map(|s| s.jid).collect();
    let minions: Vec<_> = seen.iter().map(|s| s.minion_id).collect();
    let hashes: Vec<_> = seen.iter().map(|s| s.hash).collect();
    client.execute(sql, &[&cluster_id, &master, &now, &days, &jids, &minions, &hashes]).await?;
    Ok(())
}
