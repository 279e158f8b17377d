//! What is to be done about planned times that have come: fire, or call missed. A time that no server was there for is made
//! up while it is young, and only the newest one of each schedule.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};

use super::{Schedule, just_before};

/// Up to so late is in time: a leader was busy, or another one took over.
const IN_TIME: SignedDuration = SignedDuration::from_secs(30);
/// Older planned times than may still be made up are looked at for so long, so that each is told of.
const LOOK_BACK: SignedDuration = SignedDuration::from_hours(1);

/// What to do about one schedule.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Due {
    /// These planned times fire now.
    pub fire: Vec<Timestamp>,
    /// These do not, and why.
    pub missed: Vec<(Timestamp, Missed)>,
    /// The first planned time that is still to come, or waits for its splay.
    pub next: Option<Timestamp>,
}

/// Why a planned time does not fire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Missed {
    /// It came too long ago.
    TooLate,
    /// A newer one of the same schedule is made up for.
    Superseded,
    /// It, and all that were planned after it up to this time, came too long ago.
    LongAgo(Timestamp),
}

impl Missed {
    /// As a sentence.
    pub fn words(self) -> String {
        match self {
            Self::TooLate => "no server was there to fire it in time (schedules.late_s)".to_owned(),
            Self::Superseded => {
                "no server was there to fire it in time; a newer run is made up for it".to_owned()
            }
            Self::LongAgo(until) => {
                format!("no server was there to fire it in time, nor any that was planned until {until}")
            }
        }
    }
}

impl Schedule {
    /// What to do at `now` about planned times from `from` on. `late`: how long after its time one is made up. `done`: dealt
    /// with already. `seed` draws the splay of a planned time, always the same.
    pub fn due(
        &self,
        (from, now): (Timestamp, Timestamp),
        late: SignedDuration,
        done: &BTreeSet<Timestamp>,
        seed: impl Fn(Timestamp) -> u64,
    ) -> Due {
        let back = late.saturating_add(self.longest_splay()).saturating_add(LOOK_BACK);
        let oldest = now.saturating_sub(back).unwrap_or(now);
        let mut due = Due::default();
        if from < oldest && !done.contains(&from) {
            due.missed.push((from, Missed::LongAgo(oldest)));
        }
        let mut made_up: Option<Timestamp> = None;
        let start = just_before(from.max(oldest));
        for planned in self.between(start, now).filter(|time| !done.contains(time)) {
            if planned < oldest || due.missed.iter().any(|(time, _)| *time == planned) {
                continue;
            }
            let fires = self.fires_at(planned, seed(planned));
            let lateness = now.duration_since(fires);
            if lateness < SignedDuration::ZERO {
                due.next = due.next.or(Some(planned));
            } else if lateness <= IN_TIME {
                due.fire.push(planned);
            } else if lateness <= late {
                due.missed.extend(made_up.replace(planned).map(|older| (older, Missed::Superseded)));
            } else {
                due.missed.push((planned, Missed::TooLate));
            }
        }
        match made_up {
            Some(older) if !due.fire.is_empty() => due.missed.push((older, Missed::Superseded)),
            made_up => due.fire.extend(made_up),
        }
        due.next = due.next.or_else(|| self.next(now));
        due
    }
}
