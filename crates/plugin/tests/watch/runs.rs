//! Runs that an earlier run of the plugin started: found by the delivery in Salt's `user`, on the bus and in the job cache.

use jiff::SignedDuration;
use raas_plugin::clock::{Clock as _, SystemClock};
use raas_plugin::spool::Begun;
use raas_wire::{Ran, Report, RunStarted};
use serde_json::{Value, json};
use uuid::Uuid;

use super::gaps::job_dir;
use super::watching::Story;
use super::{JID, OTHER, Salt, Watching};

const DELIVERY: Uuid = Uuid::from_u128(0x1234_5678_9abc_4def_8123_4567_89ab_cdef);

fn user() -> String {
    format!("alice/{DELIVERY}")
}

fn event(user: &str) -> Value {
    json!({"fun": "runner.state.orchestrate", "jid": JID, "user": user, "return": {"data": 1}, "success": true})
}

fn ran(report: &Report) -> Option<Ran> {
    if let Report::Ran(ran) = report { Some(ran.clone()) } else { None }
}

fn started(report: &Report) -> Option<RunStarted> {
    if let Report::RunStarted(started) = report { Some(started.clone()) } else { None }
}

#[tokio::test]
async fn the_end_of_a_run_that_an_earlier_plugin_started_is_reported() {
    let salt = Salt::start().await;
    let mut watching = Watching::beside(&salt).await;
    salt.fire(&format!("salt/run/{JID}/new"), &event(&user())).await;
    salt.fire(&format!("salt/run/{JID}/ret"), &event(&user())).await;
    let begun = watching.report("the start", started).await;
    assert_eq!((begun.delivery_id, begun.salt_jid.as_str()), (DELIVERY, JID));
    let ended = watching.report("the end", ran).await;
    assert_eq!(
        (ended.delivery_id, ended.salt_jid.as_deref(), ended.success),
        (DELIVERY, Some(JID), Some(true))
    );
    assert_eq!(ended.ret.as_str(), r#"{"data":1}"#);
}

#[tokio::test]
async fn runs_of_others_runs_that_are_followed_and_what_minions_make_up_are_not() {
    let salt = Salt::start().await;
    let mut watching = Watching::beside(&salt).await;
    let followed = format!("bob/{}", Uuid::from_u128(7));
    watching.jobs.run(&followed);
    let mut made_up = event(&user());
    made_up["cmd"] = json!("_minion_event");
    for data in [event("root"), event("a/b"), event(&followed), made_up] {
        salt.fire(&format!("salt/run/{JID}/ret"), &data).await;
    }
    let rest = watching.rest(&salt).await;
    assert!(rest.iter().all(|report| ran(report).is_none()), "{rest:#?}");
}

#[tokio::test]
async fn a_run_that_ended_while_nobody_listened_is_found_in_the_job_cache() {
    let salt = Salt::start().await;
    for (jid, user) in [(JID, user()), (OTHER, "root".to_owned())] {
        let dir = job_dir(jid);
        salt.write(&format!("{dir}/jid"), jid.as_bytes());
        let load = json!({"id": "m1", "jid": jid, "fun": "runner.jobs.active", "return": event(&user), "user": user});
        salt.put(&format!("{dir}/.load.p"), &load);
        salt.put(&format!("{dir}/m1/return.p"), &json!({"return": event(&user)}));
    }
    let until = SystemClock.now() - SignedDuration::from_secs(60);
    let mut watching = Watching::with(&salt, Story { recorded_until: Some(until), ..Story::default() }).await;
    let ended = watching.report("the end", ran).await;
    assert_eq!(
        (ended.delivery_id, ended.salt_jid.as_deref(), ended.success),
        (DELIVERY, Some(JID), Some(true))
    );
    let rest = watching.rest(&salt).await;
    assert!(rest.iter().all(|report| ran(report).is_none()), "{rest:#?}");
}

#[tokio::test]
async fn a_run_whose_master_was_started_again_ends_and_says_so() {
    let salt = Salt::start().await;
    let until = SystemClock.now() - SignedDuration::from_secs(60);
    let run = Begun { delivery_id: DELIVERY, fun: "state.orchestrate".to_owned(), main: "1 1".to_owned() };
    let story = Story { recorded_until: Some(until), cut_off: vec![run], ..Story::default() };
    let mut watching = Watching::with(&salt, story).await;
    let ended = watching.report("the end", ran).await;
    assert_eq!((ended.delivery_id, ended.success), (DELIVERY, None));
    assert!(ended.ret.as_str().contains("started again"), "{ended:?}");
    salt.hang_up();
    let rest = watching.rest(&salt).await;
    assert!(rest.iter().all(|report| ran(report).is_none()), "it is said once: {rest:#?}");
}
