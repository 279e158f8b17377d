//! Table `ret`: the deciding returns, and how a batch of returns is taken in.

mod search;

use std::collections::BTreeMap;

use jiff::{Timestamp, civil::Date};
use uuid::Uuid;

pub use search::{Found, Search, SortBy, count, search, value};

use crate::{
    DbError, Session,
    body::{self, Body},
    command::Delta,
    outcome,
    witness::{self, Sighting},
};

/// A return about to be stored.
#[derive(Clone, Debug)]
pub struct NewReturn {
    /// Day of the jid.
    pub day: Date,
    /// Jid.
    pub jid: String,
    /// Minion.
    pub minion_id: String,
    /// Function.
    pub fun: String,
    /// Arguments as JSON.
    pub fun_args: String,
    /// As Salt says.
    pub success: bool,
    /// Return code.
    pub retcode: i64,
    /// Time of the event, corrected for skew.
    pub stamp: Timestamp,
    /// The value.
    pub body: Body,
    /// The other fields of the event, as JSON.
    pub extra: Option<String>,
    /// bus, job_cache, asked.
    pub source: &'static str,
    /// Salt cut the value.
    pub trimmed: bool,
}

/// Who reports returns.
#[derive(Clone, Copy, Debug)]
pub struct Reporter<'a> {
    /// Its cluster.
    pub cluster_id: &'a str,
    /// The master.
    pub master_uuid: Uuid,
}

/// Takes in returns that one master saw: bodies, deciding returns, witnesses, outcomes. Repeats change nothing.
/// The caller holds the rows of their commands, and passes the deltas on to `command::settle`.
pub async fn store(
    client: &impl Session,
    from: Reporter<'_>,
    now: Timestamp,
    returns: &[NewReturn],
) -> Result<Vec<Delta>, DbError> {
    if returns.is_empty() {
        return Ok(Vec::new());
    }
    let bodies: Vec<_> = returns.iter().map(|r| (r.day, &r.body)).collect();
    body::insert(client, &bodies).await?;
    insert(client, from, now, &deciding(returns)).await?;
    let mut seen: Vec<_> = returns
        .iter()
        .map(|r| Sighting { day: r.day, jid: &r.jid, minion_id: &r.minion_id, hash: &r.body.hash })
        .collect();
    seen.sort();
    seen.dedup();
    witness::insert(client, from.cluster_id, from.master_uuid, now, &seen).await?;
    outcome::returned(client, from.cluster_id, now, returns).await
}

/// The first return of each (jid, minion) within the batch; a whole one before one that Salt cut.
fn deciding(returns: &[NewReturn]) -> Vec<&NewReturn> {
    let mut first = BTreeMap::<(Date, &str, &str), &NewReturn>::new();
    for new in returns {
        first
            .entry((new.day, &new.jid, &new.minion_id))
            .and_modify(|known| {
                if known.trimmed && !new.trimmed {
                    *known = new;
                }
            })
            .or_insert(new);
    }
    first.into_values().collect()
}

async fn insert(
    client: &impl Session,
    from: Reporter<'_>,
    now: Timestamp,
    new: &[&NewReturn],
) -> Result<(), DbError> {
    let sql = include_str!("../queries/ret/insert.sql");
    let days: Vec<_> = new.iter().map(|r| r.day).collect();
    let jids: Vec<_> = new.iter().map(|r| r.jid.as_str()).collect();
    let minions: Vec<_> = new.iter().map(|r| r.minion_id.as_str()).collect();
    let funs: Vec<_> = new.iter().map(|r| r.fun.as_str()).collect();
    let args: Vec<_> = new.iter().map(|r| r.fun_args.as_str()).collect();
    let success: Vec<_> = new.iter().map(|r| r.success).collect();
    let codes: Vec<_> = new.iter().map(|r| r.retcode).collect();
    let stamps: Vec<_> = new.iter().map(|r| r.stamp).collect();
    let hashes: Vec<_> = new.iter().map(|r| r.body.hash.as_slice()).collect();
    let extras: Vec<_> = new.iter().map(|r| r.extra.as_deref()).collect();
    let sources: Vec<_> = new.iter().map(|r| r.source).collect();
    let trimmed: Vec<_> = new.iter().map(|r| r.trimmed).collect();
    client
        .execute(
            sql,
            &[
                &from.cluster_id,
                &from.master_uuid,
                &now,
                &days,
                &jids,
                &minions,
                &funs,
                &args,
                &success,
                &codes,
                &stamps,
                &hashes,
                &extras,
                &sources,
                &trimmed,
            ],
        )
        .await?;
    Ok(())
}
