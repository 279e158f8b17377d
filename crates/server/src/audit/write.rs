//! Rows that belong to no other transaction: refusals, logins, starts.

use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::{Timestamp, civil::Date, tz::TimeZone};
use raas_db::{
    DbError,
    audit::{self, Event},
    partition,
};

use crate::AppState;

/// Writes one.
pub(crate) async fn write(state: &AppState, event: &Event) -> Result<(), DbError> {
    day(state, event.start_time).await?;
    audit::insert(&state.db.client().await?, event).await
}

/// Makes the partition of this moment's day where nobody has yet: an act must not fail for the want of it.
pub(crate) async fn day(state: &AppState, at: Timestamp) -> Result<(), DbError> {
    let day = at.to_zoned(TimeZone::UTC).date();
    if *locked(&state.audit_day) == Some(day) {
        return Ok(());
    }
    partition::ensure(&mut state.db.client().await?, day, 1).await?;
    *locked(&state.audit_day) = Some(day);
    Ok(())
}

fn locked(day: &Mutex<Option<Date>>) -> MutexGuard<'_, Option<Date>> {
    day.lock().unwrap_or_else(PoisonError::into_inner)
}
