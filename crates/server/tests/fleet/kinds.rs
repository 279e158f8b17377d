//! A cluster has one kind, and a name means one thing.

use raas_api::{
    MasterKeyState,
    master::SetMasterKeyState,
    master::{KeyActAction, SetMasterKeyStateParams},
};
use raas_wire::ClusterKind;

use super::{cluster, warning};
use crate::support::{Plugin, Server};

#[tokio::test]
async fn a_master_of_another_kind_is_refused_with_both_values_and_comes_in_once_it_is_corrected() {
    let server = Server::start().await;
    server.cluster("eu", ClusterKind::Hot, ["m1"]).await;
    let m2 = server.plugin("m2").of("eu", ClusterKind::Failover);
    let enrolled = m2.enroll().await.unwrap();
    assert_eq!(enrolled.state, MasterKeyState::Rejected);
    let reason = enrolled.reason.unwrap();
    assert!(reason.contains("cluster \"eu\" is hot") && reason.contains("declares failover"), "{reason}");
    let shown = warning(&server, "eu", "master_refused").await;
    assert!(shown.message.contains("\"m2\"") && shown.message.contains("is hot"), "{shown:?}");
    let params = SetMasterKeyStateParams {
        masters: vec!["m2".to_owned()],
        action: KeyActAction::Accept,
        fingerprint: Some(m2.fingerprint()),
    };
    let refused = server.refused::<SetMasterKeyState>(&params).await;
    assert!(
        refused.message.contains("is hot") && refused.message.contains("declares failover"),
        "{refused:?}"
    );

    let corrected = Plugin { kind: ClusterKind::Hot, ..m2 };
    assert_eq!(corrected.enroll().await.unwrap().state, MasterKeyState::Pending);
    server.accept(&[&corrected]).await;
    corrected.enroll().await.unwrap();
    corrected.beat().await.unwrap();
    assert!(cluster(&server, "eu").await.warnings.is_empty());
    server.stop().await;
}

#[tokio::test]
async fn of_two_masters_that_wait_with_different_kinds_only_the_first_is_accepted() {
    let server = Server::start().await;
    let m1 = server.plugin("m1").of("eu", ClusterKind::Failover);
    let m2 = server.plugin("m2").of("eu", ClusterKind::Hot);
    m1.enroll().await.unwrap();
    m2.enroll().await.unwrap();
    let params = SetMasterKeyStateParams {
        masters: vec!["m1".to_owned(), "m2".to_owned()],
        action: KeyActAction::Accept,
        fingerprint: None,
    };
    let acts = server.call::<SetMasterKeyState>(&params).await;
    assert!(acts[0].done && !acts[1].done, "{acts:?}");
    assert!(acts[1].message.contains("is failover") && acts[1].message.contains("declares hot"), "{acts:?}");
    server.stop().await;
}

#[tokio::test]
async fn the_only_master_of_a_cluster_may_change_its_kind_when_an_operator_confirms() {
    let server = Server::start().await;
    let [m1] = server.cluster("eu", ClusterKind::Hot, ["m1"]).await;
    let changed = Plugin { kind: ClusterKind::Failover, ..m1 };
    let reason = changed.enroll().await.unwrap().reason.unwrap();
    assert!(reason.contains("was accepted as hot, now declares failover"), "{reason}");
    server.accept(&[&changed]).await;
    changed.enroll().await.unwrap();
    assert_eq!(cluster(&server, "eu").await.kind, raas_api::cluster::Kind::Failover);
    server.stop().await;
}

#[tokio::test]
async fn a_single_masters_id_is_no_clusters_name() {
    let server = Server::start().await;
    server.join(&server.plugin("eu")).await;
    let m1 = server.plugin("m1").of("eu", ClusterKind::Hot);
    let enrolled = m1.enroll().await.unwrap();
    assert_eq!(enrolled.state, MasterKeyState::Rejected);
    let reason = enrolled.reason.unwrap();
    assert!(reason.contains("the name \"eu\" is taken by the single master \"eu\""), "{reason}");

    server.cluster("us", ClusterKind::Failover, ["m2"]).await;
    let single = server.plugin("us").enroll().await.unwrap();
    assert!(single.reason.unwrap().contains("taken by the failover cluster of master \"m2\""));
    server.stop().await;
}
