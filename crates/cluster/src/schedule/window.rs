//! The range of a schedule: between two moments, or between two times of every day; inside it, or outside.

use jiff::{Timestamp, ToSpan as _, civil::Time, tz::TimeZone};

/// A range.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Window {
    pub(super) bounds: Bounds,
    /// It must not fire inside.
    pub(super) invert: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Bounds {
    Moments(Timestamp, Timestamp),
    /// Of every day; over midnight when the second is the earlier one.
    Times(Time, Time),
}

/// What a range says of a planned time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    Inside,
    /// Not now; look again from then on.
    NotBefore(Timestamp),
    Never,
}

impl Window {
    /// Both bounds belong to the range.
    pub(super) fn verdict(&self, time: Timestamp, tz: &TimeZone) -> Verdict {
        match self.bounds {
            Bounds::Moments(start, end) => match (time < start, time > end, self.invert) {
                (false, false, false) | (true, _, true) | (_, true, true) => Verdict::Inside,
                (true, _, false) => Verdict::NotBefore(start),
                (_, true, false) => Verdict::Never,
                (false, false, true) => Verdict::NotBefore(later(end)),
            },
            Bounds::Times(start, end) => self.daily(time, (start, end), tz),
        }
    }

    fn daily(&self, time: Timestamp, (start, end): (Time, Time), tz: &TimeZone) -> Verdict {
        let local = time.to_zoned(tz.clone());
        let clock = local.time();
        let within =
            if start <= end { start <= clock && clock <= end } else { start <= clock || clock <= end };
        if within != self.invert {
            return Verdict::Inside;
        }
        // The bound after which it may be otherwise, today or tomorrow.
        let bound = if self.invert { end } else { start };
        let today = local.date();
        let day = if bound >= clock { Ok(today) } else { today.checked_add(1.day()) };
        let then = day.and_then(|day| tz.to_timestamp(day.to_datetime(bound)));
        match then {
            Ok(then) if self.invert => Verdict::NotBefore(later(then)),
            Ok(then) => Verdict::NotBefore(then),
            Err(_) => Verdict::Never,
        }
    }
}

fn later(time: Timestamp) -> Timestamp {
    Timestamp::from_second(time.as_second().saturating_add(1)).unwrap_or(time)
}
