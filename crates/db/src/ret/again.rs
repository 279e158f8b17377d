//! Returns of which another one decided already: witnesses, proofs that a job ran twice, whole ones after cut ones.

use jiff::{Timestamp, civil::Date};
use uuid::Uuid;

use super::{NewReturn, Reporter};
use crate::{
    DbError, Session,
    body::{self, Body},
    command::Delta,
    outcome,
    witness::{self, Sighting},
};

pub(super) async fn store(
    client: &impl Session,
    day: Date,
    from: Reporter<'_>,
    now: Timestamp,
    again: &[&NewReturn<'_>],
) -> Result<Vec<Delta>, DbError> {
    if again.is_empty() {
        return Ok(Vec::new());
    }
    let known = known(client, day, from.cluster_id, again).await?;
    let is_news =
        |i: usize| known.get(i).is_none_or(|(hash, _)| hash.as_deref() != Some(&again[i].body.hash));
    let others = |i: usize| is_news(i) || known[i].1 != Some(from.master_uuid);
    let bodies: Vec<(Date, &Body)> =
        (0..again.len()).filter(|&i| is_news(i)).map(|i| (day, again[i].body)).collect();
    body::insert(client, &bodies).await?;
    insert(client, from, now, &wholest(again)).await?;
    let mut seen: Vec<Sighting<'_>> = (0..again.len())
        .filter(|&i| others(i))
        .map(|i| &again[i])
        .map(|r| Sighting { day, jid: r.jid, minion_id: r.minion_id, hash: &r.body.hash })
        .collect();
    seen.sort();
    seen.dedup();
    witness::insert(client, from.cluster_id, from.master_uuid, now, &seen).await?;
    outcome::returned(client, from.cluster_id, now, again).await
}

/// Value and master of each return that decided.
async fn known(
    client: &impl Session,
    day: Date,
    cluster_id: &str,
    again: &[&NewReturn<'_>],
) -> Result<Vec<(Option<Vec<u8>>, Option<Uuid>)>, DbError> {
    let sql = include_str!("../../queries/ret/known.sql");
    let jids: Vec<_> = again.iter().map(|r| r.jid).collect();
    let minions: Vec<_> = again.iter().map(|r| r.minion_id).collect();
    let row = client.query_one(sql, &[&day, &cluster_id, &jids, &minions]).await?;
    let (hashes, masters): (Vec<_>, Vec<_>) = (row.try_get("hashes")?, row.try_get("masters")?);
    Ok(hashes.into_iter().zip(masters).collect())
}

/// One of each (jid, minion), a whole one if there is one: a statement may touch a row once.
fn wholest<'a, 'b>(again: &[&'a NewReturn<'b>]) -> Vec<&'a NewReturn<'b>> {
    super::deciding(again).0
}

async fn insert(
    client: &impl Session,
    from: Reporter<'_>,
    now: Timestamp,
    new: &[&NewReturn<'_>],
) -> Result<(), DbError> {
    let sql = include_str!("../../queries/ret/insert.sql");
    let days: Vec<_> = new.iter().map(|r| r.day).collect();
    let jids: Vec<_> = new.iter().map(|r| r.jid).collect();
    let minions: Vec<_> = new.iter().map(|r| r.minion_id).collect();
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
