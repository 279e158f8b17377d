//! Targets that match nothing, surely or as the masters find out.

use std::collections::BTreeMap;

use raas_api::{
    CommandState,
    cmd::{RouteCmd, RouteCmdParams, RouteTarget, TargetText},
};
use raas_wire::ClusterKind::Failover;
use serde_json::json;

use super::{
    hands::cluster,
    watch::{ends, send},
};
use crate::support::Server;

fn ping(tgt: &str, tgt_type: &str) -> RouteCmdParams {
    let target = RouteTarget { tgt: TargetText::Text(tgt.to_owned()), tgt_type: tgt_type.to_owned() };
    let tgt = BTreeMap::from([("eu-web".to_owned(), target)]);
    RouteCmdParams { fun: Some("test.ping".to_owned()), tgt: Some(tgt), ..RouteCmdParams::default() }
}

const MINIONS: &[(&str, &[&str])] = &[("w1", &["m1"]), ("w2", &["m2"])];

#[tokio::test]
async fn a_target_that_surely_matches_nothing_ends_at_once_and_says_so() {
    let server = Server::start().await;
    let [m1, m2] = cluster(&server, Failover, ["m1", "m2"], MINIONS).await;
    let tgt = BTreeMap::from([("eu-web".to_owned(), RouteTarget::glob("nobody*"))]);
    let params =
        RouteCmdParams { fun: Some("test.ping".to_owned()), tgt: Some(tgt), ..RouteCmdParams::default() };
    let answer = server.root.call::<RouteCmd>(&params).await.unwrap();
    assert!(answer.warnings.iter().any(|w| w.contains("nobody*")), "{:?}", answer.warnings);
    let ended = ends(&server, &answer.ret, CommandState::CompletedAllSuccessful).await;
    assert_eq!(ended.expected, 0);
    assert!(m1.waiting().await.is_empty() && m2.waiting().await.is_empty(), "no master is troubled");
    server.stop().await;
}

#[tokio::test]
async fn a_target_that_only_masters_can_resolve_ends_when_all_of_them_matched_none() {
    let server = Server::start().await;
    let [m1, m2] = cluster(&server, Failover, ["m1", "m2"], MINIONS).await;
    let target = RouteTarget { tgt: TargetText::Text("os:Plan9".into()), tgt_type: "grain".into() };
    let tgt = BTreeMap::from([("eu-web".to_owned(), target)]);
    let params =
        RouteCmdParams { fun: Some("test.ping".to_owned()), tgt: Some(tgt), ..RouteCmdParams::default() };
    let jid = server.call::<RouteCmd>(&params).await;
    m1.publishes(&server, &[]).await;
    m2.publishes(&server, &[]).await;
    let ended = ends(&server, &jid, CommandState::CompletedAllSuccessful).await;
    assert_eq!(ended.expected, 0);
    server.stop().await;
}

#[tokio::test]
async fn a_job_for_one_named_master_goes_to_that_master_only() {
    let server = Server::start().await;
    let [m1, m2] = cluster(&server, Failover, ["m1", "m2"], MINIONS).await;
    send(&server, "m1", "*").await;
    m1.publishes(&server, &["w1", "w2"]).await;
    assert!(m2.waiting().await.is_empty());
    server.stop().await;
}

#[tokio::test]
async fn a_listed_minion_that_nobody_knows_is_named() {
    let server = Server::start().await;
    let _masters = cluster(&server, Failover, ["m1", "m2"], MINIONS).await;
    let ids = vec!["w1".to_owned(), "nobody".to_owned()];
    let target = RouteTarget { tgt: TargetText::List(ids), tgt_type: "list".into() };
    let tgt = BTreeMap::from([("eu-web".to_owned(), target)]);
    let params =
        RouteCmdParams { fun: Some("test.ping".to_owned()), tgt: Some(tgt), ..RouteCmdParams::default() };
    let answer = server.root.call::<RouteCmd>(&params).await.unwrap();
    assert!(
        answer.warnings.iter().any(|w| w.contains("nobody") && !w.contains("w1")),
        "{:?}",
        answer.warnings
    );
    server.stop().await;
}

#[tokio::test]
async fn a_list_with_spaces_reaches_the_masters_as_ids_without() {
    let server = Server::start().await;
    let [m1, _m2] = cluster(&server, Failover, ["m1", "m2"], MINIONS).await;
    server.call::<RouteCmd>(&ping("w1, w2", "list")).await;
    let publish = m1.publishes(&server, &["w1", "w2"]).await;
    assert_eq!((publish.tgt.value(), publish.tgt_type.as_str()), (json!(["w1", "w2"]), "list"));
    server.stop().await;
}

#[tokio::test]
async fn a_target_that_only_salt_can_decide_says_so() {
    let server = Server::start().await;
    let [m1, _m2] = cluster(&server, Failover, ["m1", "m2"], MINIONS).await;
    let answer = server.root.call::<RouteCmd>(&ping("R@%web or w1", "compound")).await.unwrap();
    assert!(answer.warnings.iter().any(|w| w.contains("range server")), "{:?}", answer.warnings);
    assert_eq!(m1.publishes(&server, &["w1"]).await.tgt.value(), json!("R@%web or w1"));
    server.stop().await;
}

#[tokio::test]
async fn a_target_that_salt_would_misread_is_refused_at_its_place() {
    let server = Server::start().await;
    let _masters = cluster(&server, Failover, ["m1", "m2"], MINIONS).await;
    for (tgt, tgt_type, said) in [
        (
            "(w1 or w2)",
            "compound",
            "at character 1: found \"(w1\", expected a parenthesis with spaces around it",
        ),
        ("w1 and G@os", "compound", "at character 12: found the end, without a value, expected key:value"),
        ("N@web", "compound", "nodegroup \"web\" is not known: nodegroups are saved target groups"),
        ("web", "nodegroup", "nodegroup \"web\" is not known"),
    ] {
        let error = server.root.call::<RouteCmd>(&ping(tgt, tgt_type)).await.unwrap_err().to_string();
        assert!(error.contains(said), "{error}");
    }
    server.stop().await;
}
