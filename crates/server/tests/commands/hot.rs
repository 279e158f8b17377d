//! A hot-hot cluster: one master publishes, and lists go to the others for whom it does not hold.

use jiff::{SignedDuration, Timestamp};
use raas_api::CommandState;
use raas_wire::{ClusterKind::Hot, Evidence, Report, Seen, Work};
use serde_json::json;

use super::{
    hands::cluster,
    watch::{details, ends, send},
};
use crate::support::Server;

#[tokio::test]
async fn a_job_goes_to_the_master_that_holds_most_and_as_a_list_to_the_others_for_the_rest() {
    let server = Server::start().await;
    let minions: &[(&str, &[&str])] = &[("a", &["h1", "h2"]), ("b", &["h1"]), ("c", &["h2"])];
    let [h1, h2] = cluster(&server, Hot, ["h1", "h2"], minions).await;
    let jid = send(&server, "hot", "*").await;
    let (whole, rest) = (h1.publish(&server).await, h2.publish(&server).await);
    let (primary, other, whole, rest, left) = match whole.tgt_type.as_str() {
        "glob" => (&h1, &h2, whole, rest, "c"),
        _ => (&h2, &h1, rest, whole, "b"),
    };
    assert_eq!((whole.tgt.as_str(), whole.tgt_type.as_str()), ("\"*\"", "glob"));
    assert_eq!((rest.tgt.value(), rest.tgt_type.as_str()), (json!([left]), "list"));
    primary.published(&whole, &["a", "b", "c"]).await;
    other.published(&rest, &[left]).await;
    for minion in ["a", "b", "c"] {
        let master = if minion == left { other } else { primary };
        master.returns(&jid, minion, json!(true)).await;
    }
    h2.returns(&jid, "a", json!(true)).await; // a hot minion returns to every master
    h1.returns(&jid, "a", json!(true)).await;
    let ended = ends(&server, &jid, CommandState::CompletedAllSuccessful).await;
    assert_eq!(ended.returned_good, 3);
    assert_eq!(details(&server, &jid).await["a"].witnesses, 2);
    server.stop().await;
}

/// One sign of life.
fn sign(minion_id: &str, evidence: Evidence, at: Timestamp) -> Report {
    Report::Seen(vec![Seen { minion_id: minion_id.to_owned(), evidence, at }])
}

/// What a master saw of a minion before it attached itself to another proves nothing.
#[tokio::test]
async fn a_minion_that_came_back_on_one_master_only_is_not_missed() {
    let server = Server::start().await;
    let minions: &[(&str, &[&str])] =
        &[("a", &["h1", "h2"]), ("b", &["h1"]), ("c", &["h1"]), ("back", &["h1", "h2"])];
    let [h1, h2] = cluster(&server, Hot, ["h1", "h2"], minions).await;
    server.clock.advance(5);
    h1.plugin
        .report([sign("a", Evidence::Ping, h1.plugin.now()), sign("back", Evidence::Ping, h1.plugin.now())])
        .await;
    server.clock.advance(5);
    h2.sees(&["back"]).await;
    send(&server, "hot", "*").await;
    assert_eq!(h1.publish(&server).await.tgt_type, "glob", "it holds most");
    let list = h2.publish(&server).await;
    assert_eq!((list.tgt.value(), list.tgt_type.as_str()), (json!(["back"]), "list"));
    server.stop().await;
}

/// Reports of one batch are taken kind by kind: the attachment may come after a newer sign of the same minion.
#[tokio::test]
async fn an_attachment_counts_also_when_it_is_told_after_a_newer_sign() {
    let server = Server::start().await;
    let minions: &[(&str, &[&str])] = &[("a", &["h1"]), ("b", &["h1"]), ("back", &["h1", "h2"])];
    let [h1, h2] = cluster(&server, Hot, ["h1", "h2"], minions).await;
    server.clock.advance(5);
    h1.plugin.report([sign("back", Evidence::Ping, h1.plugin.now())]).await;
    server.clock.advance(5);
    let now = h2.plugin.now();
    h2.plugin.report([sign("back", Evidence::Return, now)]).await;
    h2.plugin.report([sign("back", Evidence::Start, now - SignedDuration::from_secs(1))]).await;
    send(&server, "hot", "*").await;
    assert_eq!(h1.publish(&server).await.tgt_type, "glob", "it holds most");
    assert_eq!(h2.publish(&server).await.tgt.value(), json!(["back"]));
    server.stop().await;
}

#[tokio::test]
async fn when_the_only_publisher_hands_back_the_job_goes_to_another_master() {
    let server = Server::start().await;
    let minions: &[(&str, &[&str])] = &[("a", &["h1", "h2"]), ("b", &["h1", "h2"])];
    let [h1, h2] = cluster(&server, Hot, ["h1", "h2"], minions).await;
    let jid = send(&server, "hot", "*").await;
    h1.beat().await;
    let (first, second) = if h1.waiting().await.is_empty() { (&h2, &h1) } else { (&h1, &h2) };
    let publish = first.publish(&server).await;
    first.hands_back(publish.delivery_id, raas_wire::HandBack::Unreachable).await;
    second.publishes(&server, &["a", "b"]).await;
    for minion in ["a", "b"] {
        second.returns(&jid, minion, json!(true)).await;
    }
    ends(&server, &jid, CommandState::CompletedAllSuccessful).await;
    assert!(!first.waiting().await.iter().any(|work| matches!(work, Work::Publish(_))));
    server.stop().await;
}
