//! Times when nobody listened: said as gaps, and what can be had from the job cache is.

use std::collections::BTreeSet;
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use jiff::{SignedDuration, Timestamp};
use raas_plugin::clock::{Clock as _, SystemClock};
use raas_salt::msgpack;
use raas_wire::{Gap, Report, ReturnSource};
use serde_json::json;
use sha2::{Digest as _, Sha256};

use super::salt::returned;
use super::watching::Story;
use super::{JID, OTHER, Salt, Watching};
use crate::kit::TestClock;

/// Where Salt keeps a job.
pub(super) fn job_dir(jid: &str) -> String {
    let hash = hex::encode(Sha256::digest(jid));
    format!("cache/jobs/{}/{}", &hash[..2], &hash[2..])
}

fn keep(salt: &Salt, jid: &str, load: &serde_json::Value, minion_id: &str) {
    let dir = job_dir(jid);
    salt.write(&format!("{dir}/jid"), jid.as_bytes());
    salt.put(&format!("{dir}/.load.p"), load);
    salt.put(&format!("{dir}/{minion_id}/return.p"), &json!({"return": 7, "retcode": 0, "success": true}));
}

fn published(jid: &str) -> serde_json::Value {
    json!({"cmd": "publish", "fun": "cmd.run", "arg": ["x"], "tgt": "*", "tgt_type": "glob", "jid": jid, "user": "root"})
}

fn a_gap(report: &Report) -> Option<Gap> {
    if let Report::Gap(gap) = report { Some(gap.clone()) } else { None }
}

fn recovered(report: &Report) -> Option<(String, String)> {
    match report {
        Report::Return(one) if one.source == ReturnSource::JobCache => {
            Some((one.jid.clone(), one.minion_id.clone()))
        }
        _ => None,
    }
}

#[tokio::test]
async fn what_passed_while_the_plugin_was_down_is_a_gap_and_its_returns_are_found() {
    let salt = Salt::start().await;
    keep(&salt, JID, &published(JID), "web1");
    let until: Timestamp = SystemClock.now() - SignedDuration::from_secs(60);
    let mut watching = Watching::with(&salt, Story { recorded_until: Some(until), ..Story::default() }).await;
    let gap = watching.report("the gap", a_gap).await;
    assert_eq!((gap.from, gap.count, gap.why.as_str()), (until, None, "the plugin was not running"));
    let job = watching.report("the job", |report| match report {
        Report::Job(job) => Some(job.clone()),
        _ => None,
    });
    let job = job.await;
    assert_eq!((job.jid.as_str(), job.fun.as_str(), job.user.as_str()), (JID, "cmd.run", "root"));
    assert_eq!(watching.report("the return", recovered).await, (JID.to_owned(), "web1".to_owned()));
}

#[tokio::test]
async fn results_of_runners_own_questions_and_old_returns_are_not_recovered() {
    let salt = Salt::start().await;
    let runner = json!({"id": "m1", "jid": JID, "fun": "runner.jobs.active", "return": {}, "user": "root"});
    keep(&salt, JID, &runner, "m1");
    let mut question = published(OTHER);
    question["kwargs"] = json!({"metadata": raas_plugin::jobs::own_metadata()});
    keep(&salt, OTHER, &question, "web1");
    let old = "20260102030405000001";
    keep(&salt, old, &published(old), "web9");
    let long_ago = SystemTime::from(SystemClock.now()) - Duration::from_secs(3600);
    let path = salt.path(&format!("{}/web9/return.p", job_dir(old)));
    std::fs::File::options().write(true).open(path).unwrap().set_modified(long_ago).unwrap();
    let sought = "20260102030405000002";
    keep(&salt, sought, &published(sought), "web1");
    let until = SystemClock.now() - SignedDuration::from_secs(60);
    let mut watching = Watching::with(&salt, Story { recorded_until: Some(until), ..Story::default() }).await;
    // The last of them by jid comes last.
    assert_eq!(watching.report("the one return", recovered).await, (sought.to_owned(), "web1".to_owned()));
    let rest = watching.rest(&salt).await;
    assert!(rest.iter().all(|report| recovered(report).is_none()), "{rest:#?}");
}

#[tokio::test]
async fn a_first_start_has_no_gap() {
    let salt = Salt::start().await;
    keep(&salt, JID, &published(JID), "web1");
    let mut watching = Watching::beside(&salt).await;
    let rest = watching.rest(&salt).await;
    assert!(rest.iter().all(|report| a_gap(report).is_none() && recovered(report).is_none()), "{rest:#?}");
}

#[tokio::test]
async fn when_the_bus_ends_the_plugin_connects_again_and_says_what_may_be_missing() {
    let salt = Salt::start().await;
    let mut watching = Watching::beside(&salt).await;
    salt.hang_up();
    keep(&salt, JID, &published(JID), "web1");
    watching.listens(&salt).await;
    let gap = watching.report("the gap", a_gap).await;
    assert!(gap.from < gap.to && gap.why.contains("event bus ended"), "{gap:?}");
    assert_eq!(watching.report("the return", recovered).await, (JID.to_owned(), "web1".to_owned()));
    salt.fire_return(OTHER, "web2", json!(true)).await;
    let heard = |report: &Report| matches!(report, Report::Return(one) if one.jid == OTHER).then_some(());
    watching.report("what comes after it", heard).await;
}

/// Salt tells of a return first and keeps it then; and whoever has only just connected may not have been told.
#[tokio::test]
async fn a_return_that_comes_into_the_cache_after_the_first_look_is_found() {
    let salt = Salt::start().await;
    let mut watching = Watching::beside(&salt).await;
    salt.hang_up();
    keep(&salt, OTHER, &published(OTHER), "web1");
    let early = |report: &Report| recovered(report).filter(|(jid, _)| jid == OTHER);
    watching.report("what the first look finds", early).await;
    keep(&salt, JID, &published(JID), "web1");
    watching.listens(&salt).await;
    let late = |report: &Report| recovered(report).filter(|(jid, _)| jid == JID);
    assert_eq!(watching.report("what came later", late).await, (JID.to_owned(), "web1".to_owned()));
}

/// A frozen plugin (SIGSTOP), whose connection Salt 3008 cuts: what is lost began when it fell asleep, not when it woke.
#[tokio::test]
async fn a_bus_that_ended_because_the_plugin_stood_still_is_a_gap_from_the_last_event_that_was_taken() {
    let salt = Salt::start().await;
    let clock = TestClock::new();
    let story = Story { clock: Arc::clone(&clock) as _, ..Story::default() };
    let mut watching = Watching::with(&salt, story).await;
    let asleep = clock.now();
    clock.forward(Duration::from_secs(90));
    salt.hang_up();
    keep(&salt, JID, &published(JID), "web1");
    let gap = watching.report("the gap", a_gap).await;
    assert_eq!((gap.from, gap.to), (asleep - SignedDuration::from_secs(2), clock.now()), "{gap:?}");
    assert_eq!(watching.report("the return", recovered).await, (JID.to_owned(), "web1".to_owned()));
}

/// The plugin is killed again before it has found all that its first death made it miss.
#[tokio::test]
async fn what_is_still_being_looked_for_is_looked_for_again_by_the_next_run() {
    let salt = Salt::start().await;
    let until = SystemClock.now() - SignedDuration::from_secs(60);
    keep(&salt, JID, &published(JID), "web1");
    let load = salt.path(&format!("{}/.load.p", job_dir(JID)));
    std::fs::remove_file(&load).unwrap();
    assert!(
        Command::new("mkfifo").arg(&load).status().unwrap().success(),
        "a file that is never read to its end"
    );
    let mut watching = Watching::with(&salt, Story { recorded_until: Some(until), ..Story::default() }).await;
    salt.fire_return(OTHER, "web2", json!(true)).await;
    watching.rest(&salt).await;
    let sought = watching.heard_until();
    // Now it is read to its end, and what there is, is found. Whoever writes waits until somebody reads, who may not have begun.
    let bytes = msgpack::write(&msgpack::from_json(&published(JID)));
    tokio::task::spawn_blocking(move || std::fs::write(&load, bytes)).await.unwrap().unwrap();
    let found = |report: &Report| recovered(report).is_some().then_some(());
    watching.report("the return", found).await;
    watching.rest(&salt).await;
    let until = Timestamp::from_microsecond(until.as_microsecond()).unwrap();
    assert_eq!(sought, Some(until), "not what came since");
    assert!(watching.heard_until() > Some(until), "all was found");
}

/// Killed with thousands of events on their way to its spool, and started again while they still pour in.
#[tokio::test]
async fn no_return_is_lost_when_the_plugin_is_killed_while_they_pour_in() {
    const RETURNS: usize = 3000;
    let salt = Salt::start().await;
    let mut watching = Some(Watching::beside(&salt).await);
    let (mut taken, mut killed) = (BTreeSet::new(), 0);
    keep(&salt, JID, &published(JID), "web-0");
    for n in 0..RETURNS {
        let id = format!("web-{n}");
        let mut data = returned(JID, &id, &json!(7));
        data["_stamp"] = json!(SystemClock.now().to_string());
        salt.fire(&format!("salt/job/{JID}/ret/{id}"), &data).await;
        salt.put(
            &format!("{}/{id}/return.p", job_dir(JID)),
            &json!({"return": 7, "retcode": 0, "success": true}),
        );
        if n % 1000 == 700 {
            let mut one = watching.take().unwrap();
            taken.extend(one.committed().await.iter().filter_map(whose));
            killed += 1;
        }
        if n % 1000 == 900 {
            watching = Some(Watching::with(&salt, Story { killed, ..Story::default() }).await);
        }
    }
    let mut watching = watching.unwrap();
    let all: BTreeSet<String> = (0..RETURNS).map(|n| format!("web-{n}")).collect();
    while taken != all {
        taken.extend(watching.committed().await.iter().filter_map(whose));
    }
}

fn whose(report: &Report) -> Option<String> {
    if let Report::Return(one) = report { Some(one.minion_id.clone()) } else { None }
}
