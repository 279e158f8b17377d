//! Cron expressions: five fields (minute, hour, day of the month, month, day of the week), names, ranges, steps, lists,
//! and `@hourly`, `@daily`, `@midnight`, `@weekly`, `@monthly`, `@yearly`, `@annually`.

use jiff::{
    ToSpan as _,
    civil::{Date, DateTime, Time},
};

const MONTHS: &[&str] = &["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const DAYS: &[&str] = &["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
/// Days that are looked at: a 29th of February may be eight years away.
const HORIZON: usize = 366 * 9;

/// An expression, read.
#[derive(Clone, Debug)]
pub(super) struct Cron {
    minutes: u64,
    hours: u64,
    days: u64,
    months: u64,
    weekdays: u64,
    /// Both days are restricted: either of them suffices, as cron has it.
    either: bool,
}

/// One field: its name, its bounds, its names.
struct Field {
    name: &'static str,
    from: u32,
    to: u32,
    names: &'static [&'static str],
    first_name: u32,
}

impl Cron {
    /// Reads an expression; the error says which part is wrong, and why.
    pub(super) fn read(text: &str) -> Result<Self, String> {
        let text = match text.trim() {
            "@hourly" => "0 * * * *",
            "@daily" | "@midnight" => "0 0 * * *",
            "@weekly" => "0 0 * * 0",
            "@monthly" => "0 0 1 * *",
            "@yearly" | "@annually" => "0 0 1 1 *",
            other => other,
        };
        let parts: Vec<&str> = text.split_whitespace().collect();
        let &[minute, hour, day, month, weekday] = parts.as_slice() else {
            return Err(format!("it has {} fields, not five: minute hour day month weekday", parts.len()));
        };
        let plain = |name, from, to| Field { name, from, to, names: &[], first_name: 0 };
        let weekdays = Field { name: "weekday", from: 0, to: 7, names: DAYS, first_name: 0 }.read(weekday)?;
        let cron = Self {
            minutes: plain("minute", 0, 59).read(minute)?,
            hours: plain("hour", 0, 23).read(hour)?,
            days: plain("day", 1, 31).read(day)?,
            months: Field { name: "month", from: 1, to: 12, names: MONTHS, first_name: 1 }.read(month)?,
            weekdays: if has(weekdays, 7) { weekdays | 1 } else { weekdays },
            either: !is_any(day) && !is_any(weekday),
        };
        let start = Date::constant(2000, 1, 1).to_datetime(Time::midnight());
        if cron.first(start).is_none() {
            return Err("no such day is in any year".to_owned());
        }
        Ok(cron)
    }

    pub(super) fn every_hour(&self) -> bool {
        (0..24).all(|hour| has(self.hours, hour))
    }

    /// The first matching minute at `from` or later.
    pub(super) fn first(&self, from: DateTime) -> Option<DateTime> {
        let mut day = from.date();
        let mut earliest = from.time();
        for _ in 0..HORIZON {
            if self.is_on(day)
                && let Some(time) = self.time(earliest)
            {
                return Some(day.to_datetime(time));
            }
            day = day.checked_add(1.day()).ok()?;
            earliest = Time::midnight();
        }
        None
    }

    fn is_on(&self, date: Date) -> bool {
        let day = has(self.days, number(date.day()));
        let weekday = has(self.weekdays, number(date.weekday().to_sunday_zero_offset()));
        let on = if self.either { day || weekday } else { day && weekday };
        on && has(self.months, number(date.month()))
    }

    /// The first minute of a day at `from` or later.
    fn time(&self, from: Time) -> Option<Time> {
        let whole = from.second() == 0 && from.subsec_nanosecond() == 0;
        let from = number(from.hour()) * 60 + number(from.minute()) + u32::from(!whole);
        let (hour, minute) = (from / 60, from % 60);
        if has(self.hours, hour)
            && let Some(minute) = lowest(self.minutes, minute)
        {
            return clock(hour, minute);
        }
        clock(lowest(self.hours, hour + 1)?, lowest(self.minutes, 0)?)
    }
}

/// The lowest number from `from` on.
fn lowest(bits: u64, from: u32) -> Option<u32> {
    let rest = bits & u64::MAX.checked_shl(from)?;
    (rest != 0).then(|| rest.trailing_zeros())
}

fn clock(hour: u32, minute: u32) -> Option<Time> {
    Time::new(i8::try_from(hour).ok()?, i8::try_from(minute).ok()?, 0, 0).ok()
}

impl Field {
    fn read(&self, text: &str) -> Result<u64, String> {
        text.split(',').try_fold(0, |bits, part| Ok(bits | self.part(part)?))
    }

    fn part(&self, part: &str) -> Result<u64, String> {
        let wrong = |why: &str| format!("{} {part:?}: {why}", self.name);
        let (range, step) = match part.split_once('/') {
            Some((range, step)) => {
                let step = step.parse::<u32>().ok().filter(|step| *step > 0);
                (range, Some(step.ok_or_else(|| wrong("a step is a number from 1 on"))?))
            }
            None => (part, None),
        };
        let (from, to) = match range.split_once('-') {
            _ if is_any(range) => (self.from, self.to),
            Some((from, to)) => (self.value(from)?, self.value(to)?),
            None if step.is_some() => (self.value(range)?, self.to),
            None => (self.value(range)?, self.value(range)?),
        };
        if from > to {
            return Err(wrong("a range counts up"));
        }
        let step = usize::try_from(step.unwrap_or(1)).unwrap_or(usize::MAX);
        Ok((from..=to).step_by(step).fold(0, |bits, value| bits | 1 << value))
    }

    fn value(&self, text: &str) -> Result<u32, String> {
        let lower = text.to_lowercase();
        let named = self.names.iter().position(|name| *name == lower);
        let value = match named.and_then(|at| u32::try_from(at).ok()) {
            Some(at) => Some(at + self.first_name),
            None => text.parse().ok().filter(|value| (self.from..=self.to).contains(value)),
        };
        value.ok_or_else(|| format!("{} {text:?}: expected {} to {}", self.name, self.from, self.to))
    }
}

fn is_any(text: &str) -> bool {
    text == "*" || text == "?"
}

fn has(bits: u64, value: u32) -> bool {
    value < 64 && bits & (1 << value) != 0
}

fn number(value: i8) -> u32 {
    u32::try_from(value).unwrap_or(63)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_minute_is_the_one_that_a_walk_through_the_day_finds() {
        for expression in
            ["* * * * *", "0 3 * * *", "59 23 * * *", "*/7 9-17/3 * * *", "5,50 0,12 * * *", "0 0 * * *"]
        {
            let cron = Cron::read(expression).unwrap();
            let walk = |from: i32| {
                (from..24 * 60).find(|m| {
                    has(cron.hours, (m / 60).unsigned_abs()) && has(cron.minutes, (m % 60).unsigned_abs())
                })
            };
            for second in (0..24 * 60 * 60).step_by(29) {
                let from = Time::midnight() + second.seconds();
                let whole = second % 60 == 0;
                let expected = walk(second / 60 + i32::from(!whole));
                let found =
                    cron.time(from).map(|time| i32::from(time.hour()) * 60 + i32::from(time.minute()));
                assert_eq!(found, expected, "{expression} from {from}");
            }
        }
    }
}
