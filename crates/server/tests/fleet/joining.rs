//! A master makes itself known and waits; an operator decides; from then on it works. No key replaces another in silence.

use raas_api::{
    MasterKeyState, Presence,
    master::{
        GetMasterKeys, GetMasterKeysParams, KeyActAction, MasterKey, SetMasterKeyState,
        SetMasterKeyStateParams,
    },
};
use raas_wire::{ClusterKind, RefusalCode, key};

use super::{cluster, warning};
use crate::support::Server;

async fn keys(server: &Server) -> Vec<MasterKey> {
    server.call::<GetMasterKeys>(&GetMasterKeysParams::default()).await
}

fn act(action: KeyActAction, master: &str, fingerprint: Option<String>) -> SetMasterKeyStateParams {
    SetMasterKeyStateParams { masters: vec![master.to_owned()], action, fingerprint }
}

#[tokio::test]
async fn a_master_waits_until_an_operator_accepts_its_fingerprint() {
    let server = Server::start().await;
    let m1 = server.plugin("m1").of("eu-web", ClusterKind::Failover);
    let enrolled = m1.enroll().await.unwrap();
    assert_eq!((enrolled.state, enrolled.master_uuid), (MasterKeyState::Pending, None));
    assert!(enrolled.reason.unwrap().contains("waiting for an operator"));
    assert_eq!(m1.beat().await.unwrap_err().refusal.code, RefusalCode::NotAccepted);
    let waiting = &keys(&server).await[0];
    assert_eq!((waiting.master_id.as_str(), waiting.state), ("m1", MasterKeyState::Pending));
    assert_eq!((&waiting.fingerprint, &enrolled.fingerprint), (&m1.fingerprint(), &m1.fingerprint()));
    let shown = cluster(&server, "eu-web").await.masters.remove(0);
    assert_eq!((shown.state, shown.status), (MasterKeyState::Pending, Presence::Unknown), "{shown:?}");
    warning(&server, "eu-web", "master_pending").await;

    let acts = server.accept(&[&m1]).await;
    assert!(acts[0].done && acts[0].message.contains("failover cluster \"eu-web\""), "{acts:?}");
    let enrolled = m1.enroll().await.unwrap();
    assert_eq!((enrolled.state, enrolled.reason), (MasterKeyState::Accepted, None));
    assert!(m1.beat().await.unwrap().is_empty());
    let cluster = cluster(&server, "eu-web").await;
    assert_eq!(
        (cluster.masters[0].state, cluster.masters[0].status),
        (MasterKeyState::Accepted, Presence::Present)
    );
    assert!(cluster.warnings.is_empty(), "{:?}", cluster.warnings);
    server.stop().await;
}

#[tokio::test]
async fn a_second_key_for_a_known_master_waits_beside_the_first() {
    let server = Server::start().await;
    let first = server.plugin("m1");
    server.join(&first).await;
    let second = server.plugin("m1");
    let enrolled = second.enroll().await.unwrap();
    assert_eq!(enrolled.state, MasterKeyState::Pending);
    let reason = enrolled.reason.unwrap();
    assert!(reason.contains(&first.fingerprint()) && reason.contains(&second.fingerprint()), "{reason}");
    first.beat().await.expect("the first works on");
    assert!(warning(&server, "m1", "second_key").await.message.contains(&second.fingerprint()));

    let refused = server.refused::<SetMasterKeyState>(&act(KeyActAction::Accept, "m1", None)).await;
    assert_eq!(refused.code, 409);
    let said = refused.message;
    assert!(said.contains(&first.fingerprint()) && said.contains(&second.fingerprint()), "{said}");
    first.beat().await.expect("the first still works on");

    let acts = server.accept(&[&second]).await;
    assert!(
        acts[0]
            .message
            .contains(&format!("the key {}, accepted before, is rejected now", first.fingerprint()))
    );
    assert_eq!(second.enroll().await.unwrap().state, MasterKeyState::Accepted);
    second.beat().await.unwrap();
    assert_eq!(first.beat().await.unwrap_err().refusal.code, RefusalCode::NotAccepted);
    assert_eq!(first.enroll().await.unwrap().state, MasterKeyState::Rejected);
    second.beat().await.expect("the rejected one does not come back by enrolling");
    server.stop().await;
}

#[tokio::test]
async fn of_several_keys_that_wait_none_is_taken_unnamed() {
    let server = Server::start().await;
    let (real, other) = (server.plugin("m1"), server.plugin("m1"));
    real.enroll().await.unwrap();
    other.enroll().await.unwrap();
    let refused = server.refused::<SetMasterKeyState>(&act(KeyActAction::Accept, "m1", None)).await;
    assert!(
        refused.message.contains("2 keys wait") && refused.message.contains(&real.fingerprint()),
        "{refused:?}"
    );
    let refused =
        server.refused::<SetMasterKeyState>(&act(KeyActAction::Accept, "m1", Some("beef".to_owned()))).await;
    assert!(refused.message.contains("never offered the key beef"), "{refused:?}");
    server.accept(&[&real]).await;
    assert_eq!(real.enroll().await.unwrap().state, MasterKeyState::Accepted);
    assert_eq!(other.enroll().await.unwrap().state, MasterKeyState::Pending);
    server.stop().await;
}

#[tokio::test]
async fn a_rejected_master_stays_out_until_it_is_accepted_and_a_deleted_key_waits_anew() {
    let server = Server::start().await;
    let m1 = server.plugin("m1");
    server.join(&m1).await;
    let acts = server.call::<SetMasterKeyState>(&act(KeyActAction::Reject, "m1", None)).await;
    assert!(acts[0].done && acts[0].message.contains("nothing of this master is taken any more"), "{acts:?}");
    let refused = m1.beat().await.unwrap_err();
    assert_eq!((refused.status, refused.refusal.code), (403, RefusalCode::NotAccepted));
    assert!(refused.refusal.message.contains("an operator (root) rejected"), "{}", refused.refusal.message);
    assert_eq!(m1.enroll().await.unwrap().state, MasterKeyState::Rejected);
    warning(&server, "m1", "master_refused").await;
    let refused = server.refused::<SetMasterKeyState>(&act(KeyActAction::Accept, "m1", None)).await;
    assert!(refused.message.contains("name a fingerprint to decide anew"), "{refused:?}");

    server.call::<SetMasterKeyState>(&act(KeyActAction::Delete, "m1", None)).await;
    assert!(keys(&server).await.is_empty());
    assert!(m1.beat().await.unwrap_err().refusal.message.contains("does not know the key"));
    assert_eq!(m1.enroll().await.unwrap().state, MasterKeyState::Pending);
    let acts = server.call::<SetMasterKeyState>(&act(KeyActAction::Accept, "m1", None)).await;
    assert_eq!(acts[0].fingerprint.as_deref(), Some(m1.fingerprint().as_str()));
    assert_eq!(m1.enroll().await.unwrap().state, MasterKeyState::Accepted);
    m1.beat().await.unwrap();
    server.stop().await;
}

#[tokio::test]
async fn a_decision_about_several_masters_says_what_was_done_for_each() {
    let server = Server::start().await;
    server.plugin("m1").enroll().await.unwrap();
    let params = SetMasterKeyStateParams {
        masters: vec!["m1".to_owned(), "m2".to_owned()],
        action: KeyActAction::Accept,
        fingerprint: None,
    };
    let acts = server.call::<SetMasterKeyState>(&params).await;
    assert_eq!(
        acts.iter().map(|act| (act.master_id.as_str(), act.done)).collect::<Vec<_>>(),
        [("m1", true), ("m2", false)]
    );
    assert!(acts[1].message.contains("no master \"m2\" is known"), "{acts:?}");
    server.stop().await;
}

#[tokio::test]
async fn a_change_of_cluster_makes_an_accepted_master_wait_again() {
    let server = Server::start().await;
    let m1 = server.plugin("m1").of("eu", ClusterKind::Hot);
    server.join(&m1).await;
    let moved = crate::support::Plugin { cluster_id: Some("us".to_owned()), ..m1 };
    let enrolled = moved.enroll().await.unwrap();
    assert_eq!(enrolled.state, MasterKeyState::Pending);
    let reason = enrolled.reason.unwrap();
    assert!(reason.contains("cluster \"eu\"") && reason.contains("cluster \"us\""), "{reason}");
    assert_eq!(moved.beat().await.unwrap_err().refusal.code, RefusalCode::NotAccepted);
    assert!(warning(&server, "eu", "master_pending").await.message.contains("cluster \"us\""));
    assert_eq!(moved.enroll().await.unwrap().reason.unwrap(), reason, "the reason stays while it waits");

    server.accept(&[&moved]).await;
    assert_eq!(moved.enroll().await.unwrap().state, MasterKeyState::Accepted);
    moved.beat().await.unwrap();
    assert_eq!(cluster(&server, "us").await.masters.len(), 1);
    server.stop().await;
}

#[tokio::test]
async fn one_key_under_two_names_makes_both_wait() {
    let server = Server::start().await;
    let m1 = server.plugin("m1");
    server.join(&m1).await;
    let renamed = crate::support::Plugin { key: key::from_random(&m1.key.to_bytes()), ..server.plugin("m9") };
    let enrolled = renamed.enroll().await.unwrap();
    assert_eq!(enrolled.state, MasterKeyState::Pending);
    let reason = enrolled.reason.unwrap();
    assert!(reason.contains("\"m1\"") && reason.contains("\"m9\""), "{reason}");
    assert_eq!(m1.beat().await.unwrap_err().refusal.code, RefusalCode::NotAccepted);
    server.accept(&[&renamed]).await;
    renamed.enroll().await.unwrap();
    renamed.beat().await.unwrap();
    server.stop().await;
}

#[tokio::test]
async fn keys_that_nobody_decides_about_are_forgotten_and_too_many_new_ones_come_back_later() {
    let server = Server::configured(|config| config.enroll.per_minute = 3).await;
    let early = server.plugin("early");
    early.enroll().await.unwrap();
    server.clock.advance(7201);
    assert!(keys(&server).await.is_empty(), "it stopped calling");
    for n in 0..3 {
        server.plugin(&format!("m{n}")).enroll().await.unwrap();
    }
    let refused = server.plugin("m3").enroll().await.unwrap_err();
    assert_eq!((refused.status, refused.refusal.code), (429, RefusalCode::TooMany));
    assert!(refused.refusal.message.contains("more than 3 new masters within a minute"));
    server.clock.advance(61);
    server.plugin("m3").enroll().await.unwrap();
    server.stop().await;
}

#[tokio::test]
async fn what_cannot_be_a_master_is_refused_before_anything_is_stored() {
    let server = Server::start().await;
    for (plugin, said) in [
        (server.plugin(""), "the master id is empty"),
        (server.plugin("a\nb"), "control characters"),
        (server.plugin(&"m".repeat(256)), "256 bytes, at most 255"),
        (server.plugin("m1").of("eu", ClusterKind::Single), "a single master has no cluster id"),
        (
            crate::support::Plugin { kind: ClusterKind::Hot, ..server.plugin("m1") },
            "needs a cluster id: set sseapi_cluster_id",
        ),
    ] {
        let refused = plugin.enroll().await.unwrap_err();
        assert_eq!((refused.status, refused.refusal.code), (400, RefusalCode::Malformed));
        assert!(refused.refusal.message.contains(said), "{}", refused.refusal.message);
    }
    assert!(keys(&server).await.is_empty());
    server.stop().await;
}
