//! Table `witness`: every master that saw a return.

use jiff::{Timestamp, civil::Date};
use uuid::Uuid;

use crate::{DbError, Session, body};

/// What Salt puts in the place of a value that is too large for its bus.
const CUT: &str = "\"VALUE_TRIMMED\"";

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

/// What one master saw of the return of one minion.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Witness {
    /// The master.
    pub master_uuid: Uuid,
    /// When we heard of it.
    pub seen_at: Timestamp,
    /// It saw the value that counts.
    pub same: bool,
    /// It saw a value that Salt had cut.
    pub cut: bool,
    /// It was the first: its sighting decided the outcome.
    pub decided: bool,
    /// The value that counts is one that Salt had cut.
    pub trimmed: bool,
}

/// Which masters saw the return of one minion, in the order in which we heard of it.
pub async fn of(
    client: &impl Session,
    (day, cluster_id, jid): (Date, &str, &str),
    minion_id: &str,
) -> Result<Vec<Witness>, DbError> {
    let cut = body::hash(CUT, None);
    let sql = include_str!("../queries/witness/of.sql");
    let rows = client.query(sql, &[&day, &cluster_id, &jid, &minion_id]).await?;
    rows.iter()
        .map(|row| {
            Ok(Witness {
                master_uuid: row.try_get("master_uuid")?,
                seen_at: row.try_get("seen_at")?,
                same: row.try_get("same")?,
                cut: row.try_get::<_, Vec<u8>>("body_hash")? == cut,
                decided: row.try_get("decided")?,
                trimmed: row.try_get("trimmed")?,
            })
        })
        .collect()
}
