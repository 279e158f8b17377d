//! Signs of life.

use raas_wire::{Evidence, Report, Seen};
use serde_json::json;

use super::{JID, OTHER, Salt, Watching};

fn seen(report: &Report) -> Vec<(String, Evidence)> {
    let Report::Seen(seen) = report else { return Vec::new() };
    seen.iter().map(|one: &Seen| (one.minion_id.clone(), one.evidence)).collect()
}

#[tokio::test]
async fn what_proves_a_minion_is_told_apart() {
    let salt = Salt::start().await;
    let mut watching = Watching::beside(&salt).await;
    salt.fire("salt/auth", &json!({"id": "a", "act": "accept", "result": true, "pub": "x"})).await;
    salt.fire("salt/minion/b/start", &json!({"id": "b", "cmd": "_minion_event", "data": "", "tag": "x"}))
        .await;
    salt.fire_return(JID, "c", json!(true)).await;
    salt.fire("my/own", &json!({"id": "d", "cmd": "_minion_event", "data": {}, "tag": "my/own"})).await;
    // Proof of nothing.
    salt.fire("salt/auth", &json!({"id": "e", "act": "pend", "result": true})).await;
    salt.fire("salt/auth", &json!({"id": "e", "act": "accept", "result": false})).await;
    salt.fire("salt/minion/e/start", &json!({"id": "f"})).await;
    salt.fire("salt/key", &json!({"id": "e", "act": "accept", "result": true})).await;
    salt.fire("my/own", &json!({"id": "../e", "cmd": "_minion_event"})).await;
    salt.fire("my/own", &json!({"id": "g", "cmd": "_minion_event", "__peer_id": "m2"})).await;
    let all: Vec<_> =
        watching.rest(&salt).await.iter().flat_map(seen).filter(|(id, _)| id != "probe").collect();
    let expected =
        [("a", Evidence::Auth), ("b", Evidence::Start), ("c", Evidence::Return), ("d", Evidence::Event)];
    assert_eq!(all, expected.map(|(id, evidence)| (id.to_owned(), evidence)));
}

#[tokio::test]
async fn a_busy_minion_is_reported_sparingly_but_a_new_connection_always_is() {
    let salt = Salt::start().await;
    let mut watching = Watching::beside(&salt).await;
    let start = json!({"id": "a", "cmd": "_minion_event", "data": "", "tag": "x"});
    for _ in 0..50 {
        salt.fire("my/own", &json!({"id": "a", "cmd": "_minion_event", "data": {}, "tag": "my/own"})).await;
    }
    salt.fire("salt/minion/a/start", &start).await;
    salt.fire("salt/minion/a/start", &start).await;
    let all: Vec<_> = watching.rest(&salt).await.iter().flat_map(seen).filter(|(id, _)| id == "a").collect();
    let evidence: Vec<Evidence> = all.into_iter().map(|(_, evidence)| evidence).collect();
    assert_eq!(evidence, [Evidence::Event, Evidence::Start, Evidence::Start]);
}

#[tokio::test]
async fn the_answer_to_an_own_question_is_a_sign_too() {
    let salt = Salt::start().await;
    let mut watching = Watching::beside(&salt).await;
    let _answers = watching.jobs.own(OTHER);
    salt.fire_return(OTHER, "a", json!(true)).await;
    let sign = |report: &Report| seen(report).into_iter().find(|(id, _)| id == "a");
    assert_eq!(watching.report("the sign", sign).await.1, Evidence::Return);
}
