//! Stories of the spool: what was taken survives, what was never sent is never forgotten, and what is dropped is said.

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use jiff::SignedDuration;
use raas_plugin::clock::Clock as _;
use raas_plugin::spool::{Begun, Limits, Spool};
use raas_wire::{Evidence, Gap, Json, Published, Report, Return, ReturnSource, Seen};
use uuid::Uuid;

use crate::kit::{TestClock, TestRandom, open, report, waiting};

fn seen(clock: &TestClock) -> Report {
    let at = clock.now();
    Report::Seen(vec![Seen { minion_id: "web1".to_owned(), evidence: Evidence::Event, at }])
}

fn returned(jid: &str, bytes: usize) -> Report {
    Report::Return(Return {
        jid: jid.to_owned(),
        minion_id: "web1".to_owned(),
        fun: "test.ping".to_owned(),
        fun_args: Json::null(),
        success: true,
        retcode: 0,
        ret: Json::from(serde_json::json!("x".repeat(bytes))),
        original: None,
        extra: None,
        source: ReturnSource::Bus,
        trimmed: false,
    })
}

fn published(id: Uuid) -> Report {
    Report::Published(Published {
        delivery_id: id,
        jid: "1".to_owned(),
        minions: Vec::new(),
        matched_none: false,
    })
}

async fn record(spool: &Spool, clock: &TestClock, reports: Vec<Report>) {
    let reports = reports.into_iter().map(|report| (clock.now(), report)).collect();
    spool.recorder().record(reports).await.unwrap();
}

fn gaps(reports: &[Report]) -> Vec<Gap> {
    reports
        .iter()
        .filter_map(|report| if let Report::Gap(gap) = report { Some(gap.clone()) } else { None })
        .collect()
}

/// The file as a crash, or a snapshot of the machine, leaves it.
fn as_left(from: &Path, to: &Path) {
    for name in ["spool.db", "spool.db-wal"] {
        std::fs::copy(from.join(name), to.join(name)).unwrap();
    }
}

#[tokio::test]
async fn what_was_recorded_is_there_after_a_kill_and_its_deliveries_are_known_as_answered() {
    let (here, after) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (clock, random) = (TestClock::new(), Arc::new(TestRandom::default()));
    let spool = open(here.path(), Limits::default(), &clock, &random);
    let delivery = Uuid::from_u128(7);
    let heard_at = clock.now();
    spool.recorder().heard_until(heard_at);
    clock.forward(Duration::from_secs(3)); // what is written late may still have been on its way
    record(&spool, &clock, vec![published(delivery), returned("1", 10)]).await;
    as_left(here.path(), after.path());

    clock.forward(Duration::from_secs(60));
    let again = open(after.path(), Limits::default(), &clock, &random);
    assert_eq!(waiting(&again).await, [published(delivery), returned("1", 10)]);
    assert_eq!(again.answered(), [delivery]);
    assert_eq!(again.heard_until(), Some(heard_at), "what passed since then is a gap");
}

#[tokio::test]
async fn a_restored_snapshot_sends_again_what_it_holds_under_a_new_epoch() {
    let (here, snapshot) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (clock, random) = (TestClock::new(), Arc::new(TestRandom::default()));
    let spool = open(here.path(), Limits::default(), &clock, &random);
    record(&spool, &clock, vec![returned("1", 10)]).await;
    as_left(here.path(), snapshot.path());
    record(&spool, &clock, vec![returned("2", 10)]).await;
    let sent = spool.oldest(10, usize::MAX).await.unwrap().unwrap();
    spool.committed(sent.epoch, 2).unwrap();
    assert!(waiting(&spool).await.is_empty());

    let restored = open(snapshot.path(), Limits::default(), &clock, &random);
    record(&restored, &clock, vec![returned("3", 10)]).await;
    let chunk = restored.oldest(10, usize::MAX).await.unwrap().unwrap();
    assert_ne!(chunk.epoch, sent.epoch);
    // What the server committed under the old epoch says nothing about these numbers.
    restored.committed(sent.epoch, 2).unwrap();
    assert_eq!(waiting(&restored).await, [returned("1", 10), returned("3", 10)]);
}

#[tokio::test]
async fn a_server_that_knows_more_than_was_sent_makes_a_new_epoch() {
    let dir = tempfile::tempdir().unwrap();
    let (clock, random) = (TestClock::new(), Arc::new(TestRandom::default()));
    let spool = open(dir.path(), Limits::default(), &clock, &random);
    record(&spool, &clock, vec![returned("1", 10)]).await;
    let sent = spool.oldest(10, usize::MAX).await.unwrap().unwrap();
    spool.committed(sent.epoch, 99).unwrap();
    assert_eq!(waiting(&spool).await, [returned("1", 10)], "nothing was forgotten");
    assert_ne!(spool.epoch(), sent.epoch);
}

#[tokio::test]
async fn beyond_its_limit_the_oldest_events_go_and_never_a_return() {
    let dir = tempfile::tempdir().unwrap();
    let (clock, random) = (TestClock::new(), Arc::new(TestRandom::default()));
    let spool = open(dir.path(), Limits { records: 10, ..Limits::default() }, &clock, &random);
    let start = clock.now();
    for n in 0..8 {
        record(&spool, &clock, vec![returned(&n.to_string(), 10), seen(&clock), seen(&clock)]).await;
        clock.forward(Duration::from_secs(1));
    }
    let reports = waiting(&spool).await;
    let returns = reports.iter().filter(|report| matches!(report, Report::Return(_))).count();
    let events = reports.iter().filter(|report| matches!(report, Report::Seen(_))).count();
    assert_eq!(returns, 8);
    let gaps = gaps(&reports);
    assert_eq!(gaps.len(), 1, "one gap that grows: {gaps:?}");
    assert_eq!(gaps[0].count, Some(16 - events as u64));
    assert_eq!(gaps[0].from, start);
    assert!(gaps[0].to > start && gaps[0].why.contains("size_limit"), "{gaps:?}");
}

#[tokio::test]
async fn events_that_waited_too_long_go_at_the_next_start() {
    let dir = tempfile::tempdir().unwrap();
    let (clock, random) = (TestClock::new(), Arc::new(TestRandom::default()));
    let spool = open(dir.path(), Limits::default(), &clock, &random);
    record(&spool, &clock, vec![seen(&clock), returned("1", 10)]).await;
    let copy = tempfile::tempdir().unwrap();
    as_left(dir.path(), copy.path());
    clock.forward(Duration::from_secs(2 * 86_400));
    let later = open(copy.path(), Limits::default(), &clock, &random);
    let reports = waiting(&later).await;
    assert_eq!(reports[0], returned("1", 10));
    let gaps = gaps(&reports);
    assert_eq!((reports.len(), gaps[0].count), (2, Some(1)));
    assert!(gaps[0].why.contains("age_limit"));
}

#[tokio::test]
async fn on_a_full_disk_reports_wait_in_memory_and_are_written_when_there_is_room() {
    let dir = tempfile::tempdir().unwrap();
    let (clock, random) = (TestClock::new(), Arc::new(TestRandom::default()));
    let spool = open(dir.path(), Limits { pages: Some(40), ..Limits::default() }, &clock, &random);
    record(&spool, &clock, vec![returned("1", 100_000)]).await;
    let recorder = spool.recorder();
    let second = returned("2", 100_000);
    let mut waits = tokio::spawn(async move { recorder.record(vec![(clock.now(), second)]).await });
    let early = tokio::time::timeout(Duration::from_millis(300), &mut waits).await;
    assert!(early.is_err(), "it must not count as recorded before it is on disk");

    let chunk = spool.oldest(10, usize::MAX).await.unwrap().unwrap();
    assert_eq!(chunk.records.len(), 1);
    spool.committed(chunk.epoch, chunk.records[0].n).unwrap();
    tokio::time::timeout(Duration::from_secs(20), waits).await.unwrap().unwrap().unwrap();
    assert_eq!(waiting(&spool).await, [returned("2", 100_000)]);
}

#[tokio::test]
async fn on_a_full_disk_memory_has_a_limit_and_what_goes_is_a_gap() {
    let dir = tempfile::tempdir().unwrap();
    let (clock, random) = (TestClock::new(), Arc::new(TestRandom::default()));
    let limits = Limits { pages: Some(40), memory: 50_000, ..Limits::default() };
    let spool = open(dir.path(), limits, &clock, &random);
    record(&spool, &clock, vec![returned("1", 100_000)]).await;
    let recorder = spool.recorder();
    let refused = recorder.record(vec![(clock.now(), returned("2", 100_000))]).await;
    assert!(refused.unwrap_err().to_string().contains("gap"));

    let chunk = spool.oldest(10, usize::MAX).await.unwrap().unwrap();
    spool.committed(chunk.epoch, chunk.records[0].n).unwrap();
    record(&spool, &clock, vec![returned("3", 10)]).await;
    let reports = waiting(&spool).await;
    assert_eq!(gaps(&reports)[0].count, Some(1));
    assert!(reports.contains(&returned("3", 10)));
}

#[tokio::test]
async fn a_damaged_file_is_set_aside_and_the_gap_is_said() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("spool.db"), "this is no database, and never was one").unwrap();
    let (clock, random) = (TestClock::new(), Arc::new(TestRandom::default()));
    let spool = open(dir.path(), Limits::default(), &clock, &random);
    let reports = waiting(&spool).await;
    assert!(gaps(&reports)[0].why.contains("damaged"), "{reports:?}");
    let names: Vec<String> = std::fs::read_dir(dir.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    assert!(names.iter().any(|name| name.starts_with("spool.db.damaged-")), "{names:?}");
}

#[tokio::test]
async fn nobody_else_can_read_it() {
    let dir = tempfile::tempdir().unwrap();
    let (clock, random) = (TestClock::new(), Arc::new(TestRandom::default()));
    let spool = open(dir.path(), Limits::default(), &clock, &random);
    record(&spool, &clock, vec![returned("1", 10)]).await;
    for entry in std::fs::read_dir(dir.path()).unwrap() {
        let entry = entry.unwrap();
        let mode = entry.metadata().unwrap().permissions().mode() & 0o777;
        assert_eq!(mode, 0o600, "{:?}", entry.file_name());
    }
}

#[tokio::test]
async fn many_callers_at_once_lose_nothing_and_numbers_ascend() {
    let dir = tempfile::tempdir().unwrap();
    let (clock, random) = (TestClock::new(), Arc::new(TestRandom::default()));
    let spool = open(dir.path(), Limits::default(), &clock, &random);
    let calls = (0..200).map(|n: u32| {
        let (recorder, at) = (spool.recorder(), clock.now());
        tokio::spawn(async move { recorder.record(vec![(at, returned(&n.to_string(), 10))]).await })
    });
    for call in calls.collect::<Vec<_>>() {
        call.await.unwrap().unwrap();
    }
    let chunk = spool.oldest(1000, usize::MAX).await.unwrap().unwrap();
    let numbers: Vec<u64> = chunk.records.iter().map(|record| record.n).collect();
    assert_eq!(numbers, (1..=200).collect::<Vec<u64>>());
    assert_eq!(spool.oldest(3, usize::MAX).await.unwrap().unwrap().records.len(), 3);
    assert_eq!(spool.oldest(1000, 1).await.unwrap().unwrap().records.len(), 1, "one goes, however large");
    assert!(matches!(report(&chunk.records[0]), Report::Return(_)));
}

#[tokio::test]
async fn a_record_that_the_server_cannot_take_becomes_a_gap_with_its_number() {
    let dir = tempfile::tempdir().unwrap();
    let (clock, random) = (TestClock::new(), Arc::new(TestRandom::default()));
    let spool = open(dir.path(), Limits::default(), &clock, &random);
    record(&spool, &clock, vec![returned("1", 10), returned("2", 10)]).await;
    spool.give_up(1, "too large").unwrap();
    let chunk = spool.oldest(10, usize::MAX).await.unwrap().unwrap();
    let gap = Gap { from: clock.now(), to: clock.now(), count: Some(1), why: "too large".to_owned() };
    assert_eq!((chunk.records[0].n, report(&chunk.records[0])), (1, Report::Gap(gap)));
    assert_eq!(report(&chunk.records[1]), returned("2", 10));
}

#[tokio::test]
async fn a_large_return_that_the_server_cannot_take_is_cut_and_its_job_still_ends() {
    let dir = tempfile::tempdir().unwrap();
    let (clock, random) = (TestClock::new(), Arc::new(TestRandom::default()));
    let spool = open(dir.path(), Limits::default(), &clock, &random);
    record(&spool, &clock, vec![returned("1", 2_000_000), returned("2", 10)]).await;
    spool.give_up(1, "too large").unwrap();
    let chunk = spool.oldest(10, usize::MAX).await.unwrap().unwrap();
    let Report::Return(cut) = report(&chunk.records[0]) else { panic!("{:?}", chunk.records[0]) };
    assert_eq!((chunk.records[0].n, cut.trimmed, cut.ret.as_str()), (1, true, "\"too large\""));
    assert_eq!(report(&chunk.records[1]), returned("2", 10));

    spool.give_up(1, "not even so").unwrap();
    let chunk = spool.oldest(10, usize::MAX).await.unwrap().unwrap();
    assert!(matches!(report(&chunk.records[0]), Report::Gap(_)), "nothing is tried for ever");
}

#[tokio::test]
async fn each_record_says_how_wrong_the_clock_was_when_it_was_taken() {
    let dir = tempfile::tempdir().unwrap();
    let clock = TestClock::new();
    let spool = open(dir.path(), Limits::default(), &clock, &Arc::default());
    let take = async || {
        let at = clock.now();
        let gap = Report::Gap(Gap { from: at, to: at, count: None, why: "a record".into() });
        spool.recorder().record(vec![(at, gap)]).await.unwrap();
    };
    take().await;
    // The server says what time it is: ten minutes less than here. Time passes, and somebody sets the clock right.
    let theirs = clock.now() - SignedDuration::from_secs(600);
    clock.server().learn(theirs, clock.steady());
    clock.forward(Duration::from_secs(90));
    take().await;
    clock.jump(-600);
    take().await;
    let chunk = spool.oldest(10, usize::MAX).await.unwrap().unwrap();
    let skews: Vec<_> = chunk.records.iter().map(|record| record.skew_ms).collect();
    assert_eq!(skews, [None, Some(600_000), Some(0)]);
    let sent = serde_json::to_value(&chunk).unwrap();
    assert_eq!(sent["records"][1]["skew_ms"], serde_json::json!(600_000));
    assert_eq!(clock.server_now(), theirs + SignedDuration::from_secs(90), "whatever the clock is set to");
}

#[tokio::test]
async fn a_clock_that_is_set_a_week_ahead_makes_no_event_old() {
    let dir = tempfile::tempdir().unwrap();
    let clock = TestClock::new();
    clock.server().learn(clock.now(), clock.steady());
    let (random, limits) = (Arc::default(), Limits { age: Duration::from_secs(86_400), ..Limits::default() });
    let spool = open(dir.path(), limits, &clock, &random);
    spool.recorder().record(vec![(clock.now(), seen(&clock))]).await.unwrap();
    drop(spool);
    clock.jump(7 * 86_400);
    let spool = open(dir.path(), limits, &clock, &random); // looks for old events when it opens
    spool.recorder().record(vec![(clock.now(), seen(&clock))]).await.unwrap();
    let reports = waiting(&spool).await;
    assert!(reports.len() == 2 && reports.iter().all(|one| matches!(one, Report::Seen(_))), "{reports:?}");
}

#[tokio::test]
async fn a_run_that_begins_is_known_after_a_kill_until_it_is_answered() {
    let (here, after) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (clock, random) = (TestClock::new(), Arc::new(TestRandom::default()));
    let spool = open(here.path(), Limits::default(), &clock, &random);
    let run = |n: u128| Begun {
        delivery_id: Uuid::from_u128(n),
        fun: "state.orchestrate".to_owned(),
        main: "7 123".to_owned(),
    };
    for n in [1, 2] {
        spool.recorder().begin(run(n)).await.unwrap();
    }
    record(&spool, &clock, vec![published(Uuid::from_u128(1))]).await;
    as_left(here.path(), after.path());
    assert_eq!(open(after.path(), Limits::default(), &clock, &random).begun(), [run(2)]);
}
