//! Clusters as the console shows them: minions once each, and what is wrong, with its fix.

use raas_api::{
    Presence,
    cluster::{GetClusters, GetClustersParams, Kind, MinionCounts},
};
use raas_wire::{ClusterKind, Evidence, Gap, KeyLists, Report};

use super::{accepted, cluster, key, pinged, seen, warning};
use crate::support::{Plugin, Server};

#[tokio::test]
async fn a_minion_of_several_masters_is_counted_once() {
    let server = Server::start().await;
    let [m1, m2] = server.cluster("eu", ClusterKind::Failover, ["m1", "m2"]).await;
    let all = ["web1", "web2", "web3", "web4"];
    m1.report([accepted(&all), pinged(&m1, &["web1", "web2"], &["web3"])]).await;
    m2.report([accepted(&all), seen(&["web2"], Evidence::Auth, m2.now())]).await;
    let cluster = cluster(&server, "eu").await;
    assert_eq!(cluster.minions, MinionCounts { present: 2, lost: 1, unknown: 1 });
    let on: Vec<_> = cluster.masters.iter().map(|one| (one.master_id.as_str(), one.minions)).collect();
    assert_eq!(on, [("m1", 1), ("m2", 1)]);
    assert!(cluster.warnings.is_empty(), "{:?}", cluster.warnings);
    server.stop().await;
}

#[tokio::test]
async fn a_hot_minion_is_on_every_master_that_holds_it_and_still_counted_once() {
    let server = Server::start().await;
    let [h1, h2] = server.cluster("eu", ClusterKind::Hot, ["h1", "h2"]).await;
    let all = ["web1", "web2", "web3"];
    h1.report([accepted(&all), pinged(&h1, &["web1", "web2"], &["web3"])]).await;
    h2.report([accepted(&all), pinged(&h2, &["web1", "web2", "web3"], &[])]).await;
    let cluster = cluster(&server, "eu").await;
    assert_eq!(cluster.minions.present, 3);
    let on: Vec<_> = cluster.masters.iter().map(|one| (one.master_id.as_str(), one.minions)).collect();
    assert_eq!(on, [("h1", 2), ("h2", 3)]);
    server.stop().await;
}

#[tokio::test]
async fn masters_with_different_keys_of_salt_are_told_of() {
    let server = Server::start().await;
    let [mut m1, mut m2] = server.cluster("eu", ClusterKind::Failover, ["m1", "m2"]).await;
    m2.facts.salt_key_fingerprint = Some("0dd".to_owned());
    m2.enroll().await.unwrap();
    let differ = warning(&server, "eu", "salt_keys_differ").await;
    assert!(
        differ.message.contains("\"m1\" has 5a17") && differ.message.contains("\"m2\" has 0dd"),
        "{differ:?}"
    );
    assert!(differ.fix.contains("master.pem"), "{differ:?}");

    m2.facts.salt_key_fingerprint = m1.facts.salt_key_fingerprint.clone();
    m1.facts.signing_key_fingerprint = Some("516".to_owned());
    m2.facts.salt_version = Some("3006.9".to_owned());
    m1.enroll().await.unwrap();
    m2.enroll().await.unwrap();
    let differ = warning(&server, "eu", "signing_keys_differ").await;
    assert!(
        differ.message.contains("\"m1\" has 516") && differ.message.contains("\"m2\" has none"),
        "{differ:?}"
    );
    let differ = warning(&server, "eu", "salt_versions_differ").await;
    assert!(differ.message.contains("3007.1") && differ.message.contains("3006.9"), "{differ:?}");
    let codes: Vec<_> = cluster(&server, "eu").await.warnings.into_iter().map(|one| one.code).collect();
    assert_eq!(codes, ["signing_keys_differ", "salt_versions_differ"]);
    server.stop().await;
}

#[tokio::test]
async fn different_keys_for_one_minion_are_told_of() {
    let server = Server::start().await;
    let [m1, m2] = server.cluster("eu", ClusterKind::Failover, ["m1", "m2"]).await;
    m1.report([accepted(&["web1", "web2"])]).await;
    let other = KeyLists {
        accepted: vec![key("web1", "another"), key("web2", "key-of-web2")],
        ..KeyLists::default()
    };
    m2.report([Report::Keys(other)]).await;
    let conflict = warning(&server, "eu", "minion_keys_conflict").await;
    assert!(conflict.message.contains("m1 has key-of-web1, m2 has another"), "{conflict:?}");
    assert_eq!(cluster(&server, "eu").await.warnings.len(), 1);
    server.stop().await;
}

#[tokio::test]
async fn a_minion_that_only_some_masters_of_a_failover_cluster_accepted_is_told_of() {
    let server = Server::start().await;
    let [m1, m2] = server.cluster("eu", ClusterKind::Failover, ["m1", "m2"]).await;
    let all = ["web1", "web2", "web3", "web4", "web5"];
    m1.report([accepted(&all)]).await;
    let (web1, web2) = (vec![key("web1", "key-of-web1")], vec![key("web2", "key-of-web2")]);
    m2.report([Report::Keys(KeyLists { accepted: web1, pending: web2, ..KeyLists::default() })]).await;
    let missing = warning(&server, "eu", "minion_keys_missing").await;
    assert!(missing.message.starts_with("4 minions are accepted on some masters only"), "{missing:?}");
    assert!(missing.message.contains("web2 (not on \"m2\"), web3"), "{missing:?}");
    assert!(!missing.message.contains("web1") && !missing.message.contains("web5"), "{missing:?}");
    assert!(missing.fix.contains("raas keys accept eu web2 web3 web4, and so on"), "{missing:?}");
    m2.report([accepted(&all)]).await;
    assert!(cluster(&server, "eu").await.warnings.is_empty());

    // A master that just joined lacks nothing before it has told its keys.
    let m3 = server.plugin("m3").of("eu", ClusterKind::Failover);
    server.join(&m3).await;
    assert!(cluster(&server, "eu").await.warnings.is_empty());
    m3.report([accepted(&all[..4])]).await;
    let missing = warning(&server, "eu", "minion_keys_missing").await;
    assert!(missing.message.contains("web5 (not on \"m3\")"), "{missing:?}");

    // Masters of a hot-hot cluster may hold different minions.
    let [h1, h2] = server.cluster("hot", ClusterKind::Hot, ["h1", "h2"]).await;
    h1.report([accepted(&["web1", "web2"])]).await;
    h2.report([accepted(&["web1"])]).await;
    assert!(cluster(&server, "hot").await.warnings.is_empty());
    server.stop().await;
}

#[tokio::test]
async fn lost_masters_wrong_clocks_late_spools_and_gaps_are_told_of() {
    let server = Server::start().await;
    let [m1, m2] = server.cluster("eu", ClusterKind::Hot, ["m1", "m2"]).await;
    server.clock.advance(30);
    let m1 = Plugin { skew: -9, ..m1 };
    let beat = m1.commands_path(0, |beat| (beat.spool_records, beat.spool_oldest_s) = (4_000, 500));
    m1.send::<serde_json::Value>(&m1.signed("GET", &beat, Vec::new())).await.unwrap();
    let (from, to) = (m1.now(), m1.now());
    m1.report([Report::Gap(Gap { from, to, count: None, why: "the plugin was down".to_owned() })]).await;

    let lost = warning(&server, "eu", "master_lost").await;
    assert!(lost.message.contains("\"m2\" is lost: its plugin last called"), "{lost:?}");
    assert!(warning(&server, "eu", "clock_skew").await.message.contains("behind the server's"));
    let late = warning(&server, "eu", "spool_backlog").await;
    assert!(late.message.contains("4000 records") && late.message.contains("500 s"), "{late:?}");
    assert!(warning(&server, "eu", "gap").await.message.contains("the plugin was down"));

    m2.beat().await.unwrap();
    server.clock.advance(8 * 24 * 3600);
    let m1 = Plugin { skew: 0, ..m1 };
    m1.beat().await.unwrap();
    m2.beat().await.unwrap();
    let cluster = cluster(&server, "eu").await;
    assert!(cluster.warnings.is_empty(), "all of it is over: {:?}", cluster.warnings);
    assert!(cluster.masters.iter().all(|master| master.status == Presence::Present), "{cluster:?}");
    server.stop().await;
}

#[tokio::test]
async fn clusters_come_in_pages_and_by_kind() {
    let server = Server::start().await;
    server.cluster("c", ClusterKind::Hot, ["m3"]).await;
    server.cluster("a", ClusterKind::Failover, ["m1"]).await;
    server.join(&server.plugin("b")).await;
    let ids = async |params: GetClustersParams| {
        let page = server.call::<GetClusters>(&params).await;
        (page.count, page.results.into_iter().map(|one| one.cluster_id).collect::<Vec<_>>())
    };
    let all = GetClustersParams::default();
    assert_eq!(ids(all.clone()).await, (3, vec!["a".to_owned(), "b".to_owned(), "c".to_owned()]));
    assert_eq!(
        ids(GetClustersParams { limit: 2, page: Some(1), ..all.clone() }).await,
        (3, vec!["c".to_owned()])
    );
    assert_eq!(
        ids(GetClustersParams { kind: Some(Kind::Single), ..all.clone() }).await,
        (1, vec!["b".to_owned()])
    );
    assert_eq!(ids(GetClustersParams { cluster_id: Some("d".to_owned()), ..all }).await, (0, vec![]));
    server.stop().await;
}
