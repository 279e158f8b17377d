//! Reports: a batch of numbered records becomes one transaction; the reply names the highest number committed.
//! One file per kind of report; `kind` says what a kind is, `batch` reads what came.

mod again;
mod asked;
mod batch;
mod gap;
mod grains;
mod handed_back;
mod held;
mod job;
mod keys;
mod keys_done;
mod kind;
mod minion_id;
mod pinged;
mod published;
mod ran;
mod returns;
mod seen;

use jiff::{Timestamp, tz::TimeZone};
use raas_db::master::Master;
use raas_db::{DbError, Transaction, command, dead_letter, partition, report_progress};
use raas_wire::Committed;

use crate::AppState;

pub(crate) use again::{FIRST, again, text as letter_text};
pub(crate) use batch::{Batch, BatchError};
pub(crate) use grains::without_nul;
pub use kind::{Item, Kind, Refused, Source, Taken};
pub(crate) use minion_id::is_plain as is_minion_id;

/// How often a transaction that lost against another is repeated.
const ATTEMPTS: usize = 5;

/// Takes a batch of an authenticated master. What was committed before is left out; the same batch again changes nothing.
pub(crate) async fn take(
    state: &AppState,
    master: &Master,
    mut batch: Batch,
    now: Timestamp,
) -> Result<Committed, DbError> {
    let source = Source { state, master, now, again: false };
    let mut attempt = 1;
    loop {
        match once(&source, &mut batch).await {
            Err(error) if error.is_repeatable() && attempt < ATTEMPTS => attempt += 1,
            Err(DbError::MissingPartition { table }) if attempt < ATTEMPTS => {
                tracing::warn!(master = master.master_id, table, "reports of a day that has no place yet");
                make_days(&source, &batch).await?;
                attempt += 1;
            }
            other => return other,
        }
    }
}

/// Partitions are made ahead of time; a clock that jumped, or history that was dropped while a job of it went on, finds none.
async fn make_days(source: &Source<'_>, batch: &Batch) -> Result<(), DbError> {
    let mut client = source.state.db.client().await?;
    let jids: Vec<String> = held::jids(&client, source, batch).await?.into_iter().collect();
    let mut days = command::days(&client, &jids).await?;
    days.push(source.now.to_zoned(TimeZone::UTC).date());
    partition::ensure_days(&mut client, &days).await.map(drop)
}

async fn once(source: &Source<'_>, batch: &mut Batch) -> Result<Committed, DbError> {
    let (master_uuid, epoch, now) = (source.master.master_uuid, batch.epoch, source.now);
    let mut client = source.state.db.client().await?;
    let mut tx = client.transaction().await?;
    let through = report_progress::lock(&tx, master_uuid, epoch, now).await?.unsigned_abs();
    batch.skip(through);
    let Some(last) = batch.last() else {
        tx.rollback().await?;
        return Ok(Committed { epoch, through });
    };
    let refused = write(&mut tx, source, batch).await?;
    for one in &refused {
        tracing::warn!(master = source.master.master_id, n = one.n, why = one.reason, "dead letter");
    }
    let letters = batch.dead_letters(&refused);
    let from = dead_letter::From { master_uuid, epoch, clock_skew_ms: source.whole_skew_ms() };
    dead_letter::insert(&tx, from, &letters, limits(source.state), now).await?;
    report_progress::advance(&tx, master_uuid, epoch, i64::try_from(last).unwrap_or(i64::MAX), now).await?;
    tx.commit().await?;
    tracing::debug!(
        master = source.master.master_id,
        records = batch.len(),
        through = last,
        "reports committed"
    );
    Ok(Committed { epoch, through: last })
}

/// How many dead letters of one master are kept.
fn limits(state: &AppState) -> dead_letter::Limits {
    let retention = &state.config.retention;
    dead_letter::Limits {
        letters: retention.dead_letter_count.into(),
        bytes: i64::from(retention.dead_letter_mib) << 20,
    }
}

/// Writes all records, kind by kind: keys first, as they make the minions that others speak of; then jobs in the order
/// in which they happen, so that a return finds its job and an answer finds the return.
async fn write(
    tx: &mut Transaction<'_>,
    source: &Source<'_>,
    batch: &Batch,
) -> Result<Vec<Refused>, DbError> {
    let mut refused = batch.unreadable();
    refused.extend(all_of::<keys::Lists>(tx, source, batch).await?);
    refused.extend(all_of::<keys_done::Answers>(tx, source, batch).await?);
    refused.extend(all_of::<grains::Caches>(tx, source, batch).await?);
    refused.extend(all_of::<seen::Signs>(tx, source, batch).await?);
    refused.extend(all_of::<pinged::Pings>(tx, source, batch).await?);
    refused.extend(all_of::<gap::Gaps>(tx, source, batch).await?);
    held::hold_all(tx, source, batch).await?;
    refused.extend(all_of::<published::Publications>(tx, source, batch).await?);
    refused.extend(all_of::<ran::Starts>(tx, source, batch).await?);
    refused.extend(all_of::<job::Jobs>(tx, source, batch).await?);
    refused.extend(all_of::<returns::Returns>(tx, source, batch).await?);
    refused.extend(all_of::<ran::Runs>(tx, source, batch).await?);
    refused.extend(all_of::<asked::Answers>(tx, source, batch).await?);
    refused.extend(all_of::<handed_back::HandBacks>(tx, source, batch).await?);
    Ok(refused)
}

async fn all_of<K: Kind>(tx: &mut Transaction<'_>, source: &Source<'_>, batch: &Batch) -> Taken {
    kind::take::<K>(tx, source, &batch.items::<K>(source)).await
}
