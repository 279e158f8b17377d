//! What grows is cut back, and what will be needed is made: keys, failed logins, partitions, old deliveries.

use jiff::{SignedDuration, ToSpan as _, tz::TimeZone};
use raas_db::{
    Client, DbError, dead_letter, delivery, highstate, login_failure, master_key, partition, schedule,
    sign_in,
};

use super::{memory::Memory, round::Round};
use crate::{Change, job::after, ledger::wake_highstates, retention};

/// How often.
const EVERY: SignedDuration = SignedDuration::from_mins(5);
/// Days for which partitions are made ahead.
const AHEAD: u16 = 7;
/// How long a delivery is kept after its command ended: `ret.get_load` shows it.
const DELIVERIES: SignedDuration = SignedDuration::from_hours(7 * 24);
/// Rows removed at once.
const LIMIT: i64 = 5000;
/// Statements of retention in one pass: others wait for their turn.
const STATEMENTS: u32 = 20;

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
    if highstate::absent(&*client).await? > 0 {
        wake_highstates(&*client).await?;
    }
    highstate::clean(&*client).await?;
    login_failure::forget(&*client, ago(config.auth.lockout_s)).await?;
    sign_in::forget(&*client, round.now).await?;
    let old = round.now.checked_sub(DELIVERIES).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    let mut more = delivery::forget(&*client, old, LIMIT).await? >= LIMIT.unsigned_abs();
    let days = config.retention.dead_letter_days;
    if days > 0 && dead_letter::keep_young(&*client, ago(days.saturating_mul(86_400)), round.now).await? > 0 {
        round.state.notify_change(&*client, &Change::of("clusters")).await?;
    }
    let days = config.retention.history_days;
    if days > 0 {
        schedule::forget(&*client, ago(days.saturating_mul(86_400))).await?;
    }
    more |= history(round, client).await?;
    memory.housekeeping = if more { None } else { Some(after(round.now, EVERY)) };
    Ok(())
}

/// Old history goes, in the hour in which it may. True: there is more.
async fn history(round: &Round<'_>, client: &mut Client) -> Result<bool, DbError> {
    let retention = &round.state.config.retention;
    let now = round.now.to_zoned(TimeZone::UTC);
    let hour = u32::try_from(now.hour()).unwrap_or_default();
    if retention.at_hour.is_some_and(|at| at != hour) {
        return Ok(false);
    }
    let first = |days: u32| now.date().checked_sub(i64::from(days).days()).ok().filter(|_| days > 0);
    if let Some(first) = first(retention.audit_days) {
        retention::trim_audit(client, first).await?;
    }
    let Some(first) = first(retention.history_days) else { return Ok(false) };
    let first = retention::first_kept(&*client, first).await?;
    retention::trim(client, first, STATEMENTS).await
}
