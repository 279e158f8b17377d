//! The story of one answer, told from facts.

use jiff::{SignedDuration, Timestamp};
use raas_api::{CommandKind, OutcomeState, TimelineKind};
use uuid::Uuid;

use super::{Asked, Change, Delivery, Facts, Sighting, Step, Work, tell, waits_for};

fn at(second: i64) -> Timestamp {
    Timestamp::UNIX_EPOCH + SignedDuration::from_secs(second)
}

fn change(second: i64, state: OutcomeState, reason: &str) -> Change {
    Change {
        at: at(second),
        state,
        reason: reason.to_owned(),
        master_id: Some("m1".to_owned()),
        late: false,
        ran_twice: false,
    }
}

fn delivery(master: &str, work: Work, steps: &[(i64, &str, &str)]) -> Delivery {
    let step = |&(second, state, reason): &(i64, &str, &str)| Step {
        at: at(second),
        state: state.to_owned(),
        reason: reason.to_owned(),
    };
    Delivery {
        delivery_id: Uuid::from_u128(1),
        master_id: master.to_owned(),
        work,
        steps: steps.iter().map(step).collect(),
    }
}

fn facts() -> Facts {
    Facts {
        asked: Asked {
            at: at(0),
            user: "root".to_owned(),
            here: true,
            cmd: CommandKind::Local,
            fun: "test.ping".to_owned(),
            target: "\"*\" (glob) of \"eu-web\"".to_owned(),
        },
        minion_id: "w1".to_owned(),
        state: OutcomeState::Delivered,
        deadline: Some(at(60)),
        unheld_since: None,
        unexpected: false,
        changes: vec![
            change(0, OutcomeState::Queued, "planned: seen on master \"m1\""),
            change(2, OutcomeState::Delivered, "published by master \"m1\""),
        ],
        left_out: (0, 0),
        deliveries: vec![delivery(
            "m1",
            Work::Target,
            &[(0, "queued", ""), (1, "leased", ""), (2, "published", "")],
        )],
        sightings: Vec::new(),
    }
}

fn sentences(facts: &Facts) -> Vec<String> {
    tell(facts).into_iter().map(|entry| entry.sentence).collect()
}

#[test]
fn a_job_is_asked_for_planned_fetched_published_and_waited_for() {
    assert_eq!(
        sentences(&facts()),
        [
            "root asked for test.ping on \"*\" (glob) of \"eu-web\"",
            "an answer is expected through master \"m1\": seen on master \"m1\"",
            "queued for master \"m1\": publish to the target as asked for",
            "master \"m1\" fetched the job",
            "master \"m1\" published it",
            "delivered: published by master \"m1\"",
        ]
    );
    let waits = waits_for(&facts()).unwrap();
    assert_eq!(waits.until, at(60));
    assert!(waits.sentence.starts_with("the return"), "{waits:?}");
    let ended = Facts { deadline: None, state: OutcomeState::Succeeded, ..facts() };
    assert_eq!(waits_for(&ended), None);
}

#[test]
fn what_was_handed_back_says_why_once() {
    let reason = "master \"m1\": Salt refused it";
    let steps = [(0, "queued", ""), (1, "leased", ""), (3, "queued", reason), (3, "handed_back", reason)];
    let told = sentences(&Facts { deliveries: vec![delivery("m1", Work::List(2), &steps)], ..facts() });
    let of_it: Vec<&String> = told.iter().filter(|said| said.contains("back")).collect();
    assert_eq!(
        of_it,
        [
            "master \"m1\" handed the job back: Salt refused it",
            "taken back from master \"m1\": certainly not carried out"
        ]
    );
}

#[test]
fn a_question_is_waited_for_and_each_witness_is_told_apart() {
    let ask = delivery("m2", Work::Ask, &[(30, "queued", ""), (31, "leased", "")]);
    let seen =
        |master: &str, same, decided| Sighting { at: at(40), master_id: master.to_owned(), same, decided };
    let mut facts = facts();
    facts.deliveries.push(ask);
    assert!(waits_for(&facts).unwrap().sentence.contains("when master \"m2\" asks it"));
    facts.sightings = vec![
        seen("m1", Some(true), true),
        seen("m2", Some(true), false),
        seen("m3", Some(false), false),
        seen("m4", None, false),
    ];
    let witnesses: Vec<(Option<bool>, String)> = tell(&facts)
        .into_iter()
        .filter(|entry| entry.kind == TimelineKind::Witness)
        .map(|entry| (entry.same, entry.sentence))
        .collect();
    assert_eq!(witnesses.len(), 4);
    assert!(witnesses[1].1.contains("same return"), "{witnesses:?}");
    assert!(witnesses[2].1.contains("different"), "{witnesses:?}");
    assert!(witnesses[3].1.contains("VALUE_TRIMMED"), "{witnesses:?}");
}

#[test]
fn changes_that_are_not_kept_are_counted_where_they_were() {
    let told = sentences(&Facts { left_out: (1, 57), ..facts() });
    let at = told.iter().position(|said| said.starts_with("57 more changes")).unwrap();
    assert!(told[at - 1].starts_with("an answer is expected"), "{told:?}");
}

/// A server whose clock is behind wrote the second step: the order of the steps stands.
#[test]
fn each_delivery_keeps_the_order_of_its_steps() {
    let steps = [(5, "queued", ""), (4, "leased", ""), (6, "published", "")];
    let told = tell(&Facts { deliveries: vec![delivery("m1", Work::Target, &steps)], ..facts() });
    let states: Vec<_> = told
        .iter()
        .filter(|entry| entry.kind == TimelineKind::Delivery)
        .map(|entry| entry.state.clone().unwrap())
        .collect();
    assert_eq!(states, ["queued", "leased", "published"]);
}
