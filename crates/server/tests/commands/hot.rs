//! A hot-hot cluster: whoever may hold a minion publishes to it at once, under one jid; the minion runs it once.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};
use raas_api::{CommandState, Jid, OutcomeState};
use raas_db::Session as _;
use raas_wire::{ClusterKind::Hot, Evidence, Publish, Report, Seen, Work};
use serde_json::{Value, json};

use super::{
    hands::{Master, cluster},
    watch::{becomes, details, ends, pass, send},
};
use crate::support::Server;

/// A server whose second copies have time, however slow this machine is.
async fn unhurried() -> Server {
    Server::configured(|config| config.jobs.second_copy_s = 20).await
}

/// What a master was given to publish; globs come before lists.
async fn publishes(master: &Master) -> Vec<Publish> {
    let publishes = master.take().await.into_iter().filter_map(|work| match work {
        Work::Publish(publish) => Some(publish),
        _ => None,
    });
    let mut publishes: Vec<Publish> = publishes.collect();
    publishes.sort_by(|a, b| a.tgt_type.cmp(&b.tgt_type));
    publishes
}

/// Target and type of what a master was given to publish.
async fn given(master: &Master) -> Vec<(Value, String)> {
    let publishes = publishes(master).await.into_iter();
    publishes.map(|publish| (publish.tgt.value(), publish.tgt_type)).collect()
}

fn glob() -> (Value, String) {
    (json!("*"), "glob".to_owned())
}

fn list(ids: &[&str]) -> (Value, String) {
    (json!(ids), "list".to_owned())
}

/// h1 hears these minions too, after they attached themselves to h2: they are proven on both.
async fn on_both(h1: &Master, ids: &[&str]) {
    let at = h1.plugin.now();
    h1.plugin.report(ids.iter().map(|id| sign(id, Evidence::Ping, at))).await;
}

/// Every delivery was made in the transaction of the command, and nothing was asked or planned afterwards.
async fn at_once(server: &Server, jid: &Jid) {
    const LATER: &str = "SELECT count(*) FROM delivery d JOIN command c USING (jid)
        WHERE d.jid = $1 AND (d.created_at <> c.created_at OR d.work <> 'publish')";
    let client = server.db.db().client().await.unwrap();
    let later: i64 = client.query_one(LATER, &[&jid.as_str()]).await.unwrap().get(0);
    assert_eq!(later, 0, "nobody waited to learn that a minion has not heard");
}

#[tokio::test]
async fn a_job_goes_to_the_master_that_holds_most_and_at_once_through_the_other_for_whom_it_may_hold() {
    let server = unhurried().await;
    let minions: &[(&str, &[&str])] = &[("a", &["h1", "h2"]), ("b", &["h1"]), ("c", &["h2"]), ("d", &["h1"])];
    let [h1, h2] = cluster(&server, Hot, ["h1", "h2"], minions).await;
    on_both(&h1, &["a"]).await;
    let jid = send(&server, "hot", "*").await;
    let whole = h1.publishes(&server, &["a", "b", "c", "d"]).await;
    assert_eq!((whole.tgt.value(), whole.tgt_type.clone()), glob());
    let [second, rest]: [Publish; 2] = publishes(&h2).await.try_into().unwrap();
    assert_eq!((rest.tgt.value(), rest.tgt_type.clone()), list(&["c"]));
    assert_eq!((second.tgt.value(), second.tgt_type.clone()), glob(), "for those who are proven on h1");
    h2.published(&rest, &["c"]).await;
    for (minion, master) in [("a", &h1), ("b", &h1), ("c", &h2), ("d", &h1)] {
        master.returns(&jid, minion, json!(true)).await;
    }
    h2.returns(&jid, "a", json!(true)).await; // and once more through the other
    let ended = ends(&server, &jid, CommandState::CompletedAllSuccessful).await;
    assert_eq!((ended.expected, ended.returned_good), (4, 4), "each minion once");
    assert_eq!(details(&server, &jid).await["a"].witnesses, 2);
    at_once(&server, &jid).await;
    server.stop().await;
}

#[tokio::test]
async fn a_job_goes_to_one_master_when_that_one_holds_everybody() {
    let server = Server::start().await;
    let minions: &[(&str, &[&str])] = &[("a", &["h1", "h2"]), ("b", &["h1", "h2"])];
    let [h1, h2] = cluster(&server, Hot, ["h1", "h2"], minions).await;
    on_both(&h1, &["a", "b"]).await;
    let jid = send(&server, "hot", "*").await;
    h1.publishes(&server, &["a", "b"]).await;
    assert_eq!(given(&h2).await, []);
    for minion in ["a", "b"] {
        h1.returns(&jid, minion, json!(true)).await;
    }
    ends(&server, &jid, CommandState::CompletedAllSuccessful).await;
    server.stop().await;
}

/// h1's evidence is fresh and wrong: the connection of "a" to it was cut without a word. It is on h2 only.
#[tokio::test]
async fn a_minion_that_is_not_where_it_was_seen_runs_the_job_once_all_the_same() {
    for seen_on in [&["h1"][..], &["h1", "h2"]] {
        let server = unhurried().await;
        let minions: &[(&str, &[&str])] = &[("a", seen_on), ("b", &["h1"])];
        let [h1, h2] = cluster(&server, Hot, ["h1", "h2"], minions).await;
        on_both(&h1, &["a"]).await;
        let jid = send(&server, "hot", "*").await;
        h1.publishes(&server, &["a", "b"]).await;
        h1.returns(&jid, "b", json!(true)).await;
        h2.publishes(&server, &["a", "b"]).await;
        h2.returns(&jid, "a", json!(true)).await;
        let ended = ends(&server, &jid, CommandState::CompletedAllSuccessful).await;
        assert_eq!((ended.expected, ended.returned_good), (2, 2));
        let a = details(&server, &jid).await.remove("a").unwrap();
        assert!(a.master_id.as_deref() == Some("h2") && !a.late && !a.ran_twice, "{a:?}");
        at_once(&server, &jid).await;
        server.stop().await;
    }
}

/// A named minion that nobody has seen, and one whose evidence is of before a long silence of everybody.
#[tokio::test]
async fn a_minion_that_was_seen_nowhere_or_long_ago_is_told_by_every_master() {
    let server = unhurried().await;
    let minions: &[(&str, &[&str])] = &[("never", &[]), ("stale", &["h1"])];
    let [h1, h2] = cluster(&server, Hot, ["h1", "h2"], minions).await;
    pass(&server, 800, &[&h1, &h2]).await; // beyond minion_expiry_s
    let jid = send(&server, "hot", "*").await;
    let mut told = [given(&h1).await, given(&h2).await];
    told.sort_by_key(|of_one| format!("{of_one:?}"));
    assert_eq!(told, [vec![list(&["never", "stale"])], vec![glob()]]);
    at_once(&server, &jid).await;
    h2.returns(&jid, "never", json!(true)).await;
    h1.returns(&jid, "stale", json!(true)).await;
    ends(&server, &jid, CommandState::CompletedAllSuccessful).await;
    server.stop().await;
}

/// A job that restarts its minion must not reach it a second time: Salt's memory of jids went with the process.
#[tokio::test]
async fn a_second_copy_is_published_within_seconds_or_not_at_all() {
    let server = unhurried().await;
    let minions: &[(&str, &[&str])] = &[("a", &["h1", "h2"]), ("b", &["h1", "h2"])];
    let [h1, h2] = cluster(&server, Hot, ["h1", "h2"], minions).await;
    on_both(&h1, &["a", "b"]).await;
    let jid = send(&server, "hot", "*").await;
    server.clock.advance(21);
    assert_eq!(given(&h2).await, [], "h2 was away for a moment: too late for the copy");
    h1.publishes(&server, &["a", "b"]).await;
    h1.returns(&jid, "a", json!(true)).await;
    pass(&server, 8, &[&h1, &h2]).await;
    assert_eq!(given(&h2).await, [], "nor is it planned anew: h1 has published it");
    h1.returns(&jid, "b", json!(true)).await;
    let ended = ends(&server, &jid, CommandState::CompletedAllSuccessful).await;
    assert_eq!((ended.expected, ended.returned_good), (2, 2));
    server.stop().await;
}

/// The plugin is told how much time is left, so it does not publish the copy late either.
#[tokio::test]
async fn the_second_copy_carries_its_short_time() {
    let server = Server::configured(|config| {
        (config.jobs.second_copy_s, config.jobs.publish_before_s) = (20, 300);
    })
    .await;
    let [h1, h2] = cluster(&server, Hot, ["h1", "h2"], &[("a", &["h1", "h2"])]).await;
    on_both(&h1, &["a"]).await;
    send(&server, "hot", "*").await;
    let (first, second): (Publish, Publish) = (h1.publish(&server).await, h2.publish(&server).await);
    assert!(first.publish_before_ms > 20_000 && second.publish_before_ms <= 20_000, "{first:?} {second:?}");
    assert_eq!(first.jid, second.jid);
    server.stop().await;
}

/// The job runs long on "a", which is asked through h1 in vain: it is asked through h2 before it is given up.
#[tokio::test]
async fn a_minion_that_does_not_answer_through_one_master_is_asked_through_another() {
    let server = unhurried().await;
    let [h1, h2] = cluster(&server, Hot, ["h1", "h2"], &[("a", &["h1", "h2"])]).await;
    on_both(&h1, &["a"]).await;
    let jid = send(&server, "hot", "*").await;
    h1.publishes(&server, &["a"]).await;
    h2.publishes(&server, &["a"]).await;
    pass(&server, 31, &[&h1, &h2]).await;
    let mut asked = BTreeSet::new();
    for says in ["nothing", "that it runs", "that it runs"] {
        let master = who_asks(&server, &h1, &h2).await;
        asked.insert(master.id());
        let ask = master.ask(&server).await;
        master
            .answers(&ask, |said| match says {
                "nothing" => said.silent.clone_from(&ask.minions),
                _ => said.running.clone_from(&ask.minions),
            })
            .await;
        if says != "nothing" {
            becomes(&server, &jid, "a", OutcomeState::Running).await;
            pass(&server, 61, &[&h1, &h2]).await;
        }
    }
    assert_eq!(asked.len(), 2, "one in vain, then the other, which is asked again");
    h2.returns(&jid, "a", json!(true)).await;
    let a = becomes(&server, &jid, "a", OutcomeState::Succeeded).await;
    assert!(!a.late, "{a:?}");
    server.stop().await;
}

/// The master that is given the next question.
async fn who_asks<'a>(server: &Server, h1: &'a Master, h2: &'a Master) -> &'a Master {
    crate::support::until("somebody is given a question", async || {
        super::watch::wake(server).await;
        for master in [h1, h2] {
            if master.waiting().await.iter().any(|work| matches!(work, Work::Ask(_))) {
                return Ok(master);
            }
        }
        Err("nobody".to_owned())
    })
    .await
}

/// One sign of life.
fn sign(minion_id: &str, evidence: Evidence, at: Timestamp) -> Report {
    Report::Seen(vec![Seen { minion_id: minion_id.to_owned(), evidence, at }])
}

/// What a master saw of a minion before it attached itself to another proves nothing.
#[tokio::test]
async fn a_minion_that_came_back_on_one_master_only_is_not_missed() {
    let server = unhurried().await;
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
    assert_eq!(given(&h1).await, [glob()], "it holds most");
    assert_eq!(
        given(&h2).await,
        [glob(), list(&["back"])],
        "the second copy for the others, and in time for it"
    );
    server.stop().await;
}

/// Reports of one batch are taken kind by kind: the attachment may come after a newer sign of the same minion.
#[tokio::test]
async fn an_attachment_counts_also_when_it_is_told_after_a_newer_sign() {
    let server = unhurried().await;
    let minions: &[(&str, &[&str])] = &[("a", &["h1"]), ("b", &["h1"]), ("back", &["h1", "h2"])];
    let [h1, h2] = cluster(&server, Hot, ["h1", "h2"], minions).await;
    server.clock.advance(5);
    h1.plugin.report([sign("back", Evidence::Ping, h1.plugin.now())]).await;
    server.clock.advance(5);
    let now = h2.plugin.now();
    h2.plugin.report([sign("back", Evidence::Return, now)]).await;
    h2.plugin.report([sign("back", Evidence::Start, now - SignedDuration::from_secs(1))]).await;
    send(&server, "hot", "*").await;
    assert_eq!(given(&h1).await, [glob()], "it holds most");
    assert_eq!(given(&h2).await[1], list(&["back"]));
    server.stop().await;
}

#[tokio::test]
async fn when_the_first_publisher_hands_back_nobody_waits_as_the_other_has_published() {
    let server = unhurried().await;
    let minions: &[(&str, &[&str])] = &[("a", &["h1", "h2"]), ("b", &["h1", "h2"])];
    let [h1, h2] = cluster(&server, Hot, ["h1", "h2"], minions).await;
    on_both(&h1, &["a", "b"]).await;
    let jid = send(&server, "hot", "*").await;
    let publish = h1.publish(&server).await;
    h1.hands_back(publish.delivery_id, raas_wire::HandBack::Unreachable).await;
    h2.publishes(&server, &["a", "b"]).await;
    for minion in ["a", "b"] {
        h2.returns(&jid, minion, json!(true)).await;
    }
    ends(&server, &jid, CommandState::CompletedAllSuccessful).await;
    pass(&server, 10, &[&h1, &h2]).await;
    assert_eq!((given(&h1).await, given(&h2).await), (vec![], vec![]), "it is not published again");
    server.stop().await;
}

/// Neither h1, whose Salt is gone, nor h2, which was away for the copy, has published it: it is planned anew.
#[tokio::test]
async fn what_certainly_nobody_published_is_planned_anew() {
    let server = unhurried().await;
    let minions: &[(&str, &[&str])] = &[("a", &["h1", "h2"]), ("b", &["h1", "h2"])];
    let [h1, h2] = cluster(&server, Hot, ["h1", "h2"], minions).await;
    on_both(&h1, &["a", "b"]).await;
    let jid = send(&server, "hot", "*").await;
    let publish = h1.publish(&server).await;
    server.clock.advance(21);
    h1.hands_back(publish.delivery_id, raas_wire::HandBack::Unreachable).await;
    h2.publishes(&server, &["a", "b"]).await;
    for minion in ["a", "b"] {
        h2.returns(&jid, minion, json!(true)).await;
    }
    let ended = ends(&server, &jid, CommandState::CompletedAllSuccessful).await;
    assert_eq!((ended.expected, ended.returned_good), (2, 2));
    server.stop().await;
}
