//! A master makes itself known and waits; an operator decides; from then on it works.

use raas_api::{
    MasterKeyState, Presence,
    cluster::{GetClusters, GetClustersParams},
    master::{
        GetMasterKeys, GetMasterKeysParams, KeyActAction, MasterKeyAct, SetMasterKeyState,
        SetMasterKeyStateParams,
    },
};
use raas_wire::{ClusterKind, RefusalCode};

use crate::support::{Plugin, Server};

#[tokio::test]
async fn a_master_waits_until_an_operator_accepts_its_fingerprint() {
    let server = Server::start().await;
    let m1 = server.plugin("m1").of("eu-web", ClusterKind::Failover);
    let enrolled = m1.enroll().await.unwrap();
    assert_eq!(enrolled.state, MasterKeyState::Pending);
    assert!(enrolled.reason.unwrap().contains("waiting for an operator"));
    assert_eq!(m1.beat().await.unwrap_err().refusal.code, RefusalCode::NotAccepted);

    let keys = server.call::<GetMasterKeys>(&GetMasterKeysParams::default()).await;
    assert_eq!((keys[0].master_id.as_str(), keys[0].state), ("m1", MasterKeyState::Pending));
    assert_eq!(keys[0].fingerprint, m1.fingerprint());

    let acts = server.accept(&[&m1]).await;
    assert!(acts[0].done && acts[0].message.contains("failover cluster \"eu-web\""), "{acts:?}");
    assert_eq!(m1.enroll().await.unwrap().state, MasterKeyState::Accepted);
    assert!(m1.beat().await.unwrap().is_empty());

    let clusters = server.call::<GetClusters>(&GetClustersParams::default()).await;
    let master = &clusters.results[0].masters[0];
    assert_eq!((master.state, master.status), (MasterKeyState::Accepted, Presence::Present), "{master:?}");
    server.stop().await;
}
