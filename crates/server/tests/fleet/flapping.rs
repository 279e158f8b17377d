//! Who comes and goes: named with counts, and forgotten when it is over.

use raas_wire::{ClusterKind, Evidence};

use super::{accepted, cluster, seen, warning};
use crate::support::{Plugin, Server};

/// The minion starts on one master after the other, a minute between.
async fn wanders(server: &Server, masters: &[&Plugin], minion: &str) {
    for master in masters {
        server.clock.advance(20);
        for one in masters {
            one.beat().await.unwrap();
        }
        master.report([seen(&[minion], Evidence::Start, master.now())]).await;
    }
}

async fn codes(server: &Server, cluster_id: &str) -> Vec<String> {
    cluster(server, cluster_id).await.warnings.into_iter().map(|one| one.code).collect()
}

#[tokio::test]
async fn a_minion_that_changes_its_master_three_times_in_ten_minutes_is_named() {
    let server = Server::start().await;
    let [m1, m2] = server.cluster("eu", ClusterKind::Failover, ["m1", "m2"]).await;
    for master in [&m1, &m2] {
        master.report([accepted(&["web1", "web2"])]).await;
    }
    wanders(&server, &[&m1, &m2], "web2").await;
    wanders(&server, &[&m1, &m2, &m1], "web1").await;
    assert!(codes(&server, "eu").await.is_empty(), "two moves are a failover and a failback");
    wanders(&server, &[&m2], "web1").await;
    m1.beat().await.unwrap();
    let flapping = warning(&server, "eu", "minions_flapping").await;
    assert!(flapping.message.starts_with("1 minion changes its master"), "{flapping:?}");
    assert!(flapping.message.contains("\"web1\" (3 times)"), "{flapping:?}");
    assert!(flapping.fix.contains("master_alive_interval"), "{flapping:?}");
    for _ in 0..30 {
        server.clock.advance(20);
        m1.beat().await.unwrap();
        m2.beat().await.unwrap();
    }
    assert!(codes(&server, "eu").await.is_empty(), "it stayed where it is");
    server.stop().await;
}

#[tokio::test]
async fn a_hot_minion_is_on_every_master_and_does_not_flap() {
    let server = Server::start().await;
    let [h1, h2] = server.cluster("hot", ClusterKind::Hot, ["h1", "h2"]).await;
    for master in [&h1, &h2] {
        master.report([accepted(&["web1"])]).await;
    }
    wanders(&server, &[&h1, &h2, &h1, &h2, &h1, &h2], "web1").await;
    assert!(codes(&server, "hot").await.is_empty());
    server.stop().await;
}

#[tokio::test]
async fn a_master_that_goes_and_comes_is_named() {
    let server = Server::start().await;
    let [m1, m2] = server.cluster("eu", ClusterKind::Failover, ["m1", "m2"]).await;
    for times in 0..3 {
        assert!(codes(&server, "eu").await.is_empty(), "after {times} times");
        for _ in 0..2 {
            server.clock.advance(20);
            m1.beat().await.unwrap();
        }
        assert_eq!(codes(&server, "eu").await, ["master_lost"]);
        m2.beat().await.unwrap();
    }
    assert_eq!(codes(&server, "eu").await, ["master_flapping"]);
    let flapping = warning(&server, "eu", "master_flapping").await;
    assert!(
        flapping.message.starts_with("master \"m2\" went and came 3 times within 10 min"),
        "{flapping:?}"
    );
    for _ in 0..40 {
        server.clock.advance(20);
        m1.beat().await.unwrap();
        m2.beat().await.unwrap();
    }
    assert!(codes(&server, "eu").await.is_empty());
    server.stop().await;
}
