//! The chain of the audit: rows that were written since the last turn get their places and hashes. Only the leader links.

use jiff::{Timestamp, ToSpan as _, civil::Date, tz::TimeZone};
use raas_api::audit::Link;
use raas_db::{
    Client, DbError,
    audit::{self, NewLink, Place, Stored},
};

use super::{memory::Memory, round::Round};

/// Rows linked in one turn.
const LIMIT: i64 = 1000;

/// Before every day of an audit.
const ALWAYS: Date = Date::constant(1970, 1, 1);

/// Links what is new. True: there is more.
pub(super) async fn pass(
    round: &Round<'_>,
    client: &mut Client,
    memory: &mut Memory,
) -> Result<bool, DbError> {
    let more = part(client, memory.linked_before.unwrap_or(ALWAYS)).await?;
    // A call that began yesterday may still write its row.
    let yesterday = round.now.to_zoned(TimeZone::UTC).date().checked_sub(1.day()).ok();
    memory.linked_before = yesterday.filter(|_| !more);
    Ok(more)
}

async fn part(client: &mut Client, from: Date) -> Result<bool, DbError> {
    // Looking first: in most turns there is nothing, and then nothing is locked.
    if audit::unlinked(client, from, 1).await?.is_empty() {
        return Ok(false);
    }
    let tx = client.transaction().await?;
    let mut end = audit::lock_head(&tx).await?;
    let rows = audit::unlinked(&tx, from, LIMIT).await?;
    let mut links = Vec::with_capacity(rows.len());
    for row in &rows {
        let number = end.number + 1;
        let hash = hex::decode(link(row, number).hash_after(&hex::encode(&end.hash))).unwrap_or_default();
        end = Place { number, hash };
        links.push(NewLink { day: row.day, audit_id: row.audit_id, place: end.clone() });
    }
    audit::link(&tx, &links).await?;
    tx.commit().await?;
    Ok(rows.len() >= usize::try_from(LIMIT).unwrap_or(usize::MAX))
}

/// A stored row in the words of the chain.
pub(crate) fn link(row: &Stored, number: i64) -> Link {
    let whole = |time: Timestamp| Timestamp::from_microsecond(time.as_microsecond()).unwrap_or(time);
    Link {
        number,
        id: row.audit_id,
        start_time: whole(row.start_time),
        end_time: whole(row.end_time),
        event_type: row.event_type.clone(),
        event_name: row.event_name.clone(),
        username: row.username.clone(),
        account_uuid: row.account_uuid,
        session_uuid: row.session_uuid,
        address: row.address.clone(),
        failed: row.failed,
        event_data: row.event_data.clone(),
        hash: row.hash.as_ref().map(hex::encode).unwrap_or_default(),
    }
}
