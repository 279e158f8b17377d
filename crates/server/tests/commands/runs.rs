//! Runners: on exactly one master, claimed before they start; an unclaimed one moves, a claimed one never does.

use raas_api::{
    CommandKind, CommandState, OutcomeState,
    cmd::{GetCmds, RouteCmd, RouteCmdParams},
};
use raas_wire::{ClusterKind::Failover, Run, Work};
use serde_json::json;

use super::{
    hands::{Master, cluster},
    watch::{becomes, details, ends, pass, run},
};
use crate::support::Server;

/// m1 holds most of the minions, so runs go there first.
const MINIONS: &[(&str, &[&str])] = &[("w1", &["m1"]), ("w2", &["m1"]), ("w3", &["m2"])];

async fn masters(server: &Server) -> [Master; 2] {
    cluster(server, Failover, ["m1", "m2"], MINIONS).await
}

#[tokio::test]
async fn a_runner_runs_once_on_the_master_that_holds_most_and_only_after_its_claim() {
    let server = Server::start().await;
    let [m1, m2] = masters(&server).await;
    let jid = run(&server, "eu-web").await;
    let work = m1.run(&server).await;
    assert_eq!(details(&server, &jid).await["m1"].state, OutcomeState::Queued);
    let claim = Server::uuid();
    for _ in 0..2 {
        let answer = m1.plugin.claim(work.delivery_id, claim).await.unwrap();
        assert!(answer.go, "the same claim gets the same answer: {answer:?}");
    }
    let other = m1.plugin.claim(work.delivery_id, Server::uuid()).await.unwrap();
    assert!(!other.go && other.reason.as_deref().unwrap_or_default().contains("claimed before"), "{other:?}");
    let stranger = m2.plugin.claim(work.delivery_id, claim).await.unwrap();
    assert!(!stranger.go, "it was not given to m2");
    becomes(&server, &jid, "m1", OutcomeState::Delivered).await;
    m1.starts(&work).await;
    becomes(&server, &jid, "m1", OutcomeState::Running).await;
    m1.ran(&work, json!(["w1", "w2"])).await;
    let ended = ends(&server, &jid, CommandState::CompletedAllSuccessful).await;
    assert_eq!(ended.expected, 1);
    assert!(m2.waiting().await.is_empty(), "nobody else was asked to run it");
    server.stop().await;
}

#[tokio::test]
async fn a_run_names_the_minions_that_it_does_not_see_before_it_starts_and_on_its_result() {
    let server = Server::start().await;
    let _masters = masters(&server).await;
    let params = RouteCmdParams {
        cmd: Some(CommandKind::Runner),
        fun: Some("manage.up".to_owned()),
        masters: Some(vec!["eu-web".to_owned()]),
        ..RouteCmdParams::default()
    };
    let answer = server.root.call::<RouteCmd>(&params).await.unwrap();
    assert!(answer.warnings.iter().any(|w| w.contains("\"m1\" only") && w.ends_with(": w3")), "{answer:?}");
    let cmds = server.call::<GetCmds>(&serde_json::from_value(json!({"jid": answer.ret})).unwrap()).await;
    assert_eq!(cmds.results[0].warnings, answer.warnings);
    server.stop().await;
}

#[tokio::test]
async fn an_unclaimed_run_moves_when_its_master_dies_and_the_dead_master_can_no_longer_claim_it() {
    let server = Server::start().await;
    let [m1, m2] = masters(&server).await;
    let jid = run(&server, "eu-web").await;
    let first = m1.run(&server).await;
    pass(&server, 28, &[&m2]).await;
    let second = m2.run(&server).await;
    let late = m1.plugin.claim(first.delivery_id, Server::uuid()).await.unwrap();
    assert!(!late.go, "{late:?}");
    assert!(m2.plugin.claim(second.delivery_id, Server::uuid()).await.unwrap().go);
    m2.ran(&second, json!(["w3"])).await;
    becomes(&server, &jid, "m2", OutcomeState::Succeeded).await;
    let ended = ends(&server, &jid, CommandState::CompletedAllSuccessful).await;
    assert_eq!(ended.expected, 1, "the outcome moved with it");
    server.stop().await;
}

#[tokio::test]
async fn a_claimed_run_never_moves_and_its_result_is_unknown_until_it_comes_late() {
    let server = Server::start().await;
    let [m1, m2] = masters(&server).await;
    let jid = run(&server, "eu-web").await;
    let work = m1.run(&server).await;
    assert!(m1.plugin.claim(work.delivery_id, Server::uuid()).await.unwrap().go);
    pass(&server, 90, &[&m2]).await;
    let unknown = becomes(&server, &jid, "m1", OutcomeState::ResultUnknown).await;
    assert!(unknown.reason.contains("\"m1\" was lost"), "{unknown:?}");
    ends(&server, &jid, CommandState::CompletedMissingReturns).await;
    assert!(!m2.waiting().await.iter().any(|work| matches!(work, Work::Run(_))), "it is not run twice");
    m1.beat().await;
    m1.ran(&work, json!([])).await;
    let late = becomes(&server, &jid, "m1", OutcomeState::Succeeded).await;
    assert!(late.late, "{late:?}");
    ends(&server, &jid, CommandState::CompletedAllSuccessful).await;
    server.stop().await;
}

#[tokio::test]
async fn a_claimed_run_whose_time_passes_ends_too() {
    let server = Server::configured(|config| config.jobs.run_timeout_s = 60).await;
    let [m1, m2] = masters(&server).await;
    let jid = run(&server, "eu-web").await;
    let work = m1.run(&server).await;
    assert!(m1.plugin.claim(work.delivery_id, Server::uuid()).await.unwrap().go);
    m1.starts(&work).await;
    pass(&server, 150, &[&m1, &m2]).await;
    let unknown = becomes(&server, &jid, "m1", OutcomeState::ResultUnknown).await;
    assert!(unknown.reason.contains("60 s"), "{unknown:?}");
    server.stop().await;
}

#[tokio::test]
async fn a_run_for_one_named_master_stays_there_and_ends() {
    let server = Server::start().await;
    let [m1, m2] = masters(&server).await;
    let jid = run(&server, "m1").await;
    m1.run(&server).await;
    pass(&server, 60, &[&m2]).await;
    becomes(&server, &jid, "m1", OutcomeState::NotDelivered).await;
    ends(&server, &jid, CommandState::CompletedMissingReturns).await;
    assert!(!m2.waiting().await.iter().any(|work| matches!(work, Work::Run(_))));
    server.stop().await;
}

/// The plugin is killed after the claim. Its next run finds by the delivery, in Salt's events, what became of it.
#[tokio::test]
async fn a_run_whose_plugin_was_started_again_ends_with_the_result_that_is_found() {
    let server = Server::start().await;
    let [mut m1, m2] = masters(&server).await;
    let jid = run(&server, "eu-web").await;
    let work = m1.run(&server).await;
    assert!(m1.plugin.claim(work.delivery_id, Server::uuid()).await.unwrap().go);
    m1.plugin.epoch = Server::uuid();
    pass(&server, 40, &[&m1, &m2]).await;
    assert!(!details(&server, &jid).await["m1"].state.is_final(), "it has time to be found");
    m1.ran(&Run { jid: String::new(), ..work }, json!(["w1"])).await;
    becomes(&server, &jid, "m1", OutcomeState::Succeeded).await;
    ends(&server, &jid, CommandState::CompletedAllSuccessful).await;
    server.stop().await;
}

#[tokio::test]
async fn a_run_of_which_salt_tells_nothing_after_its_plugin_was_started_again_is_unknown() {
    let server = Server::start().await;
    let [mut m1, m2] = masters(&server).await;
    let jid = run(&server, "eu-web").await;
    let work = m1.run(&server).await;
    assert!(m1.plugin.claim(work.delivery_id, Server::uuid()).await.unwrap().go);
    m1.plugin.epoch = Server::uuid();
    pass(&server, 100, &[&m1, &m2]).await;
    let unknown = becomes(&server, &jid, "m1", OutcomeState::ResultUnknown).await;
    assert!(
        unknown.reason.contains("started again") && unknown.reason.contains("not run elsewhere"),
        "{unknown:?}"
    );
    assert!(!m2.waiting().await.iter().any(|work| matches!(work, Work::Run(_))));
    m1.ran(&work, json!(["w1"])).await;
    let late = becomes(&server, &jid, "m1", OutcomeState::Succeeded).await;
    assert!(late.late, "a result that comes after all counts: {late:?}");
    server.stop().await;
}
