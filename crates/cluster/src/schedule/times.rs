//! Times of the day, each daily or on one day of the week.

use jiff::{
    ToSpan as _,
    civil::{DateTime, Time, Weekday},
};

/// When, on the wall clock.
#[derive(Clone, Debug, Default)]
pub(super) struct Times(pub(super) Vec<(Option<Weekday>, Time)>);

impl Times {
    /// The first one at `from` or later.
    pub(super) fn first(&self, from: DateTime) -> Option<DateTime> {
        let mut day = from.date();
        // The same day of the week comes again after seven days, perhaps earlier on the clock.
        for _ in 0..=7 {
            let of_day = self.0.iter().filter(|(weekday, _)| weekday.is_none_or(|one| one == day.weekday()));
            let found = of_day.map(|(_, time)| day.to_datetime(*time)).filter(|time| *time >= from).min();
            if found.is_some() {
                return found;
            }
            day = day.checked_add(1.day()).ok()?;
        }
        None
    }
}
