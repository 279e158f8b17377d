//! Jids of the plugin's own questions: 20 digits of UTC, as Salt makes them, each greater than the one before.

use std::sync::atomic::{AtomicI64, Ordering};

use jiff::{Timestamp, tz::TimeZone};

#[derive(Debug, Default)]
pub(super) struct Jids(AtomicI64);

impl Jids {
    pub(super) fn next(&self, now: Timestamp) -> String {
        let now = now.as_microsecond();
        let before = self
            .0
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |last| Some(now.max(last.saturating_add(1))))
            .unwrap_or(now);
        let time = Timestamp::from_microsecond(now.max(before.saturating_add(1))).unwrap_or_default();
        time.to_zoned(TimeZone::UTC).strftime("%Y%m%d%H%M%S%6f").to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_questions_at_the_same_moment_have_different_jids_of_20_digits() {
        let (jids, now) = (Jids::default(), "2026-01-02T03:04:05.000678Z".parse().unwrap());
        assert_eq!(jids.next(now), "20260102030405000678");
        assert_eq!(jids.next(now), "20260102030405000679");
        assert_eq!(jids.next(now), "20260102030405000680");
    }
}
