//! When a schedule fires: the schedule object of the API, read once, and the next planned time after any moment. Pure: no
//! clock, no randomness. Planned times are whole seconds; what is done at them is elsewhere.

mod civil;
mod cron;
mod due;
mod future;
mod read;
mod times;
mod window;

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp, tz::TimeZone};

use civil::Civil;
use cron::Cron;
use times::Times;
use window::{Verdict, Window};

pub use due::{Due, Missed};
pub use future::{future, planned};
pub use read::{Problem, range, read, time};

/// Planned times that a filter may throw away in a row before the schedule counts as one that never fires again.
const MAX_FILTERED: usize = 200_000;

/// A schedule that makes sense.
#[derive(Clone, Debug)]
pub struct Schedule {
    base: Base,
    tz: TimeZone,
    /// When it was made: intervals count from here.
    anchor: Timestamp,
    /// It also fires at `anchor`.
    on_start: bool,
    after: Option<Timestamp>,
    until: Option<Timestamp>,
    window: Option<Window>,
    skip: BTreeSet<Timestamp>,
    /// From, and up to.
    splay: Option<(u32, u32)>,
    /// Runs of it that may be under way at once; none: any number.
    pub max_running: Option<u32>,
}

/// What makes its times.
#[derive(Clone, Debug)]
enum Base {
    /// Every so many seconds, by the clock of the world: a day is 24 hours.
    Every(i64),
    Once(Timestamp),
    Cron(Cron),
    When(Times),
}

impl Schedule {
    /// The first planned time after `moment`; none: never again.
    pub fn next(&self, moment: Timestamp) -> Option<Timestamp> {
        let mut from = self.after.map_or(moment, |after| moment.max(just_before(after)));
        for _ in 0..MAX_FILTERED {
            let planned = self.unfiltered(from)?;
            if self.until.is_some_and(|until| planned > until) {
                return None;
            }
            from = match self.window.as_ref().map(|window| window.verdict(planned, &self.tz)) {
                None | Some(Verdict::Inside) if !self.skip.contains(&planned) => return Some(planned),
                None | Some(Verdict::Inside) => planned,
                Some(Verdict::NotBefore(then)) => just_before(then).max(planned),
                Some(Verdict::Never) => return None,
            };
        }
        None
    }

    /// Planned times after `from`, up to and with `to`.
    pub fn between(&self, from: Timestamp, to: Timestamp) -> impl Iterator<Item = Timestamp> {
        std::iter::successors(self.next(from), move |last| self.next(*last))
            .take_while(move |time| *time <= to)
    }

    /// When a planned time is carried out: later by its splay, which `seed` draws.
    pub fn fires_at(&self, planned: Timestamp, seed: u64) -> Timestamp {
        let Some((from, to)) = self.splay else { return planned };
        let width = u64::from(to.saturating_sub(from)) + 1;
        let seconds = u64::from(from) + seed % width;
        let jitter = SignedDuration::from_secs(i64::try_from(seconds).unwrap_or_default());
        planned.saturating_add(jitter).unwrap_or(planned)
    }

    /// The longest that a splay may put a planned time off.
    pub fn longest_splay(&self) -> SignedDuration {
        SignedDuration::from_secs(self.splay.map_or(0, |(_, to)| to.into()))
    }

    fn unfiltered(&self, from: Timestamp) -> Option<Timestamp> {
        let start = (self.on_start && self.anchor > from).then_some(self.anchor);
        let next = match &self.base {
            Base::Every(seconds) => every(self.anchor, *seconds, from),
            Base::Once(at) => (*at > from).then_some(*at),
            Base::Cron(cron) => civil::next(cron, from, &self.tz),
            Base::When(times) => civil::next(times, from, &self.tz),
        };
        match (start, next) {
            (Some(start), Some(next)) => Some(start.min(next)),
            (one, other) => one.or(other),
        }
    }
}

/// The first `anchor + k × seconds` after `from`, k from 1 on.
fn every(anchor: Timestamp, seconds: i64, from: Timestamp) -> Option<Timestamp> {
    let since = from.as_second().saturating_sub(anchor.as_second());
    let k = since.div_euclid(seconds).saturating_add(1).max(1);
    Timestamp::from_second(anchor.as_second().checked_add(k.checked_mul(seconds)?)?).ok()
}

/// So that a search that begins after it finds `time` itself.
fn just_before(time: Timestamp) -> Timestamp {
    time.saturating_sub(SignedDuration::from_secs(1)).unwrap_or(time)
}

impl Civil for Cron {
    fn first(&self, from: jiff::civil::DateTime) -> Option<jiff::civil::DateTime> {
        Cron::first(self, from)
    }

    fn goes_by_the_hour(&self) -> bool {
        self.every_hour()
    }
}

impl Civil for Times {
    fn first(&self, from: jiff::civil::DateTime) -> Option<jiff::civil::DateTime> {
        Times::first(self, from)
    }

    fn goes_by_the_hour(&self) -> bool {
        false
    }
}
