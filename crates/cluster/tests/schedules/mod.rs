//! When schedules fire: each way of saying it, the clock that jumps, ranges, and what is made up after a pause.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};
use raas_api::schedule::ScheduleObject;
use raas_cluster::schedule::{Missed, Schedule, future, planned, read};
use serde_json::{Value, json};

const MADE: &str = "2026-03-01T00:00:00Z";

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn object(value: Value) -> ScheduleObject {
    serde_json::from_value(value).unwrap()
}

fn schedule(value: Value) -> Schedule {
    read(&object(value), at(MADE)).unwrap()
}

/// The first planned times after `from`, in UTC.
fn times(value: Value, from: &str, count: usize) -> Vec<String> {
    let schedule = schedule(value);
    schedule.between(at(from), Timestamp::MAX).take(count).map(|time| time.to_string()).collect()
}

#[test]
fn intervals_count_from_when_the_schedule_was_made() {
    assert_eq!(times(json!({"seconds": 60}), MADE, 2), ["2026-03-01T00:01:00Z", "2026-03-01T00:02:00Z"]);
    assert_eq!(
        times(json!({"hours": 1, "minutes": 30}), "2026-03-01T03:00:00Z", 1),
        ["2026-03-01T04:30:00Z"]
    );
    assert_eq!(times(json!({"days": 7}), "2026-03-08T00:00:00Z", 1), ["2026-03-15T00:00:00Z"]);
    assert_eq!(
        times(json!({"days": 1}), "2020-01-01T00:00:00Z", 1),
        ["2026-03-02T00:00:00Z"],
        "never before"
    );
    let on_start = times(json!({"days": 1, "run_on_start": true}), "2026-02-28T23:59:59Z", 2);
    assert_eq!(on_start, [MADE, "2026-03-02T00:00:00Z"]);
}

#[test]
fn cron_has_names_steps_lists_and_either_day() {
    let from = "2026-03-01T00:00:00Z"; // a Sunday
    for (cron, next) in [
        ("*/20 * * * *", ["2026-03-01T00:20:00Z", "2026-03-01T00:40:00Z"]),
        ("30 4 * * mon-fri", ["2026-03-02T04:30:00Z", "2026-03-03T04:30:00Z"]),
        ("0 0 1,15 * *", ["2026-03-15T00:00:00Z", "2026-04-01T00:00:00Z"]),
        ("0 12 31 * *", ["2026-03-31T12:00:00Z", "2026-05-31T12:00:00Z"]),
        ("0 0 13 * 5", ["2026-03-06T00:00:00Z", "2026-03-13T00:00:00Z"]),
        ("0 0 * * 7", ["2026-03-08T00:00:00Z", "2026-03-15T00:00:00Z"]),
        ("5-10/5 22 * jul ?", ["2026-07-01T22:05:00Z", "2026-07-01T22:10:00Z"]),
        ("0 0 29 2 *", ["2028-02-29T00:00:00Z", "2032-02-29T00:00:00Z"]),
        ("@monthly", ["2026-04-01T00:00:00Z", "2026-05-01T00:00:00Z"]),
    ] {
        assert_eq!(times(json!({"cron": cron}), from, 2), next, "{cron}");
    }
}

#[test]
fn times_of_the_day_are_those_of_the_time_zone() {
    let daily = json!({"when": {"daily": ["02:00", "2:30pm"]}, "timezone": "Europe/Berlin"});
    assert_eq!(
        times(daily, "2026-03-01T00:00:00Z", 3),
        ["2026-03-01T01:00:00Z", "2026-03-01T13:30:00Z", "2026-03-02T01:00:00Z"]
    );
    let weekly = json!({"when": {"weekly": {"sun": ["00:00:30"], "wed": ["23:59"]}}});
    assert_eq!(times(weekly, "2026-03-01T00:00:30Z", 2), ["2026-03-04T23:59:00Z", "2026-03-08T00:00:30Z"]);
}

#[test]
fn a_time_that_the_clock_jumps_over_fires_at_the_jump_and_one_that_comes_twice_fires_once() {
    // In Berlin the 29th of March 2026 has no 02:00 to 03:00, and the 25th of October has it twice.
    for when in [json!({"when": {"daily": ["02:30"]}}), json!({"cron": "30 2 * * *"})] {
        let mut when = when;
        when["timezone"] = json!("Europe/Berlin");
        assert_eq!(
            times(when.clone(), "2026-03-28T00:00:00Z", 3),
            ["2026-03-28T01:30:00Z", "2026-03-29T01:00:00Z", "2026-03-30T00:30:00Z"]
        );
        assert_eq!(
            times(when.clone(), "2026-10-24T12:00:00Z", 2),
            ["2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z"]
        );
        assert_eq!(
            times(when, "2026-10-25T01:10:00Z", 1),
            ["2026-10-26T01:30:00Z"],
            "also asked in the hour that comes again"
        );
    }
    let hourly = json!({"cron": "15 * * * *", "timezone": "Europe/Berlin"});
    let fall = times(hourly.clone(), "2026-10-24T23:20:00Z", 3);
    assert_eq!(
        fall,
        ["2026-10-25T00:15:00Z", "2026-10-25T01:15:00Z", "2026-10-25T02:15:00Z"],
        "nothing is doubled or lost"
    );
    let spring = times(hourly, "2026-03-29T00:20:00Z", 2);
    assert_eq!(spring, ["2026-03-29T01:15:00Z", "2026-03-29T02:15:00Z"]);
}

#[test]
fn bounds_ranges_and_skips_rule_times_out() {
    let daily = |more: Value| {
        let mut whole = json!({"when": {"daily": ["12:00"]}});
        whole.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        times(whole, MADE, 2)
    };
    let noon = |day: u8| format!("2026-03-{day:02}T12:00:00Z");
    assert_eq!(daily(json!({"after": "2026-03-05T12:00:00Z"})), [noon(5), noon(6)]);
    assert_eq!(daily(json!({"until": "2026-03-01T12:00:00Z"})), [noon(1)]);
    assert_eq!(daily(json!({"until": "2026-02-01"})), Vec::<String>::new());
    let range = json!({"start": "2026-03-02T00:00:00Z", "end": "2026-03-03T12:00:00Z"});
    assert_eq!(daily(json!({"range": range})), [noon(2), noon(3)]);
    let outside = json!({"start": "2026-03-02T00:00:00Z", "end": "2026-03-03T12:00:00Z", "invert": true});
    assert_eq!(daily(json!({"range": outside})), [noon(1), noon(4)]);
    let skip =
        json!({"skip_times": ["2026-03-01T12:00:00Z"], "skip_explicit": ["2026-03-02T13:00:00+01:00"]});
    assert_eq!(daily(skip), [noon(3), noon(4)]);
    let fmt = json!({"after": "03.03.2026 00:00", "after_fmt": "%d.%m.%Y %H:%M"});
    assert_eq!(daily(fmt), [noon(3), noon(4)]);
    let night = json!({"hours": 1, "range": {"start": "22:00", "end": "02:00"}});
    assert_eq!(
        times(night, "2026-03-01T00:30:00Z", 4),
        ["2026-03-01T01:00:00Z", "2026-03-01T02:00:00Z", "2026-03-01T22:00:00Z", "2026-03-01T23:00:00Z"]
    );
    let day = json!({"hours": 1, "range": {"start": "22:00", "end": "02:00", "invert": true}});
    assert_eq!(times(day, "2026-03-01T20:30:00Z", 2), ["2026-03-01T21:00:00Z", "2026-03-02T03:00:00Z"]);
    assert_eq!(times(json!({"once": "2026-03-05T07:00:00"}), MADE, 2), ["2026-03-05T07:00:00Z"]);
}

#[test]
fn what_makes_no_sense_is_refused_by_its_key() {
    for (value, key) in [
        (json!({}), "schedule."),
        (json!({"seconds": 59}), "schedule.seconds"),
        (json!({"seconds": 0}), "schedule.seconds"),
        (json!({"seconds": 60, "cron": "* * * * *"}), "schedule."),
        (json!({"cron": "* * * *"}), "schedule.cron"),
        (json!({"cron": "61 * * * *"}), "schedule.cron"),
        (json!({"cron": "* * * * funday"}), "schedule.cron"),
        (json!({"cron": "0 0 30 2 *"}), "schedule.cron"),
        (json!({"cron": "*/0 * * * *"}), "schedule.cron"),
        (json!({"once": "tomorrow"}), "schedule.once"),
        (json!({"when": {"daily": ["25:00"]}}), "schedule.when.daily"),
        (json!({"when": {"weekly": {"mon": ["13:00pm"]}}}), "schedule.when.weekly.mon"),
        (json!({"when": {}}), "schedule.when"),
        (json!({"days": 1, "timezone": "Europe/Atlantis"}), "schedule.timezone"),
        (json!({"days": 1, "after": "soon"}), "schedule.after"),
        (json!({"days": 1, "range": {"start": "2026-03-02", "end": "2026-03-01"}}), "schedule.range.end"),
        (json!({"days": 1, "splay": {"start": 5, "end": 1}}), "schedule.splay.start"),
    ] {
        let problem = read(&object(value.clone()), at(MADE)).unwrap_err();
        assert_eq!(problem.parameter, key, "{value}: {problem:?}");
    }
}

const LATE: SignedDuration = SignedDuration::from_secs(300);

#[test]
fn what_came_in_time_fires_and_after_a_pause_only_the_newest_is_made_up() {
    let minutely = schedule(json!({"seconds": 60}));
    let none = BTreeSet::new();
    let due = |from: &str, now: &str| minutely.due((at(from), at(now)), LATE, &none, |_| 0);
    let in_time = due("2026-03-01T00:01:00Z", "2026-03-01T00:01:01Z");
    assert_eq!((in_time.fire, in_time.missed.len()), (vec![at("2026-03-01T00:01:00Z")], 0));
    assert_eq!(in_time.next, Some(at("2026-03-01T00:02:00Z")));

    let paused = due("2026-03-01T00:01:00Z", "2026-03-01T00:08:40Z");
    assert_eq!(paused.fire, [at("2026-03-01T00:08:00Z")]);
    let why: Vec<(Timestamp, Missed)> = paused.missed;
    assert_eq!(why.len(), 7, "each is told of: {why:?}");
    assert!(why.contains(&(at("2026-03-01T00:01:00Z"), Missed::TooLate)));
    assert!(why.contains(&(at("2026-03-01T00:07:00Z"), Missed::Superseded)));

    let done = BTreeSet::from([at("2026-03-01T00:01:00Z")]);
    let again = minutely.due((at("2026-03-01T00:01:00Z"), at("2026-03-01T00:01:30Z")), LATE, &done, |_| 0);
    assert_eq!((again.fire, again.missed, again.next), (vec![], vec![], Some(at("2026-03-01T00:02:00Z"))));

    let year = due("2026-03-01T00:01:00Z", "2027-03-01T00:00:20Z");
    assert!(year.missed.len() < 100, "{}", year.missed.len());
    assert!(matches!(year.missed[0], (_, Missed::LongAgo(_))), "{:?}", year.missed[0]);
    assert_eq!(year.fire, [at("2027-03-01T00:00:00Z")]);
}

#[test]
fn a_splay_puts_each_run_off_and_none_is_forgotten_meanwhile() {
    let splayed = schedule(json!({"seconds": 60, "splay": {"start": 10, "end": 100}}));
    let first = at("2026-03-01T00:01:00Z");
    assert_eq!(splayed.fires_at(first, 0), at("2026-03-01T00:01:10Z"));
    assert_eq!(splayed.fires_at(first, 90), at("2026-03-01T00:02:40Z"));
    assert_eq!(splayed.fires_at(first, 91), at("2026-03-01T00:01:10Z"));
    // The first is put off beyond the second.
    let seed = |planned: Timestamp| if planned == first { 90 } else { 0 };
    let due = |now: &str, done: &[&str]| {
        splayed.due((first, at(now)), LATE, &done.iter().map(|one| at(one)).collect(), seed)
    };
    let second = "2026-03-01T00:02:00Z";
    let then = due("2026-03-01T00:02:15Z", &[]);
    assert_eq!((then.fire, then.next), (vec![at(second)], Some(first)), "the first still waits");
    let then = due("2026-03-01T00:02:41Z", &[second]);
    assert_eq!((then.fire, then.next), (vec![first], Some(at("2026-03-01T00:03:00Z"))));
}

#[test]
fn a_future_run_is_known_by_its_uuid() {
    for (number, time) in [(1, at(MADE)), (i64::from(u32::MAX) * 7, at("2199-12-31T23:59:59Z"))] {
        assert_eq!(planned(future(number, time)), Some((number, time)));
    }
    assert_ne!(future(1, at(MADE)), future(2, at(MADE)));
    assert_eq!(planned("7f93b928-388b-11e6-b133-346895ecb8f3".parse().unwrap()), None);
}
