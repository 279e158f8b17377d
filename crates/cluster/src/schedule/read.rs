//! The schedule object → a schedule. Says which key is wrong, what was given and what is expected.

use std::collections::BTreeSet;

use jiff::{
    Timestamp,
    civil::{DateTime, Time, Weekday},
    tz::TimeZone,
};
use raas_api::schedule::{ScheduleObject, ScheduleRange, ScheduleWhen};

use super::{Base, Cron, Schedule, Times, Window, window::Bounds};

/// Fewest seconds between two runs.
const SHORTEST: i64 = 60;

/// What is wrong with a schedule object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The key, as `schedule.cron`.
    pub parameter: String,
    /// What was given.
    pub given: String,
    /// What was expected.
    pub expected: String,
}

type Read<T> = Result<T, Problem>;

fn problem(key: &str, given: impl std::fmt::Display, expected: impl Into<String>) -> Problem {
    Problem { parameter: format!("schedule.{key}"), given: given.to_string(), expected: expected.into() }
}

/// Reads a schedule that was made at `anchor`.
///
/// # Errors
/// The first thing that is wrong.
pub fn read(object: &ScheduleObject, anchor: Timestamp) -> Read<Schedule> {
    let tz = zone(object.timezone.as_deref())?;
    let at = |key, text: &Option<String>, fmt: &Option<String>| {
        text.as_deref().map(|text| moment(key, text, fmt.as_deref(), &tz)).transpose()
    };
    let mut skip = BTreeSet::new();
    for text in object.skip_times.iter().flatten() {
        skip.insert(moment("skip_times", text, object.skip_times_fmt.as_deref(), &tz)?);
    }
    for text in object.skip_explicit.iter().flatten() {
        skip.insert(moment("skip_explicit", text, None, &tz)?);
    }
    Ok(Schedule {
        base: base(object, &tz)?,
        anchor: whole(anchor),
        on_start: object.run_on_start.unwrap_or(false),
        after: at("after", &object.after, &object.after_fmt)?,
        until: at("until", &object.until, &object.until_fmt)?,
        window: object.range.as_ref().map(|given| window(given, &tz)).transpose()?,
        skip,
        splay: splay(object)?,
        max_running: object.maxrunning.filter(|most| *most > 0),
        tz,
    })
}

/// The time zone of this name; UTC when there is none.
fn zone(name: Option<&str>) -> Read<TimeZone> {
    let name = name.unwrap_or("UTC");
    TimeZone::get(name).map_err(|_| {
        problem("timezone", format!("{name:?}"), "the name of a time zone, as \"Europe/Berlin\"")
    })
}

/// Exactly one thing makes its times.
fn base(object: &ScheduleObject, tz: &TimeZone) -> Read<Base> {
    let every = interval(object)?;
    let once = object.once.as_deref();
    let bases = [
        ("an interval", every.is_some()),
        ("cron", object.cron.is_some()),
        ("once", once.is_some()),
        ("when", object.when.is_some()),
    ];
    let given: Vec<&str> = bases.iter().filter(|(_, is)| *is).map(|(name, _)| *name).collect();
    if given.len() > 1 {
        let what = given.join(" and ");
        return Err(problem(
            "",
            what,
            "one of: an interval (seconds, minutes, hours, days), cron, once, when",
        ));
    }
    if let Some(seconds) = every {
        return Ok(Base::Every(seconds));
    }
    if let Some(text) = once {
        return moment("once", text, object.once_fmt.as_deref(), tz).map(Base::Once);
    }
    if let Some(text) = object.cron.as_deref() {
        let cron = Cron::read(text);
        return cron.map(Base::Cron).map_err(|why| {
            problem("cron", format!("{text:?}"), format!("five fields, as \"30 4 * * mon-fri\" ({why})"))
        });
    }
    match &object.when {
        Some(when) => times(when).map(Base::When),
        None => Err(problem(
            "",
            "without times",
            "one of: an interval (seconds, minutes, hours, days), cron, once, when",
        )),
    }
}

fn interval(object: &ScheduleObject) -> Read<Option<i64>> {
    let parts = [(object.seconds, 1), (object.minutes, 60), (object.hours, 3600), (object.days, 86_400)];
    if parts.iter().all(|(count, _)| count.is_none_or(|count| count == 0)) {
        return match object.seconds {
            Some(0) => Err(problem("seconds", 0, format!("{SHORTEST} or more"))),
            _ => Ok(None),
        };
    }
    let seconds: i64 = parts.iter().map(|(count, unit)| i64::from(count.unwrap_or(0)) * unit).sum();
    if seconds < SHORTEST {
        return Err(problem("seconds", seconds, format!("{SHORTEST} or more")));
    }
    Ok(Some(seconds))
}

fn times(when: &ScheduleWhen) -> Read<Times> {
    let mut all = Vec::new();
    for text in when.daily.iter().flatten() {
        all.push((None, clock("when.daily", text)?));
    }
    let weekly = when.weekly.clone().unwrap_or_default();
    for (day, word, times) in [
        (Weekday::Monday, "mon", weekly.mon),
        (Weekday::Tuesday, "tue", weekly.tue),
        (Weekday::Wednesday, "wed", weekly.wed),
        (Weekday::Thursday, "thu", weekly.thu),
        (Weekday::Friday, "fri", weekly.fri),
        (Weekday::Saturday, "sat", weekly.sat),
        (Weekday::Sunday, "sun", weekly.sun),
    ] {
        for text in times.iter().flatten() {
            all.push((Some(day), clock(&format!("when.weekly.{word}"), text)?));
        }
    }
    if all.is_empty() {
        return Err(problem(
            "when",
            "without times",
            "times of the day under daily, or under days of weekly",
        ));
    }
    Ok(Times(all))
}

fn window(range: &ScheduleRange, tz: &TimeZone) -> Read<Window> {
    let invert = range.invert.unwrap_or(false);
    if let (Some(start), Some(end)) = (clock_of(&range.start), clock_of(&range.end)) {
        return Ok(Window { bounds: Bounds::Times(start, end), invert });
    }
    let start = moment("range.start", &range.start, range.start_fmt.as_deref(), tz)?;
    let end = moment("range.end", &range.end, range.end_fmt.as_deref(), tz)?;
    if end < start {
        return Err(problem("range.end", format!("{:?}", range.end), "a time that is not before the start"));
    }
    Ok(Window { bounds: Bounds::Moments(start, end), invert })
}

fn splay(object: &ScheduleObject) -> Read<Option<(u32, u32)>> {
    let Some(splay) = &object.splay else { return Ok(None) };
    let start = splay.start.unwrap_or(0);
    if start > splay.end {
        return Err(problem("splay.start", start, format!("{} (the end) or less", splay.end)));
    }
    Ok((splay.end > 0).then_some((start, splay.end)))
}

/// A time of the day: `02:00`, `14:30:15`, `2:00am`, `2pm`.
fn clock(key: &str, text: &str) -> Read<Time> {
    clock_of(text).ok_or_else(|| {
        problem(key, format!("{text:?}"), "a time of the day, as \"02:00\", \"14:30:15\" or \"2:00pm\"")
    })
}

fn clock_of(text: &str) -> Option<Time> {
    let lower = text.trim().to_lowercase();
    let half = [("am", 0), ("pm", 12)].iter().find(|(word, _)| lower.ends_with(*word));
    let digits =
        half.map_or(lower.as_str(), |(word, _)| lower.strip_suffix(*word).unwrap_or_default().trim_end());
    let parts: Vec<i8> = digits
        .split(':')
        .map(|part| {
            (part.len() <= 2 && part.bytes().all(|b| b.is_ascii_digit())).then(|| part.parse().ok())?
        })
        .collect::<Option<_>>()?;
    let (hour, minute, second) = match (parts.as_slice(), half) {
        (&[hour], Some(_)) => (hour, 0, 0),
        (&[hour, minute], _) => (hour, minute, 0),
        (&[hour, minute, second], _) => (hour, minute, second),
        _ => return None,
    };
    let hour = match half {
        Some((_, half)) if (1..=12).contains(&hour) => hour % 12 + half,
        Some(_) => return None,
        None => hour,
    };
    Time::new(hour, minute, second, 0).ok()
}

/// A moment; without an offset it is a time of the schedule's zone. Whole seconds.
fn moment(key: &str, text: &str, fmt: Option<&str>, tz: &TimeZone) -> Read<Timestamp> {
    time(text, fmt, tz).ok_or_else(|| {
        let expected = match fmt {
            Some(fmt) => format!("a time of the format {fmt:?}"),
            None => "a time of ISO 8601, as \"2026-03-01T02:00:00Z\"".to_owned(),
        };
        problem(key, format!("{text:?}"), expected)
    })
}

/// Reads a time: ISO 8601, or the format given.
pub fn time(text: &str, fmt: Option<&str>, tz: &TimeZone) -> Option<Timestamp> {
    let text = text.trim();
    let civil = |time: DateTime| tz.to_timestamp(time).ok();
    let read = match fmt.filter(|fmt| !fmt.is_empty()) {
        Some(fmt) => {
            let read = jiff::fmt::strtime::parse(fmt, text).ok()?;
            let midnight = || Some(read.to_date().ok()?.to_datetime(Time::midnight()));
            read.to_timestamp().ok().or_else(|| civil(read.to_datetime().ok().or_else(midnight)?))
        }
        None => text.parse::<Timestamp>().ok().or_else(|| civil(text.parse().ok()?)),
    };
    read.map(whole)
}

/// Two times: from, to. None when they are not two, or cannot be read.
pub fn range(times: &[String], fmt: Option<&str>) -> Option<(Timestamp, Timestamp)> {
    match times {
        [from, to] => Some((time(from, fmt, &TimeZone::UTC)?, time(to, fmt, &TimeZone::UTC)?)),
        _ => None,
    }
}

fn whole(time: Timestamp) -> Timestamp {
    Timestamp::from_second(time.as_second()).unwrap_or(time)
}
