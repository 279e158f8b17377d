//! From times of the wall clock to moments, also where the clock jumps. A time that is jumped over fires at the moment of
//! the jump; one that comes twice fires the first time. What fires every hour goes by real time instead: it loses and
//! doubles nothing.

use jiff::{
    Timestamp,
    civil::DateTime,
    tz::{Offset, TimeZone},
};

/// Jumps of the clock that are looked past: some twenty years of daylight saving.
const MAX_JUMPS: usize = 40;

/// Times of the wall clock.
pub(super) trait Civil {
    /// The first one at `from` or later; none within years.
    fn first(&self, from: DateTime) -> Option<DateTime>;
    /// It has times in every hour of the day.
    fn goes_by_the_hour(&self) -> bool;
}

/// The first moment after `moment`.
pub(super) fn next(times: &impl Civil, moment: Timestamp, tz: &TimeZone) -> Option<Timestamp> {
    let mut cursor = Timestamp::from_second(moment.as_second().checked_add(1)?).ok()?;
    let mut offset = tz.to_offset(cursor);
    let mut passed = tz.preceding(cursor_after(cursor)).next().and_then(|jump| {
        passed_twice(jump.timestamp(), tz.to_offset(before(jump.timestamp())), jump.offset())
    });
    for _ in 0..MAX_JUMPS {
        let local = offset.to_datetime(cursor);
        let from = passed.filter(|_| !times.goes_by_the_hour()).map_or(local, |end| local.max(end));
        let found = times.first(from)?;
        let jump = tz.following(cursor).next();
        let moment = offset.to_timestamp(found).ok()?;
        let Some(jump) = jump else { return Some(moment) };
        let at = jump.timestamp();
        if moment < at {
            return Some(moment);
        }
        let (end, start) = (offset.to_datetime(at), jump.offset().to_datetime(at));
        if start > end && found >= end && found < start && !times.goes_by_the_hour() {
            return Some(at);
        }
        passed = passed_twice(at, offset, jump.offset());
        (cursor, offset) = (at, jump.offset());
    }
    None
}

/// Up to when the wall clock had got before it was set back.
fn passed_twice(at: Timestamp, before: Offset, after: Offset) -> Option<DateTime> {
    (after < before).then(|| before.to_datetime(at))
}

/// A jump at this very moment counts as one before it.
fn cursor_after(cursor: Timestamp) -> Timestamp {
    Timestamp::from_second(cursor.as_second().saturating_add(1)).unwrap_or(cursor)
}

fn before(at: Timestamp) -> Timestamp {
    Timestamp::from_second(at.as_second().saturating_sub(1)).unwrap_or(at)
}
