//! Stories of work on one master, with stand-ins for Salt and for the server's word on claims.

#[path = "work/stage.rs"]
mod stage;

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use raas_salt::{Publication, RequestError};
use raas_wire::{
    Ask, HandBack, Json, KeyAction, KeyChange, Keys, Ping, Publish, Report, Return, ReturnSource, Run,
    RunClient, Work,
};
use serde_json::json;
use uuid::Uuid;

use stage::{ClaimAnswer, Stage};

const JID: &str = "20260102030405000678";

fn publish(id: u128) -> Publish {
    Publish {
        delivery_id: Uuid::from_u128(id),
        jid: JID.to_owned(),
        fun: "test.ping".to_owned(),
        arg: Json::from(json!([])),
        tgt: Json::from(json!("*")),
        tgt_type: "glob".to_owned(),
        user: "root".to_owned(),
        metadata: None,
        publish_before_ms: 20_000,
    }
}

fn run(id: u128, client: RunClient) -> Run {
    Run {
        delivery_id: Uuid::from_u128(id),
        jid: JID.to_owned(),
        client,
        fun: "jobs.active".to_owned(),
        arg: Json::from(json!([])),
        kwarg: Json::from(json!({})),
        user: "alice".to_owned(),
        publish_before_ms: 1_000,
        timeout_ms: 20_000,
    }
}

fn unreachable() -> RequestError {
    RequestError::Unreachable { address: "a".to_owned(), mute: false, why: "refused".to_owned() }
}

fn unanswered() -> RequestError {
    RequestError::Unanswered { address: "a".to_owned(), why: "silence".to_owned() }
}

fn failed() -> RequestError {
    RequestError::Failed {
        address: "a".to_owned(),
        said: "Some exception handling minion payload".to_owned(),
    }
}

fn handed_back(reports: &[Report]) -> Option<HandBack> {
    reports.iter().find_map(|one| if let Report::HandedBack(back) = one { Some(back.why) } else { None })
}

#[tokio::test]
async fn a_delivery_that_is_offered_twice_is_published_once() {
    let stage = Stage::set();
    stage.publishes(|_| Ok(Publication::Sent { minions: vec!["web1".to_owned()], missing: Vec::new() }));
    stage.give(Work::Publish(publish(1)));
    stage.give(Work::Publish(publish(1)));
    let reports = stage.until(|reports| !reports.is_empty()).await;
    stage.give(Work::Publish(publish(1)));
    stage.give(Work::Publish(publish(2)));
    stage.until(|reports| reports.len() == 2).await;
    assert!(matches!(&reports[..], [Report::Published(one)] if one.minions == ["web1"] && !one.matched_none));
    assert_eq!(stage.published().len(), 2, "delivery 1 once, delivery 2 once");
}

#[tokio::test]
async fn what_an_earlier_run_answered_is_not_done_again() {
    let stage = Stage::set_with(&[Uuid::from_u128(1)]);
    stage.give(Work::Publish(publish(1)));
    stage.give(Work::Publish(publish(2)));
    stage.until(|reports| reports.len() == 1).await;
    assert_eq!(stage.published().len(), 1);
}

#[tokio::test]
async fn what_was_not_published_goes_back_with_what_may_have_happened() {
    for (error, why) in [
        (unreachable as fn() -> RequestError, HandBack::Unreachable),
        (unanswered, HandBack::Unanswered),
        (|| RequestError::Refused("blacklisted".to_owned()), HandBack::Refused),
    ] {
        let stage = Stage::set();
        stage.publishes(move |_| Err(error()));
        stage.give(Work::Publish(publish(1)));
        let reports = stage.until(|reports| !reports.is_empty()).await;
        assert_eq!(handed_back(&reports), Some(why));
    }
    let stage = Stage::set();
    stage.give(Work::Publish(Publish { publish_before_ms: 0, ..publish(1) }));
    let reports = stage.until(|reports| !reports.is_empty()).await;
    assert_eq!((handed_back(&reports), stage.published().len()), (Some(HandBack::TooLate), 0));
}

/// What lies in Salt's queue may be carried out at any time; what waits here certainly is not.
#[tokio::test]
async fn a_busy_master_is_not_given_more_than_it_can_do_and_what_waited_too_long_was_not_published() {
    let stage = Stage::set();
    stage.is_busy();
    for n in 1..=40 {
        stage.give(Work::Publish(Publish { publish_before_ms: 1000, ..publish(n) }));
    }
    let reports = stage.until(|reports| reports.len() == 24).await;
    let late = |one: &Report| matches!(one, Report::HandedBack(back) if back.why == HandBack::TooLate);
    assert!(reports.iter().all(late), "{reports:?}");
    assert_eq!(stage.published().len(), 16);
}

/// A minion that is gone can leave thousands of jobs open, each of which is asked about.
#[tokio::test]
async fn a_busy_master_is_asked_little_at_once_and_a_question_without_a_turn_was_not_put() {
    let stage = Stage::set();
    stage.is_busy();
    for n in 1..=40 {
        let (delivery_id, jid, minions) = (Uuid::from_u128(n), JID.to_owned(), vec!["gone".to_owned()]);
        stage.give(Work::Ask(Ask { delivery_id, jid, minions, wait_ms: 2000 }));
    }
    let reports = stage.until(|reports| reports.len() == 36).await;
    let late = |one: &Report| matches!(one, Report::HandedBack(back) if back.why == HandBack::TooLate);
    assert!(reports.iter().all(late), "{reports:?}");
    assert_eq!(stage.published().len(), 4);
}

#[tokio::test]
async fn nothing_runs_on_a_refused_or_unclear_claim() {
    for answer in [ClaimAnswer::Refuse, ClaimAnswer::Silence] {
        for client in [RunClient::Runner, RunClient::Wheel] {
            let stage = Stage::set();
            stage.claims(answer);
            stage.give(Work::Run(run(1, client)));
            let reports = stage.until(|reports| !reports.is_empty()).await;
            assert_eq!(handed_back(&reports), Some(HandBack::NotClaimed));
            assert_eq!(stage.runs(), 0);
        }
    }
}

#[tokio::test]
async fn a_claim_without_an_answer_is_asked_again_as_the_same_claim() {
    let stage = Stage::set();
    stage.claims(ClaimAnswer::GoAfterOneSilence);
    stage.give(Work::Run(run(1, RunClient::Wheel)));
    stage.until(|reports| matches!(reports, [Report::Ran(_)])).await;
    let claims = stage.claimed();
    assert_eq!((claims.len(), claims[0]), (2, claims[1]));
}

#[tokio::test]
async fn a_runner_is_named_with_its_delivery_and_its_result_comes_over_the_bus() {
    let stage = Stage::set();
    stage.runner_starts_as("5");
    stage.give(Work::Run(run(1, RunClient::Runner)));
    stage.until(|reports| matches!(reports, [Report::RunStarted(started)] if started.salt_jid == "5")).await;
    assert_eq!(stage.users(), [format!("alice/{}", Uuid::from_u128(1))]);
    stage.fire("salt/run/6/ret", &json!({"return": "of another", "success": true}));
    stage.fire("salt/run/5/ret", &json!({"return": {"a": 1}, "success": true}));
    let reports = stage.until(|reports| reports.len() == 2).await;
    let Report::Ran(ran) = &reports[1] else { panic!("{reports:?}") };
    assert_eq!(
        (ran.ret.value(), ran.success, ran.salt_jid.as_deref()),
        (json!({"a": 1}), Some(true), Some("5"))
    );
}

#[tokio::test]
async fn a_runner_whose_result_never_comes_ends() {
    let stage = Stage::set();
    stage.runner_starts_as("5");
    stage.give(Work::Run(Run { timeout_ms: 100, ..run(1, RunClient::Runner) }));
    let reports = stage.until(|reports| reports.len() == 2).await;
    assert!(matches!(&reports[1], Report::Ran(ran) if ran.success.is_none()), "{reports:?}");
}

#[tokio::test]
async fn a_runner_that_salt_did_not_confirm_is_found_by_its_user() {
    let stage = Stage::set();
    stage.runner_is_not_answered();
    stage.give(Work::Run(run(1, RunClient::Runner)));
    stage.until_run().await;
    let user = format!("alice/{}", Uuid::from_u128(1));
    stage.fire("salt/run/9/new", &json!({"user": "bob", "jid": "9"}));
    stage.fire("salt/run/7/new", &json!({"user": user, "jid": "7"}));
    stage.fire("salt/run/7/ret", &json!({"user": user, "return": 1, "success": true}));
    let reports = stage.until(|reports| reports.len() == 2).await;
    assert!(matches!(&reports[1], Report::Ran(ran) if ran.salt_jid.as_deref() == Some("7")), "{reports:?}");
}

#[tokio::test]
async fn minions_are_asked_whether_a_job_runs_and_then_for_what_they_keep() {
    let stage = Stage::set();
    stage.publishes(|job| {
        let named = |id: &String| id != "elsewhere";
        let minions: Vec<String> = serde_json::from_value(job.tgt.clone()).unwrap();
        Ok(Publication::Sent { minions: minions.into_iter().filter(named).collect(), missing: Vec::new() })
    });
    let minions = ["runs", "kept", "not", "deaf", "elsewhere"].map(str::to_owned);
    stage.answers(
        "saltutil.find_job",
        &[("runs", json!({"pid": 7})), ("kept", json!({})), ("not", json!({}))],
    );
    let kept = json!({"jid": JID, "fun": "cmd.run", "fun_args": ["id"], "return": "uid=0", "retcode": 0, "success": true});
    stage.answers(
        "saltutil.find_cached_job",
        &[("kept", kept), ("not", json!("Local jobs cache directory not found"))],
    );
    let ask =
        Ask { delivery_id: Uuid::from_u128(1), jid: JID.to_owned(), minions: minions.to_vec(), wait_ms: 600 };
    stage.give(Work::Ask(ask));
    let reports = stage.until(|reports| reports.len() == 2).await;
    let [Report::Return(found), Report::Asked(asked)] = &reports[..] else { panic!("{reports:?}") };
    assert_eq!(
        (found.minion_id.as_str(), found.fun.as_str(), found.ret.value()),
        ("kept", "cmd.run", json!("uid=0"))
    );
    assert_eq!(asked.running, ["runs"]);
    assert_eq!(asked.found, ["kept"]);
    assert_eq!(asked.not_found, ["not"]);
    assert_eq!(asked.silent, ["deaf"]);
    assert_eq!(asked.not_here, ["elsewhere"], "it was not asked, which is not silence");
}

/// After Salt's bus was started again each worker of the master fails once: at a request, or at a minion's return.
#[tokio::test]
async fn a_question_that_salt_fails_at_or_loses_the_answers_of_is_put_again() {
    let stage = Stage::set();
    let once = AtomicBool::new(false);
    stage.publishes(move |_| {
        if !once.swap(true, Ordering::SeqCst) {
            return Err(failed());
        }
        Ok(Publication::Sent { minions: vec!["w1".to_owned()], missing: Vec::new() })
    });
    stage.salt_loses(1);
    stage.answers("saltutil.find_job", &[("w1", json!({"pid": 7}))]);
    let minions = vec!["w1".to_owned()];
    stage.give(Work::Ask(Ask {
        delivery_id: Uuid::from_u128(1),
        jid: JID.to_owned(),
        minions,
        wait_ms: 4_000,
    }));
    let reports = stage.until(|reports| reports.len() == 1).await;
    let [Report::Asked(asked)] = &reports[..] else { panic!("{reports:?}") };
    assert_eq!(asked.running, ["w1"], "{asked:?}");
    let jids: Vec<String> = stage.published().into_iter().map(|job| job.jid).collect();
    let [failed, lost, answered] = &jids[..] else { panic!("{jids:?}") };
    assert!(failed == lost && lost != answered, "a minion runs one jid once: {jids:?}");
}

#[tokio::test]
async fn a_job_that_salt_fails_at_is_published_again_under_its_jid() {
    let stage = Stage::set();
    let failures = AtomicUsize::new(0);
    stage.publishes(move |_| match failures.fetch_add(1, Ordering::SeqCst) {
        0 | 1 => Err(failed()),
        _ => Ok(Publication::Sent { minions: vec!["w1".to_owned()], missing: Vec::new() }),
    });
    stage.give(Work::Publish(publish(1)));
    let reports = stage.until(|reports| !reports.is_empty()).await;
    assert!(matches!(&reports[..], [Report::Published(one)] if one.minions == ["w1"]), "{reports:?}");
    assert!(stage.published().iter().all(|job| job.jid == JID));
}

#[tokio::test]
async fn a_job_that_salt_fails_at_for_long_goes_back_as_one_that_may_run() {
    let stage = Stage::set();
    stage.publishes(|_| Err(failed()));
    stage.give(Work::Publish(publish(1)));
    let reports = stage.until(|reports| !reports.is_empty()).await;
    assert_eq!(handed_back(&reports), Some(HandBack::Unanswered));
}

#[tokio::test]
async fn a_return_that_the_master_has_is_reported_and_nobody_is_asked_for_it() {
    let stage = Stage::set();
    let here = Return {
        jid: JID.to_owned(),
        minion_id: "w1".to_owned(),
        fun: "test.ping".to_owned(),
        fun_args: Json::from(json!([])),
        success: true,
        retcode: 0,
        ret: Json::from(json!(true)),
        original: None,
        extra: None,
        source: ReturnSource::JobCache,
        trimmed: false,
    };
    stage.has(here.clone());
    let minions = vec!["w1".to_owned()];
    let ask = Ask { delivery_id: Uuid::from_u128(1), jid: JID.to_owned(), minions, wait_ms: 600 };
    stage.give(Work::Ask(ask));
    let reports = stage.until(|reports| reports.len() == 2).await;
    let [Report::Return(found), Report::Asked(asked)] = &reports[..] else { panic!("{reports:?}") };
    assert_eq!((found, asked.found.as_slice()), (&here, &["w1".to_owned()][..]));
    assert!(stage.published().is_empty());
}

#[tokio::test]
async fn a_question_that_reaches_nobody_is_no_silence() {
    let stage = Stage::set();
    stage.publishes(|_| Ok(Publication::MatchedNone));
    let minions = vec!["w1".to_owned()];
    stage.give(Work::Ask(Ask {
        delivery_id: Uuid::from_u128(1),
        jid: JID.to_owned(),
        minions,
        wait_ms: 600,
    }));
    let reports = stage.until(|reports| reports.len() == 1).await;
    let [Report::Asked(asked)] = &reports[..] else { panic!("{reports:?}") };
    assert!(asked.silent.is_empty() && asked.not_here == ["w1"], "{asked:?}");
}

#[tokio::test]
async fn a_ping_says_who_answered_and_who_did_not() {
    let stage = Stage::set();
    stage.publishes(|_| {
        let minions = ["a", "b"].map(str::to_owned).to_vec();
        Ok(Publication::Sent { minions, missing: Vec::new() })
    });
    stage.answers("test.ping", &[("a", json!(true))]);
    stage.give(Work::Ping(Ping { delivery_id: Uuid::from_u128(1), minions: Vec::new(), wait_ms: 200 }));
    let reports = stage.until(|reports| reports.len() == 1).await;
    assert!(
        matches!(&reports[0], Report::Pinged(pinged) if pinged.answered == ["a"] && pinged.silent == ["b"]),
        "{reports:?}"
    );
}

#[tokio::test]
async fn a_key_change_that_was_not_made_says_why() {
    let stage = Stage::set();
    let change =
        |id: &str| KeyChange { minion_id: id.to_owned(), action: KeyAction::Accept, public_key: None };
    let changes = vec![change("web1"), change("../master")];
    stage.give(Work::Keys(Keys { delivery_id: Uuid::from_u128(1), changes }));
    let reports = stage.until(|reports| reports.len() == 1).await;
    let Report::KeysDone(done) = &reports[0] else { panic!("{reports:?}") };
    assert_eq!(done.done, ["web1"]);
    assert_eq!(done.refused[0].0, "../master");
}

#[tokio::test]
async fn several_works_go_on_side_by_side() {
    let stage = Stage::set();
    stage.runner_starts_as("5");
    stage.give(Work::Run(run(1, RunClient::Runner)));
    stage.until_run().await;
    stage.give(Work::Publish(publish(2)));
    let published = stage.until(|reports| reports.iter().any(|one| matches!(one, Report::Published(_))));
    tokio::time::timeout(Duration::from_secs(10), published).await.unwrap();
}
