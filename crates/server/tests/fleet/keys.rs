//! The cluster key act: one decision about a minion's key, carried out on every master of its cluster.

use raas_api::{
    MinionKeyState,
    master::{KeyActAction, SetMasterKeyState, SetMasterKeyStateParams},
    minions::{
        GetMinionKeyState, GetMinionKeyStateParams, MinionKeyAction, SetMinionKeyState,
        SetMinionKeyStateParams,
    },
};
use raas_wire::{ClusterKind, KeyAction, KeyLists, Keys, KeysDone, Report, Work};

use super::{accepted, key};
use crate::support::{Plugin, Server, until};

pub(crate) fn act(state: MinionKeyAction, pairs: &[(&str, &str)]) -> SetMinionKeyStateParams {
    SetMinionKeyStateParams {
        state,
        minions: pairs.iter().map(|(entity, minion)| ((*entity).to_owned(), (*minion).to_owned())).collect(),
        include_accepted: None,
        include_rejected: None,
        include_denied: None,
    }
}

/// The key changes that wait for this master.
async fn changes(plugin: &Plugin) -> Option<Keys> {
    match plugin.beat().await.unwrap().into_iter().next()? {
        Work::Keys(keys) => Some(keys),
        other => panic!("other work: {other:?}"),
    }
}

/// Carries them out and reports, as a plugin does.
pub(super) async fn carry_out(plugin: &Plugin, keys: &Keys, after: KeyLists) {
    let done = keys.changes.iter().map(|change| change.minion_id.clone()).collect();
    let answer = KeysDone { delivery_id: keys.delivery_id, done, refused: Vec::new() };
    plugin.report([Report::KeysDone(answer), Report::Keys(after)]).await;
}

/// `master minion state`, of all keys.
async fn matrix(server: &Server) -> Vec<String> {
    let page = server.call::<GetMinionKeyState>(&GetMinionKeyStateParams::default()).await;
    page.results.iter().map(|key| format!("{} {} {}", key.minion_id, key.master_id, key.key_state)).collect()
}

#[tokio::test]
async fn accepting_a_minion_writes_the_same_key_on_every_master_of_its_cluster() {
    let server = Server::start().await;
    let [m1, m2] = server.cluster("eu", ClusterKind::Failover, ["m1", "m2"]).await;
    let [other] = server.cluster("us", ClusterKind::Failover, ["m3"]).await;
    m1.report([Report::Keys(KeyLists { pending: vec![key("web1", "aa")], ..KeyLists::default() })]).await;
    m2.report([accepted(&[])]).await;

    let reply = server.call::<SetMinionKeyState>(&act(MinionKeyAction::Accept, &[("m1", "web1")])).await;
    assert_eq!((reply.results[0].cluster_id.as_deref(), reply.results[0].masters.len()), (Some("eu"), 2));
    assert_eq!((reply.results[0].fingerprint.as_deref(), reply.deliveries.len()), (Some("aa"), 2));
    for plugin in [&m1, &m2] {
        let keys = changes(plugin).await.unwrap();
        let change = &keys.changes[0];
        assert_eq!((change.minion_id.as_str(), change.action), ("web1", KeyAction::Accept));
        assert_eq!(change.public_key.as_deref(), Some(key("web1", "aa").public_key.as_str()));
        carry_out(plugin, &keys, KeyLists { accepted: vec![key("web1", "aa")], ..KeyLists::default() }).await;
    }
    assert!(changes(&other).await.is_none(), "another cluster has nothing to do with it");
    assert_eq!(matrix(&server).await, ["web1 m1 accepted", "web1 m2 accepted"]);
    server.clock.advance(11);
    assert!(changes(&m1).await.is_none(), "what was answered is not offered again");

    let again = server.call::<SetMinionKeyState>(&act(MinionKeyAction::Accept, &[("eu", "web1")])).await;
    assert!(again.results[0].done && again.deliveries.is_empty(), "{again:?}");
    server.stop().await;
}

#[tokio::test]
async fn a_master_that_is_away_makes_the_change_when_it_comes_back() {
    let server = Server::start().await;
    let [m1, m2] = server.cluster("eu", ClusterKind::Failover, ["m1", "m2"]).await;
    m1.report([Report::Keys(KeyLists { pending: vec![key("web1", "aa")], ..KeyLists::default() })]).await;
    server.clock.advance(30);
    m1.beat().await.unwrap();
    let reply = server.call::<SetMinionKeyState>(&act(MinionKeyAction::Accept, &[("eu", "web1")])).await;
    assert!(
        reply.results[0].message.contains("not there now") && reply.results[0].message.ends_with("m2"),
        "{reply:?}"
    );
    m2.report([accepted(&[])]).await;
    let keys = until("m2 is given the change when it is back", async || {
        changes(&m2).await.ok_or_else(|| "nothing".to_owned())
    })
    .await;
    assert_eq!(keys.changes[0].action, KeyAction::Accept);
    server.stop().await;
}

#[tokio::test]
async fn different_keys_block_the_act_and_both_are_shown() {
    let server = Server::start().await;
    let [m1, m2] = server.cluster("eu", ClusterKind::Failover, ["m1", "m2"]).await;
    m1.report([Report::Keys(KeyLists { accepted: vec![key("web1", "aa")], ..KeyLists::default() })]).await;
    m2.report([Report::Keys(KeyLists { pending: vec![key("web1", "bb")], ..KeyLists::default() })]).await;
    let refused = server.refused::<SetMinionKeyState>(&act(MinionKeyAction::Accept, &[("eu", "web1")])).await;
    assert_eq!(refused.code, 409);
    assert!(
        refused.message.contains("m1 has aa (accepted)") && refused.message.contains("m2 has bb (pending)")
    );
    assert!(changes(&m1).await.is_none() && changes(&m2).await.is_none());
    let page = server.call::<GetMinionKeyState>(&GetMinionKeyStateParams::default()).await;
    assert!(page.results.iter().all(|key| key.conflict), "{page:?}");
    server.stop().await;
}

#[tokio::test]
async fn what_names_no_minion_or_no_cluster_is_said_beside_what_is_done() {
    let server = Server::start().await;
    let [m1] = server.cluster("eu", ClusterKind::Hot, ["m1"]).await;
    let lists = KeyLists { pending: vec![key("web1", "aa"), key("web2", "cc")], ..KeyLists::default() };
    m1.report([Report::Keys(lists)]).await;
    let pairs = [("eu", "web1"), ("eu", "../master.pem"), ("moon", "web1"), ("eu", "web9"), ("m1", "web1")];
    let reply = server.call::<SetMinionKeyState>(&act(MinionKeyAction::Reject, &pairs)).await;
    assert_eq!(
        reply.results.iter().map(|one| one.done).collect::<Vec<_>>(),
        [true, false, false, false, true]
    );
    for (place, said) in [
        (0, "process exits"),
        (1, "plain file name"),
        (2, "neither a master nor a cluster"),
        (3, "no master"),
    ] {
        assert!(reply.results[place].message.contains(said), "{:?}", reply.results[place]);
    }
    let keys = changes(&m1).await.unwrap();
    assert_eq!(keys.changes.len(), 1, "named twice, done once: {keys:?}");
    assert_eq!(keys.changes[0].action, KeyAction::Reject);
    server.stop().await;
}

#[tokio::test]
async fn deleting_reaches_every_master_and_the_minion_is_forgotten_when_all_answered() {
    let server = Server::start().await;
    let [m1, m2] = server.cluster("eu", ClusterKind::Failover, ["m1", "m2"]).await;
    for plugin in [&m1, &m2] {
        plugin.report([accepted(&["web1", "web2"])]).await;
    }
    server.call::<SetMinionKeyState>(&act(MinionKeyAction::Delete, &[("eu", "web1")])).await;
    for plugin in [&m1, &m2] {
        let keys = changes(plugin).await.unwrap();
        assert_eq!(keys.changes[0].action, KeyAction::Delete);
        let left = KeyLists { accepted: vec![key("web2", "key-of-web2")], ..KeyLists::default() };
        carry_out(plugin, &keys, left).await;
    }
    assert_eq!(matrix(&server).await, ["web2 m1 accepted", "web2 m2 accepted"]);
    server.stop().await;
}

#[tokio::test]
async fn keys_are_searched_by_state_and_a_denied_one_stands_beside_the_first() {
    let server = Server::start().await;
    let [m1] = server.cluster("eu", ClusterKind::Hot, ["m1"]).await;
    let lists = KeyLists {
        accepted: vec![key("web1", "aa")],
        denied: vec![key("web1", "bb")],
        rejected: vec![key("web2", "cc")],
        ..KeyLists::default()
    };
    m1.report([Report::Keys(lists)]).await;
    assert_eq!(matrix(&server).await, ["web1 m1 accepted", "web1 m1 denied", "web2 m1 rejected"]);
    let params = GetMinionKeyStateParams {
        key_state: Some(MinionKeyState::Denied),
        ..GetMinionKeyStateParams::default()
    };
    let page = server.call::<GetMinionKeyState>(&params).await;
    assert_eq!((page.count, page.results[0].fingerprint.as_deref()), (1, Some("bb")));
    server.stop().await;
}

#[tokio::test]
async fn a_master_rejected_meanwhile_gets_no_work_on_the_call_it_holds() {
    let server = Server::start().await;
    let [m1] = server.cluster("eu", ClusterKind::Hot, ["m1"]).await;
    m1.report([Report::Keys(KeyLists { pending: vec![key("web1", "aa")], ..KeyLists::default() })]).await;
    let (held, ()) = tokio::join!(m1.commands(3_000), async {
        let reject = SetMasterKeyStateParams {
            masters: vec!["m1".to_owned()],
            action: KeyActAction::Reject,
            fingerprint: None,
        };
        // Queued for it, and in the same breath it is shut out: the call that is held must not see it.
        let client = server.db.db().client().await.unwrap();
        let uuid = raas_db::master::by_id(&client, "m1").await.unwrap().unwrap().master_uuid;
        server.call::<SetMasterKeyState>(&reject).await;
        let keys = Work::Keys(Keys { delivery_id: Server::uuid(), changes: Vec::new() });
        let delivery = raas_db::delivery::NewDelivery {
            delivery_id: keys.delivery_id(),
            jid: None,
            day: None,
            cluster_id: "eu".to_owned(),
            master_uuid: uuid,
            work: "keys",
            payload: serde_json::to_string(&keys).unwrap(),
            publish_before: server.now().checked_add(jiff::SignedDuration::from_secs(60)).unwrap(),
        };
        raas_db::delivery::insert(&client, server.now(), &[delivery]).await.unwrap();
        raas_db::listen::notify(&client, raas_db::listen::WORK, &uuid.to_string()).await.unwrap();
    });
    assert!(held.unwrap().is_empty());
    server.stop().await;
}
