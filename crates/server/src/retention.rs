//! Old history goes: whole days, commands first, then their partitions. Never a day with a job that has not ended. The audit
//! goes by itself.

use jiff::civil::Date;
use raas_db::{
    Client, DbError, Session, audit,
    command::{self, Old},
    partition::{self, Dropped, Family},
};

/// Commands forgotten in one statement.
const AT_ONCE: i64 = 5000;

/// What is older than a day.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Found {
    /// The first day that stays: the one that was asked for, or an earlier one on which a job began that still runs.
    pub(crate) first: Date,
    /// What goes.
    pub(crate) old: Old,
}

/// Looks what would go if history began with `first`.
pub(crate) async fn look(session: &impl Session, first: Date) -> Result<Found, DbError> {
    let first = first_kept(session, first).await?;
    Ok(Found { first, old: command::old(session, first).await? })
}

/// The first day that stays.
pub(crate) async fn first_kept(session: &impl Session, first: Date) -> Result<Date, DbError> {
    let open = command::oldest_open_day(session).await?;
    Ok(open.map_or(first, |open| open.min(first)))
}

/// The first of what goes: where the audit begins then, and some commands. In a transaction, whoever trims by hand is written
/// down with it.
pub(crate) async fn begin(
    tx: &impl Session,
    of_audit: Option<Date>,
    of_jobs: Option<Date>,
) -> Result<(), DbError> {
    if let Some(first) = of_audit {
        audit::set_root(tx, first).await?;
    }
    if let Some(first) = of_jobs {
        command::forget(tx, first, AT_ONCE).await?;
    }
    Ok(())
}

/// Lets everything before `first` go, after up to `statements` that forget commands. True: there are more of them. A
/// return that comes later makes its job known anew, under the day it comes.
pub(crate) async fn trim(client: &mut Client, first: Date, statements: u32) -> Result<bool, DbError> {
    let mut left = statements;
    while command::forget(&*client, first, AT_ONCE).await? >= AT_ONCE.unsigned_abs() {
        left = left.saturating_sub(1);
        if left == 0 {
            return Ok(true);
        }
    }
    told(&partition::drop_before(client, Family::Jobs, first).await?, first);
    Ok(false)
}

/// Lets the audit of the days before `first` go: its chain begins later.
pub(crate) async fn trim_audit(client: &mut Client, first: Date) -> Result<(), DbError> {
    // Before the rows go: a chain that begins later is whole, one whose beginning is missing is not.
    audit::set_root(&*client, first).await?;
    told(&partition::drop_before(client, Family::Audit, first).await?, first);
    Ok(())
}

fn told(dropped: &Dropped, first: Date) {
    if !dropped.partitions.is_empty() {
        tracing::info!(partitions = dropped.partitions.len(), before = %first, "history dropped");
    }
    if let Some(why) = &dropped.in_use {
        tracing::warn!(why, "some old history could not be dropped yet; the next round does it");
    }
}
