//! How outcomes end that no return ended: asked about, upgraded by a late return, named by its reason.

use raas_api::{CommandState, OutcomeState};
use raas_wire::{ClusterKind::Failover, Report, ReturnSource};
use serde_json::json;

use super::{
    hands::{Master, a_return, answer, cluster, publication},
    watch::{becomes, details, ends, pass, send},
};
use crate::support::Server;

const MINIONS: &[(&str, &[&str])] = &[("w1", &["m1"]), ("w2", &["m1"])];

async fn published(server: &Server) -> (Master, raas_api::Jid) {
    let [m1] = cluster(server, Failover, ["m1"], MINIONS).await;
    let jid = send(server, "eu-web", "*").await;
    m1.publishes(server, &["w1", "w2"]).await;
    (m1, jid)
}

#[tokio::test]
async fn a_silent_minion_is_asked_twice_and_then_ends_as_no_answer() {
    let server = Server::start().await;
    let (m1, jid) = published(&server).await;
    pass(&server, 31, &[&m1]).await;
    for _ in 0..2 {
        let ask = m1.ask(&server).await;
        assert_eq!(ask.minions, ["w1", "w2"], "one question for all of them");
        m1.answers(&ask, |said| said.silent.clone_from(&ask.minions)).await;
    }
    let ended = becomes(&server, &jid, "w1", OutcomeState::NoAnswer).await;
    assert!(ended.reason.contains("did not answer when asked"), "{ended:?}");
    ends(&server, &jid, CommandState::CompletedMissingReturns).await;

    m1.returns(&jid, "w1", json!(true)).await;
    let late = becomes(&server, &jid, "w1", OutcomeState::Succeeded).await;
    assert!(late.late && late.reason.contains("late"), "{late:?}");
    m1.returns(&jid, "w2", json!(true)).await;
    ends(&server, &jid, CommandState::CompletedAllSuccessful).await;
    server.stop().await;
}

#[tokio::test]
async fn a_job_that_runs_is_asked_about_again_and_goes_on() {
    let server = Server::start().await;
    let (m1, jid) = published(&server).await;
    m1.returns(&jid, "w2", json!(true)).await;
    pass(&server, 31, &[&m1]).await;
    for _ in 0..5 {
        let ask = m1.ask(&server).await;
        m1.answers(&ask, |said| said.running = vec!["w1".to_owned()]).await;
        becomes(&server, &jid, "w1", OutcomeState::Running).await;
        pass(&server, 61, &[&m1]).await;
    }
    m1.returns(&jid, "w1", json!(true)).await;
    let done = becomes(&server, &jid, "w1", OutcomeState::Succeeded).await;
    assert!(!done.late, "{done:?}");
    ends(&server, &jid, CommandState::CompletedAllSuccessful).await;
    server.stop().await;
}

#[tokio::test]
async fn a_return_that_was_lost_is_said_to_be_unknown_and_one_that_the_minion_kept_is_fetched() {
    let server = Server::start().await;
    let (m1, jid) = published(&server).await;
    pass(&server, 31, &[&m1]).await;
    let ask = m1.ask(&server).await;
    let said = answer(&ask, |said| {
        said.not_found = vec!["w1".to_owned()];
        said.found = vec!["w2".to_owned()];
    });
    m1.plugin.report([a_return(&jid, "w2", json!(true), ReturnSource::Asked), said]).await;
    let lost = becomes(&server, &jid, "w1", OutcomeState::ResultUnknown).await;
    assert!(lost.reason.contains("cache_jobs"), "it says what would have helped: {lost:?}");
    let found = becomes(&server, &jid, "w2", OutcomeState::Succeeded).await;
    assert!(!found.late, "{found:?}");
    ends(&server, &jid, CommandState::CompletedMissingReturns).await;
    server.stop().await;
}

#[tokio::test]
async fn a_question_that_its_master_never_answers_ends_by_itself() {
    let server = Server::start().await;
    let (m1, jid) = published(&server).await;
    pass(&server, 31, &[&m1]).await;
    m1.ask(&server).await;
    pass(&server, 31, &[&m1]).await;
    m1.ask(&server).await;
    pass(&server, 61, &[&m1]).await;
    becomes(&server, &jid, "w1", OutcomeState::NoAnswer).await;
    ends(&server, &jid, CommandState::CompletedMissingReturns).await;
    server.stop().await;
}

#[tokio::test]
async fn a_minion_that_nobody_expected_gets_an_outcome_marked_so_until_a_master_names_it() {
    let server = Server::start().await;
    let [m1] = cluster(&server, Failover, ["m1"], MINIONS).await;
    let jid = send(&server, "eu-web", "*").await;
    let publish = m1.publish(&server).await;
    for minion in ["w1", "w2", "new"] {
        m1.returns(&jid, minion, json!(true)).await;
    }
    let new = details(&server, &jid).await.remove("new").unwrap();
    assert!(new.unexpected && new.reason.contains("did not expect"), "{new:?}");
    ends(&server, &jid, CommandState::CompletedAllSuccessful).await;
    // The reply of Salt comes after the return, and names it.
    m1.plugin.report([Report::Published(publication(&publish, &["w1", "w2", "new"]))]).await;
    let new = details(&server, &jid).await.remove("new").unwrap();
    assert!(!new.unexpected && new.state == OutcomeState::Succeeded, "{new:?}");
    let ended = ends(&server, &jid, CommandState::CompletedAllSuccessful).await;
    assert_eq!(ended.expected, 3);
    server.stop().await;
}

#[tokio::test]
async fn a_failed_return_fails_the_command_and_not_the_others() {
    let server = Server::start().await;
    let (m1, jid) = published(&server).await;
    let Report::Return(mut bad) = a_return(&jid, "w1", json!("no such function"), ReturnSource::Bus) else {
        panic!("a return is a return")
    };
    (bad.success, bad.retcode) = (false, 254);
    m1.plugin.report([Report::Return(bad)]).await;
    m1.returns(&jid, "w2", json!(true)).await;
    let ended = ends(&server, &jid, CommandState::CompletedFailures).await;
    assert_eq!((ended.returned_good, ended.returned_failed), (1, 1));
    server.stop().await;
}
