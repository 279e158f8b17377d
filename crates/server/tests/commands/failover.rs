//! A failover cluster: every master publishes, each minion has one outcome, whoever saw its return.

use raas_api::{
    CommandState, OutcomeState::Delivered, OutcomeState::NoAnswer, OutcomeState::NotDelivered,
    OutcomeState::ResultUnknown, OutcomeState::Succeeded,
};
use raas_wire::ClusterKind::Failover;
use serde_json::json;

use super::{
    hands::cluster,
    watch::{becomes, details, ends, pass, send, status},
};
use crate::support::Server;

const MINIONS: &[(&str, &[&str])] = &[("w1", &["m1"]), ("w2", &["m2"])];

#[tokio::test]
async fn a_job_goes_to_every_live_master_and_each_minion_ends_once() {
    let server = Server::start().await;
    let [m1, m2] = cluster(&server, Failover, ["m1", "m2"], MINIONS).await;
    let jid = send(&server, "eu-web", "*").await;
    let first = m1.publishes(&server, &["w1", "w2"]).await;
    let second = m2.publishes(&server, &["w1", "w2"]).await;
    assert_eq!((first.jid.as_str(), second.jid.as_str()), (jid.as_str(), jid.as_str()));
    assert_eq!((first.tgt.as_str(), first.tgt_type.as_str()), ("\"*\"", "glob"));
    assert_eq!(status(&server, &jid).await.state, CommandState::Retrieved);
    m1.returns(&jid, "w1", json!(true)).await;
    m2.returns(&jid, "w2", json!(true)).await;
    let ended = ends(&server, &jid, CommandState::CompletedAllSuccessful).await;
    assert_eq!((ended.expected, ended.returned_good), (2, 2));
    for detail in details(&server, &jid).await.values() {
        assert_eq!((detail.witnesses, detail.late, detail.unexpected), (1, false, false), "{detail:?}");
    }
    server.stop().await;
}

#[tokio::test]
async fn an_equal_second_return_is_a_witness_and_a_different_one_means_that_it_ran_twice() {
    let server = Server::start().await;
    let [m1, m2] = cluster(&server, Failover, ["m1", "m2"], MINIONS).await;
    let jid = send(&server, "eu-web", "*").await;
    m1.publishes(&server, &["w1", "w2"]).await;
    m2.publishes(&server, &["w1", "w2"]).await;
    for master in [&m1, &m2] {
        master.returns(&jid, "w1", json!("one")).await;
    }
    m2.returns(&jid, "w2", json!("one")).await;
    m1.returns(&jid, "w2", json!("two")).await;
    let ended = ends(&server, &jid, CommandState::CompletedAllSuccessful).await;
    assert_eq!(ended.returned_good, 2, "a witness counts nothing twice");
    let found = details(&server, &jid).await;
    let [w1, w2] = ["w1", "w2"].map(|id| &found[id]);
    assert_eq!((w1.witnesses, w1.ran_twice, w1.master_id.as_deref()), (2, false, Some("m1")), "{w1:?}");
    assert_eq!((w2.witnesses, w2.ran_twice, w2.master_id.as_deref()), (2, true, Some("m2")), "{w2:?}");
    assert!(w2.reason.contains("ran twice"), "{w2:?}");
    server.stop().await;
}

#[tokio::test]
async fn a_master_on_which_nothing_matched_is_no_error() {
    let server = Server::start().await;
    let [m1, m2] = cluster(&server, Failover, ["m1", "m2"], MINIONS).await;
    let jid = send(&server, "eu-web", "w1").await;
    m1.publishes(&server, &["w1"]).await;
    m2.publishes(&server, &[]).await;
    m1.returns(&jid, "w1", json!(true)).await;
    let ended = ends(&server, &jid, CommandState::CompletedAllSuccessful).await;
    assert_eq!(ended.expected, 1);
    server.stop().await;
}

#[tokio::test]
async fn when_a_master_dies_with_a_job_in_flight_its_minions_are_asked_through_the_one_that_now_holds_them() {
    let server = Server::start().await;
    let [m1, m2] = cluster(&server, Failover, ["m1", "m2"], MINIONS).await;
    let jid = send(&server, "eu-web", "*").await;
    m1.publishes(&server, &["w1", "w2"]).await;
    m2.publishes(&server, &["w1", "w2"]).await;
    m2.returns(&jid, "w2", json!(true)).await;
    pass(&server, 20, &[&m2]).await;
    m2.sees(&["w1"]).await; // it moved
    pass(&server, 10, &[&m2]).await; // m1 is lost by now
    m2.ping(&server).await;
    let ask = m2.ask(&server).await;
    assert_eq!((ask.jid.as_str(), ask.minions), (jid.as_str(), vec!["w1".to_owned()]));
    let asked = becomes(&server, &jid, "w1", Delivered).await;
    assert!(asked.reason.contains("\"m2\""), "{asked:?}");
    m2.returns(&jid, "w1", json!(true)).await;
    let done = becomes(&server, &jid, "w1", Succeeded).await;
    assert!(!done.late && done.master_id.as_deref() == Some("m2"), "{done:?}");
    ends(&server, &jid, CommandState::CompletedAllSuccessful).await;
    server.stop().await;
}

#[tokio::test]
async fn a_minion_that_is_between_two_masters_is_given_time_to_arrive() {
    let server = Server::start().await;
    let [m1, m2] = cluster(&server, Failover, ["m1", "m2"], MINIONS).await;
    let jid = send(&server, "eu-web", "w1").await;
    m1.publishes(&server, &["w1"]).await;
    m2.publishes(&server, &["w1"]).await;
    pass(&server, 30, &[&m2]).await;
    let ask = m2.ask(&server).await;
    m2.answers(&ask, |said| said.silent = vec!["w1".to_owned()]).await;
    pass(&server, 10, &[&m2]).await;
    assert_eq!(details(&server, &jid).await["w1"].state, Delivered, "it is not given up at once");
    m2.sees(&["w1"]).await;
    pass(&server, 10, &[&m2]).await;
    let ask = m2.ask(&server).await;
    m2.answers(&ask, |said| said.silent = vec!["w1".to_owned()]).await;
    becomes(&server, &jid, "w1", NoAnswer).await;
    server.stop().await;
}

#[tokio::test]
async fn a_minion_that_no_live_master_holds_is_waited_for_and_then_its_result_is_unknown() {
    let server = Server::start().await;
    let [m1, m2] = cluster(&server, Failover, ["m1", "m2"], MINIONS).await;
    m2.has_keys(&["w2"]).await; // w1 was accepted on m1 only
    let jid = send(&server, "eu-web", "w1").await;
    m1.publishes(&server, &["w1"]).await;
    m2.publishes(&server, &[]).await;
    pass(&server, 80, &[&m2]).await; // m1 is lost
    let waits = details(&server, &jid).await.remove("w1").unwrap();
    assert_eq!(waits.state, Delivered, "m1 may come back, or m2 get the key: {waits:?}");
    assert!(m2.waiting().await.iter().all(|work| !matches!(work, raas_wire::Work::Ask(_))));
    pass(&server, 40, &[&m2]).await;
    let unknown = becomes(&server, &jid, "w1", ResultUnknown).await;
    for words in
        ["published by master \"m1\", which was lost", "no live master holds", "raas keys accept eu-web w1"]
    {
        assert!(unknown.reason.contains(words), "{words}: {unknown:?}");
    }
    ends(&server, &jid, CommandState::CompletedMissingReturns).await;

    // A job for it cannot be delivered at all now, and that has the same cause.
    let jid = send(&server, "eu-web", "w1").await;
    m2.publishes(&server, &[]).await;
    let not_delivered = becomes(&server, &jid, "w1", NotDelivered).await;
    assert!(not_delivered.reason.contains("\"m1\" only, which is lost"), "{not_delivered:?}");
    assert!(not_delivered.reason.contains("raas keys accept eu-web w1"), "{not_delivered:?}");
    server.stop().await;
}

#[tokio::test]
async fn a_question_that_its_master_cannot_put_counts_neither_as_silence_nor_for_ever() {
    let server = Server::start().await;
    let [m1, m2] = cluster(&server, Failover, ["m1", "m2"], MINIONS).await;
    let jid = send(&server, "eu-web", "*").await;
    m1.publishes(&server, &["w1", "w2"]).await;
    m2.publishes(&server, &["w2"]).await;
    m2.returns(&jid, "w2", json!(true)).await;
    pass(&server, 30, &[&m2]).await; // m1 is lost
    for _ in 0..3 {
        let ask = m2.ask(&server).await;
        m2.answers(&ask, |said| said.not_here = vec!["w1".to_owned()]).await;
        let waits = becomes(&server, &jid, "w1", Delivered).await;
        assert!(waits.reason.contains("could not be asked through master \"m2\""), "{waits:?}");
        pass(&server, 10, &[&m2]).await;
    }
    // It arrives: now its silence counts, from the first question.
    m2.sees(&["w1"]).await;
    let ask = m2.ask(&server).await;
    m2.answers(&ask, |said| said.silent = vec!["w1".to_owned()]).await;
    // And is gone again, for good.
    let ask = m2.ask(&server).await;
    m2.answers(&ask, |said| said.not_here = vec!["w1".to_owned()]).await;
    server.clock.advance(91);
    m2.beat().await;
    let unknown = becomes(&server, &jid, "w1", ResultUnknown).await;
    assert!(unknown.reason.contains("no live master holds this minion"), "{unknown:?}");
    ends(&server, &jid, CommandState::CompletedMissingReturns).await;
    server.stop().await;
}
