//! Deliveries that were not carried out: planned anew where that is certain, else asked about; and said when nobody could.

use std::collections::BTreeSet;

use jiff::Timestamp;
use raas_api::{CommandState, OutcomeState};
use raas_db::Session as _;
use raas_server::clock::Clock as _;
use raas_wire::{ClusterKind::Failover, HandBack, Work};
use serde_json::json;

use super::{
    hands::cluster,
    watch::{becomes, details, ends, pass, send},
};
use crate::support::{Server, until};

const MINIONS: &[(&str, &[&str])] = &[("w1", &["m1"]), ("w2", &["m2"])];

#[tokio::test]
async fn a_cluster_without_a_live_master_says_so_at_once() {
    let server = Server::start().await;
    let _masters = cluster(&server, Failover, ["m1", "m2"], MINIONS).await;
    pass(&server, 30, &[]).await;
    let jid = send(&server, "eu-web", "*").await;
    ends(&server, &jid, CommandState::CompletedMissingReturns).await;
    let w1 = details(&server, &jid).await.remove("w1").unwrap();
    assert_eq!(w1.state, OutcomeState::NotDelivered);
    assert!(w1.reason.contains("no live master"), "{w1:?}");
    server.stop().await;
}

#[tokio::test]
async fn what_no_master_fetched_in_time_was_not_delivered() {
    let server = Server::start().await;
    let _masters = cluster(&server, Failover, ["m1", "m2"], MINIONS).await;
    let jid = send(&server, "eu-web", "*").await;
    pass(&server, 40, &[]).await;
    let w1 = becomes(&server, &jid, "w1", OutcomeState::NotDelivered).await;
    assert!(w1.reason.contains("\"m1\"") && w1.reason.contains("did not fetch it"), "{w1:?}");
    ends(&server, &jid, CommandState::CompletedMissingReturns).await;
    server.stop().await;
}

#[tokio::test]
async fn what_salt_refuses_twice_ends_with_its_words() {
    let server = Server::start().await;
    let [m1] = cluster(&server, Failover, ["m1"], &[("w1", &["m1"])]).await;
    let jid = send(&server, "eu-web", "*").await;
    for _ in 0..2 {
        let publish = m1.publish(&server).await;
        m1.hands_back(publish.delivery_id, HandBack::Refused).await;
    }
    let w1 = becomes(&server, &jid, "w1", OutcomeState::NotDelivered).await;
    assert!(w1.reason.contains("\"m1\": Refused"), "{w1:?}");
    ends(&server, &jid, CommandState::CompletedMissingReturns).await;
    server.stop().await;
}

#[tokio::test]
async fn a_minion_gets_a_job_again_only_when_nobody_can_have_published_it_to_it() {
    let server = Server::start().await;
    let [m1, m2] = cluster(&server, Failover, ["m1", "m2"], MINIONS).await;
    let jid = send(&server, "eu-web", "*").await;
    let (first, second) = (m1.publish(&server).await, m2.publish(&server).await);
    // m2 published to w2 only; m1 certainly did not publish: w1 got it from nobody.
    m2.published(&second, &["w2"]).await;
    m1.hands_back(first.delivery_id, HandBack::Unreachable).await;
    let again = m1.publish(&server).await;
    assert_eq!((again.tgt.value(), again.tgt_type.as_str()), (json!(["w1"]), "list"), "w2 is left out");
    assert_eq!(again.jid, jid.as_str());
    m1.published(&again, &["w1"]).await;
    m1.returns(&jid, "w1", json!(true)).await;
    m2.returns(&jid, "w2", json!(true)).await;
    ends(&server, &jid, CommandState::CompletedAllSuccessful).await;
    assert!(m2.waiting().await.is_empty(), "m2 is not asked a second time");
    server.stop().await;
}

#[tokio::test]
async fn a_master_that_comes_back_too_late_hands_back_and_the_job_is_still_done() {
    let server = Server::start().await;
    let [m1] = cluster(&server, Failover, ["m1"], &[("w1", &["m1"])]).await;
    let jid = send(&server, "eu-web", "*").await;
    let publish = m1.publish(&server).await;
    pass(&server, 60, &[]).await; // the network is cut
    assert_eq!(details(&server, &jid).await["w1"].state, OutcomeState::Queued, "it may have been published");
    m1.beat().await;
    m1.hands_back(publish.delivery_id, HandBack::TooLate).await;
    let again = m1.publishes(&server, &["w1"]).await;
    assert_ne!(again.delivery_id, publish.delivery_id);
    m1.returns(&jid, "w1", json!(true)).await;
    ends(&server, &jid, CommandState::CompletedAllSuccessful).await;
    server.stop().await;
}

#[tokio::test]
async fn what_was_given_up_is_corrected_and_not_run_when_it_is_handed_back_at_last() {
    let server = Server::start().await;
    let [m1] = cluster(&server, Failover, ["m1"], &[("w1", &["m1"])]).await;
    let jid = send(&server, "eu-web", "*").await;
    let publish = m1.publish(&server).await;
    pass(&server, 130, &[]).await;
    let w1 = becomes(&server, &jid, "w1", OutcomeState::ResultUnknown).await;
    assert!(w1.reason.starts_with("it may have been published by master \"m1\", which was lost"), "{w1:?}");
    m1.beat().await;
    m1.hands_back(publish.delivery_id, HandBack::TooLate).await;
    let w1 = becomes(&server, &jid, "w1", OutcomeState::NotDelivered).await;
    assert!(w1.reason.contains("TooLate"), "{w1:?}");
    assert!(m1.waiting().await.is_empty(), "nobody waits for it any more: it is not run");
    ends(&server, &jid, CommandState::CompletedMissingReturns).await;
    server.stop().await;
}

#[tokio::test]
async fn a_publish_without_an_answer_may_have_happened_so_the_minion_is_asked() {
    let server = Server::start().await;
    let [m1] = cluster(&server, Failover, ["m1"], &[("w1", &["m1"])]).await;
    let jid = send(&server, "eu-web", "*").await;
    let publish = m1.publish(&server).await;
    m1.hands_back(publish.delivery_id, HandBack::Unanswered).await;
    let ask = m1.ask(&server).await;
    m1.answers(&ask, |said| said.running = vec!["w1".to_owned()]).await;
    becomes(&server, &jid, "w1", OutcomeState::Running).await;
    m1.returns(&jid, "w1", json!(true)).await;
    ends(&server, &jid, CommandState::CompletedAllSuccessful).await;
    server.stop().await;
}

#[tokio::test]
async fn a_plugin_that_started_again_is_not_given_what_it_may_have_published_before() {
    let server = Server::start().await;
    let [mut m1] = cluster(&server, Failover, ["m1"], &[("w1", &["m1"])]).await;
    let jid = send(&server, "eu-web", "*").await;
    m1.publish(&server).await;
    server.clock.advance(11); // its lease ends
    let again = m1.plugin.beat().await.unwrap();
    assert_eq!(again.len(), 1, "the same run of the plugin knows what it did: it is offered again");
    m1.plugin.epoch = Server::uuid();
    server.clock.advance(11);
    assert_eq!(m1.plugin.beat().await.unwrap(), [], "another run does not");
    pass(&server, 20, &[&m1]).await;
    let ask = m1.ask(&server).await;
    m1.answers(&ask, |said| said.not_found.clone_from(&ask.minions)).await;
    becomes(&server, &jid, "w1", OutcomeState::ResultUnknown).await;
    server.stop().await;
}

/// A master that has thousands of jobs to ask about hands questions back that had no turn. Nobody was asked: that is no silence.
#[tokio::test]
async fn a_question_that_had_no_turn_is_put_again_and_is_not_the_silence_of_the_minion() {
    let server = Server::start().await;
    let [m1] = cluster(&server, Failover, ["m1"], &[("w1", &["m1"])]).await;
    let jid = send(&server, "eu-web", "*").await;
    m1.publishes(&server, &["w1"]).await;
    pass(&server, 31, &[&m1]).await;
    for _ in 0..3 {
        let ask = m1.ask(&server).await;
        m1.hands_back(ask.delivery_id, HandBack::TooLate).await;
        let w1 = details(&server, &jid).await.remove("w1").unwrap();
        assert_eq!(w1.state, OutcomeState::Delivered);
        assert!(w1.reason.starts_with("it was not asked about yet: master \"m1\""), "{w1:?}");
        pass(&server, 11, &[&m1]).await;
    }
    let ask = m1.ask(&server).await;
    m1.answers(&ask, |said| said.running = vec!["w1".to_owned()]).await;
    becomes(&server, &jid, "w1", OutcomeState::Running).await;
    server.stop().await;
}

#[tokio::test]
async fn a_master_that_never_has_time_to_ask_keeps_no_job_open_for_ever() {
    let server = Server::start().await;
    let [m1] = cluster(&server, Failover, ["m1"], &[("w1", &["m1"])]).await;
    let jid = send(&server, "eu-web", "*").await;
    m1.publishes(&server, &["w1"]).await;
    pass(&server, 31, &[&m1]).await;
    let mut back = BTreeSet::new();
    let w1 = until("it ends", async || {
        let questions = m1.waiting().await.into_iter().filter_map(|work| match work {
            Work::Ask(ask) if !back.contains(&ask.delivery_id) => Some(ask.delivery_id),
            _ => None,
        });
        for delivery_id in questions.collect::<Vec<_>>() {
            back.insert(delivery_id);
            m1.hands_back(delivery_id, HandBack::TooLate).await;
            pass(&server, 11, &[&m1]).await;
        }
        let w1 = details(&server, &jid).await.remove("w1").unwrap();
        if w1.state.is_final() { Ok(w1) } else { Err(format!("{w1:?}")) }
    })
    .await;
    assert_eq!(w1.state, OutcomeState::ResultUnknown, "{w1:?}");
    assert!(w1.reason.contains("it could not be asked: master \"m1\": TooLate"), "{w1:?}");
    server.stop().await;
}

/// What waits for its turn waits here, with nothing said of it, and not in a plugin that has no time for it.
#[tokio::test]
async fn a_master_with_many_questions_open_is_given_no_more_until_some_are_answered() {
    let server = Server::start().await;
    let [m1] = cluster(&server, Failover, ["m1"], &[("w1", &["m1"])]).await;
    let jid = send(&server, "eu-web", "*").await;
    m1.publishes(&server, &["w1"]).await;
    let client = server.db.db().client().await.unwrap();
    let many = "INSERT INTO delivery (delivery_id, cluster_id, master_uuid, work, payload, state, publish_before, leased_until, created_at, \
                changed_at) SELECT gen_random_uuid(), 'eu-web', master_uuid, 'ask', '{}', 'leased', '2100-01-01', '2100-01-01', now(), \
                now() FROM master, generate_series(1, 500)";
    client.batch(many).await.unwrap();
    for _ in 0..3 {
        pass(&server, 31, &[&m1]).await;
        until("it was looked at, and waits", async || {
            let row = client.query_one("SELECT min(deadline) AS at FROM outcome", &[]).await.unwrap();
            let at: Timestamp = row.try_get("at").unwrap();
            if at > server.clock.now() { Ok(()) } else { Err(at.to_string()) }
        })
        .await;
        let w1 = details(&server, &jid).await.remove("w1").unwrap();
        assert_eq!(w1.state, OutcomeState::Delivered);
        assert!(!w1.reason.contains("asked"), "{w1:?}");
        assert!(!m1.waiting().await.iter().any(|work| matches!(work, Work::Ask(_))));
    }
    client.batch("DELETE FROM delivery WHERE payload::text = '{}'").await.unwrap();
    pass(&server, 6, &[&m1]).await;
    m1.ask(&server).await;
    server.stop().await;
}
