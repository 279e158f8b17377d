//! Who is there, and whether Salt answers.

use std::sync::atomic::Ordering;
use std::time::Duration;

use raas_salt::msgpack;
use raas_wire::{Pinged, Report, SaltState};

use super::watching::Story;
use super::{Salt, Watching};

fn pinged(report: &Report) -> Option<Pinged> {
    if let Report::Pinged(one) = report { Some(one.clone()) } else { None }
}

fn has(salt: &Salt, minions: &[&str], answering: &[&str]) {
    let mut script = salt.port.script.lock().unwrap();
    script.minions = minions.iter().map(ToString::to_string).collect();
    script.answering = answering.iter().map(ToString::to_string).collect();
}

#[tokio::test]
async fn after_connecting_it_is_asked_who_is_there_and_nothing_else_is_said_of_the_question() {
    let salt = Salt::start().await;
    has(&salt, &["web1", "web2"], &["web1"]);
    let mut watching = Watching::beside(&salt).await;
    let one = watching.report("the ping", pinged).await;
    assert_eq!(one.delivery_id, None);
    assert_eq!((one.answered, one.silent), (vec!["web1".to_owned()], vec!["web2".to_owned()]));
    let rest = watching.rest(&salt).await;
    assert!(rest.iter().all(|report| !matches!(report, Report::Job(_) | Report::Return(_))), "{rest:#?}");
    let published = salt.port.published.lock().unwrap().clone();
    assert_eq!(msgpack::text(&published[0], "fun"), Some("test.ping"));
    assert_eq!(msgpack::text(&published[0], "jid").map(str::len), Some(20));
}

#[tokio::test]
async fn on_a_slow_beat_it_is_asked_again() {
    let salt = Salt::start().await;
    has(&salt, &["web1"], &["web1"]);
    let ping = Duration::from_millis(100);
    let mut watching = Watching::with(&salt, Story { ping, ..Story::default() }).await;
    assert_eq!(watching.report("a ping", pinged).await.answered, ["web1"]);
    has(&salt, &["web1"], &[]);
    let silent = |report: &Report| pinged(report).filter(|one| !one.silent.is_empty());
    assert_eq!(watching.report("a ping without an answer", silent).await.silent, ["web1"]);
}

#[tokio::test]
async fn a_master_without_minions_has_nothing_to_say() {
    let salt = Salt::start().await;
    let ping = Duration::from_millis(50);
    let mut watching = Watching::with(&salt, Story { ping, ..Story::default() }).await;
    while salt.port.published.lock().unwrap().len() < 3 {
        watching.listens(&salt).await;
    }
    assert!(watching.rest(&salt).await.iter().all(|report| pinged(report).is_none()));
}

#[tokio::test]
async fn salt_answers_falls_silent_is_orphaned_and_goes() {
    let salt = Salt::start().await;
    let mut watching = Watching::beside(&salt).await;
    watching.state(SaltState::Answering).await;
    salt.port.script.lock().unwrap().mute = true;
    watching.state(SaltState::Silent).await;
    salt.port.script.lock().unwrap().mute = false;
    watching.state(SaltState::Answering).await;
    watching.main_alive.store(false, Ordering::Relaxed);
    watching.state(SaltState::Orphaned).await;
    salt.port.close();
    watching.state(SaltState::Gone).await;
    assert!(watching.salt.borrow().connections.is_some());
}
