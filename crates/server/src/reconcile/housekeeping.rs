//! What grows is cut back, and what will be needed is made: keys, failed logins, partitions, old deliveries.

use jiff::{SignedDuration, ToSpan as _, tz::TimeZone};
use raas_db::{Client, DbError, command, delivery, login_failure, master_key, partition};

use super::{memory::Memory, round::Round};
use crate::{Change, job::after};

/// How often.
const EVERY: SignedDuration = SignedDuration::from_mins(5);
/// Days for which partitions are made ahead.
const AHEAD: u16 = 7;
/// How long a delivery is kept after its command ended: `ret.get_load` shows it.
const DELIVERIES: SignedDuration = SignedDuration::from_hours(7 * 24);
/// Rows removed at once.
const LIMIT: i64 = 5000;

/// Keeps the house, once in a while.
pub(super) async fn pass(round: &Round<'_>, client: &mut Client, memory: &mut Memory) -> Result<(), DbError> {
    if memory.housekeeping.is_some_and(|at| round.now < at) {
        return Ok(());
    }
    let config = &round.state.config;
    let ago = |seconds: u32| {
        let time = SignedDuration::from_secs(seconds.into());
        round.now.checked_sub(time).unwrap_or(jiff::Timestamp::UNIX_EPOCH)
    };
    let today = round.now.to_zoned(TimeZone::UTC).date();
    partition::ensure(client, today, AHEAD).await?;
    let tx = client.transaction().await?;
    master_key::lock(&tx).await?;
    if master_key::expire(&tx, ago(config.enroll.pending_expiry_s)).await? > 0 {
        round.state.notify_change(&tx, &Change::of("masters")).await?;
    }
    tx.commit().await?;
    login_failure::forget(&*client, ago(config.auth.lockout_s)).await?;
    let old = round.now.checked_sub(DELIVERIES).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    let mut more = delivery::forget(&*client, old, LIMIT).await? >= LIMIT.unsigned_abs();
    if config.retention.history_days > 0
        && let Ok(first) = today.checked_sub(i64::from(config.retention.history_days).days())
    {
        let dropped = partition::drop_before(client, first).await?;
        if !dropped.is_empty() {
            tracing::info!(partitions = dropped.len(), before = %first, "history dropped by retention");
        }
        more |= command::forget(&*client, first, LIMIT).await? >= LIMIT.unsigned_abs();
    }
    memory.housekeeping = if more { None } else { Some(after(round.now, EVERY)) };
    Ok(())
}
