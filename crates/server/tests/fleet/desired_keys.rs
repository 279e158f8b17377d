//! Keys as cluster state: what was decided is carried out on masters that were away, join later or forgot it, and nothing is
//! written against what somebody did with salt-key.

use raas_api::minions::{
    DesiredKeyState, GetMinionKeyMatrix, GetMinionKeyMatrixParams, KeyCellState, MinionKeyAction,
    MinionKeyRow, SetMinionKeyState,
};
use raas_wire::{ClusterKind, KeyAction, KeyLists, Keys, KeysDone, Report, Work};

use super::{
    accepted, cluster, key,
    keys::{act, carry_out},
    warning,
};
use crate::support::{Plugin, Server, until};

fn lists(accepted: &[(&str, &str)], pending: &[(&str, &str)]) -> KeyLists {
    let all = |keys: &[(&str, &str)]| keys.iter().map(|(id, fingerprint)| key(id, fingerprint)).collect();
    KeyLists { accepted: all(accepted), pending: all(pending), ..KeyLists::default() }
}

async fn tells(plugin: &Plugin, lists: KeyLists) {
    plugin.report([Report::Keys(lists)]).await;
}

async fn wake(server: &Server) {
    let client = server.db.db().client().await.unwrap();
    raas_db::listen::notify(&client, raas_db::listen::WORK, "reconcile").await.unwrap();
}

/// Waits until this master is given key changes.
async fn given(server: &Server, plugin: &Plugin) -> Keys {
    until(&format!("{} is given key changes", plugin.master_id), async || {
        wake(server).await;
        let work = plugin.beat().await.unwrap();
        work.into_iter()
            .find_map(|work| if let Work::Keys(keys) = work { Some(keys) } else { None })
            .ok_or(String::new())
    })
    .await
}

/// After the reconciler surely looked, there is nothing for this master.
async fn nothing_for(server: &Server, plugin: &Plugin) {
    for _ in 0..10 {
        wake(server).await;
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        let work = plugin.beat().await.unwrap();
        assert!(!work.iter().any(|work| matches!(work, Work::Keys(_))), "{}: {work:?}", plugin.master_id);
    }
}

/// Accepts in the name of the cluster.
async fn accept(server: &Server, minion: &str) {
    let reply = server.call::<SetMinionKeyState>(&act(MinionKeyAction::Accept, &[("eu", minion)])).await;
    assert!(reply.results[0].done, "{reply:?}");
}

async fn row(server: &Server, minion: &str) -> MinionKeyRow {
    let params = GetMinionKeyMatrixParams {
        cluster_id: Some("eu".to_owned()),
        minion_id: Some(minion.to_owned()),
        ..GetMinionKeyMatrixParams::default()
    };
    let mut page = server.call::<GetMinionKeyMatrix>(&params).await;
    assert_eq!(page.count, 1, "{page:?}");
    page.results.remove(0)
}

/// `master state`, and the change that is under way there.
fn cells(row: &MinionKeyRow) -> Vec<String> {
    row.cells
        .iter()
        .map(|cell| {
            let change = cell.change.as_ref().map_or("", |_| " …");
            format!("{} {}{change}", cell.master_id, cell.state.as_str())
        })
        .collect()
}

/// Who needs a decision.
async fn undecided(server: &Server) -> Vec<String> {
    let params = GetMinionKeyMatrixParams { needs_decision: true, ..GetMinionKeyMatrixParams::default() };
    server.call::<GetMinionKeyMatrix>(&params).await.results.into_iter().map(|row| row.minion_id).collect()
}

/// m1 and m2, on both of which web1 is accepted through raas.
async fn decided(server: &Server) -> [Plugin; 2] {
    let masters = server.cluster("eu", ClusterKind::Failover, ["m1", "m2"]).await;
    tells(&masters[0], lists(&[], &[("web1", "aa")])).await;
    tells(&masters[1], lists(&[], &[])).await;
    assert_eq!(undecided(server).await, ["web1"]);
    accept(server, "web1").await;
    for master in &masters {
        let keys = given(server, master).await;
        carry_out(master, &keys, lists(&[("web1", "aa")], &[])).await;
    }
    masters
}

#[tokio::test]
async fn a_change_under_way_is_shown_until_it_is_seen() {
    let server = Server::start().await;
    let [m1, m2] = server.cluster("eu", ClusterKind::Failover, ["m1", "m2"]).await;
    tells(&m1, lists(&[], &[("web1", "aa")])).await;
    assert_eq!(cells(&row(&server, "web1").await), ["m1 pending", "m2 unknown"], "m2 has not told its keys");
    tells(&m2, lists(&[], &[])).await;
    assert_eq!(cells(&row(&server, "web1").await), ["m1 pending", "m2 absent"]);
    accept(&server, "web1").await;
    let now = row(&server, "web1").await;
    assert_eq!(cells(&now), ["m1 pending …", "m2 absent …"]);
    let desired = now.desired.unwrap();
    assert_eq!((desired.state, desired.fingerprint.as_deref()), (DesiredKeyState::Accepted, Some("aa")));
    assert_eq!(desired.by, "root");
    for master in [&m1, &m2] {
        let keys = given(&server, master).await;
        carry_out(master, &keys, lists(&[("web1", "aa")], &[])).await;
    }
    assert_eq!(cells(&row(&server, "web1").await), ["m1 accepted", "m2 accepted"]);
    assert!(undecided(&server).await.is_empty());
    server.stop().await;
}

#[tokio::test]
async fn a_master_that_joins_later_gets_the_keys_and_nothing_is_said_to_be_missing() {
    let server = Server::start().await;
    decided(&server).await;
    let m3 = server.plugin("m3").of("eu", ClusterKind::Failover);
    server.join(&m3).await;
    nothing_for(&server, &m3).await;
    tells(&m3, lists(&[], &[])).await;
    let codes =
        async || cluster(&server, "eu").await.warnings.into_iter().map(|one| one.code).collect::<Vec<_>>();
    assert!(!codes().await.contains(&"minion_keys_missing".to_owned()));
    let keys = given(&server, &m3).await;
    let change = &keys.changes[0];
    assert_eq!(
        (keys.changes.len(), change.minion_id.as_str(), change.action),
        (1, "web1", KeyAction::Accept)
    );
    assert_eq!(change.public_key.as_deref(), Some(key("web1", "aa").public_key.as_str()));
    carry_out(&m3, &keys, lists(&[("web1", "aa")], &[])).await;
    assert_eq!(cells(&row(&server, "web1").await), ["m1 accepted", "m2 accepted", "m3 accepted"]);
    nothing_for(&server, &m3).await;
    server.stop().await;
}

#[tokio::test]
async fn a_rebuilt_master_gets_the_keys_again() {
    let server = Server::start().await;
    let [m1, m2] = decided(&server).await;
    let rebuilt = server.plugin("m2").of("eu", ClusterKind::Failover);
    server.join(&rebuilt).await;
    m1.beat().await.unwrap();
    assert_eq!(cells(&row(&server, "web1").await), ["m1 accepted", "m2 unknown"]);
    tells(&rebuilt, lists(&[], &[])).await;
    let keys = given(&server, &rebuilt).await;
    assert_eq!(keys.changes[0].action, KeyAction::Accept);
    assert!(row(&server, "web1").await.desired.unwrap().suspended.is_none(), "a new disk is no salt-key -d");
    drop(m2);
    server.stop().await;
}

#[tokio::test]
async fn what_somebody_deletes_with_salt_key_is_not_written_again_until_an_operator_decides() {
    let server = Server::start().await;
    let [m1, m2] = decided(&server).await;
    tells(&m2, lists(&[], &[])).await;
    nothing_for(&server, &m2).await;
    let row_now = row(&server, "web1").await;
    assert_eq!(cells(&row_now), ["m1 accepted", "m2 absent"]);
    let why = row_now.desired.unwrap().suspended.unwrap().reason;
    assert!(why.contains("deleted on master \"m2\""), "{why}");
    let told = warning(&server, "eu", "minion_keys_suspended").await;
    assert!(told.message.contains("web1") && told.fix.contains("raas keys accept"), "{told:?}");
    assert_eq!(undecided(&server).await, ["web1"]);

    // A master that joins now gets nothing either.
    let m3 = server.plugin("m3").of("eu", ClusterKind::Failover);
    server.join(&m3).await;
    tells(&m3, lists(&[], &[])).await;
    nothing_for(&server, &m3).await;

    accept(&server, "web1").await;
    for master in [&m2, &m3] {
        let keys = given(&server, master).await;
        carry_out(master, &keys, lists(&[("web1", "aa")], &[])).await;
    }
    assert!(row(&server, "web1").await.desired.unwrap().suspended.is_none());
    m1.beat().await.unwrap();
    assert!(cluster(&server, "eu").await.warnings.is_empty());
    server.stop().await;
}

#[tokio::test]
async fn a_reject_with_salt_key_suspends_too_and_deleting_through_raas_ends_it() {
    let server = Server::start().await;
    let [m1, m2] = decided(&server).await;
    let rejected = KeyLists { rejected: vec![key("web1", "aa")], ..KeyLists::default() };
    tells(&m1, rejected).await;
    nothing_for(&server, &m1).await;
    assert!(
        warning(&server, "eu", "minion_keys_suspended").await.message.contains("rejected on master \"m1\"")
    );
    server.call::<SetMinionKeyState>(&act(MinionKeyAction::Delete, &[("eu", "web1")])).await;
    for master in [&m1, &m2] {
        let keys = given(&server, master).await;
        assert_eq!(keys.changes[0].action, KeyAction::Delete);
        carry_out(master, &keys, lists(&[], &[])).await;
    }
    // What comes later is somebody new: it waits, and is not deleted.
    tells(&m1, lists(&[], &[("web1", "bb")])).await;
    nothing_for(&server, &m1).await;
    assert_eq!(cells(&row(&server, "web1").await), ["m1 pending", "m2 absent"]);
    assert_eq!(undecided(&server).await, ["web1"]);
    server.stop().await;
}

#[tokio::test]
async fn a_master_that_comes_back_with_another_key_is_a_conflict_and_is_not_touched() {
    let server = Server::start().await;
    let [m1, m2] = server.cluster("eu", ClusterKind::Failover, ["m1", "m2"]).await;
    tells(&m1, lists(&[], &[("web1", "aa")])).await;
    tells(&m2, lists(&[], &[])).await;
    server.clock.advance(60);
    m1.beat().await.unwrap();
    accept(&server, "web1").await;
    let keys = given(&server, &m1).await;
    carry_out(&m1, &keys, lists(&[("web1", "aa")], &[])).await;
    // Meanwhile somebody accepted another key on m2; it tells so before anything else.
    tells(&m2, lists(&[("web1", "bb")], &[])).await;
    nothing_for(&server, &m2).await;
    let torn = row(&server, "web1").await;
    assert!(torn.conflict, "{torn:?}");
    assert_eq!(torn.cells[1].fingerprint.as_deref(), Some("bb"));
    let told = warning(&server, "eu", "minion_keys_conflict").await;
    assert!(
        told.message.contains("m1 has aa, m2 has bb") && told.message.contains("cluster is aa"),
        "{told:?}"
    );
    server.stop().await;
}

#[tokio::test]
async fn a_master_that_refuses_says_why_in_its_cell_and_is_asked_again_later() {
    let server = Server::start().await;
    let [m1, m2] = server.cluster("eu", ClusterKind::Failover, ["m1", "m2"]).await;
    tells(&m1, lists(&[("web1", "aa")], &[])).await;
    tells(&m2, lists(&[], &[])).await;
    accept(&server, "web1").await;
    let keys = given(&server, &m2).await;
    let why = "the disk is full".to_owned();
    let refused = vec![("web1".to_owned(), why.clone())];
    m2.report([Report::KeysDone(KeysDone { delivery_id: keys.delivery_id, done: Vec::new(), refused })])
        .await;
    let change = row(&server, "web1").await.cells[1].change.clone().unwrap();
    assert_eq!((change.action, change.error), (MinionKeyAction::Accept, Some(why)));
    let told = warning(&server, "eu", "minion_keys_not_written").await;
    assert!(told.message.contains("accept \"web1\" on \"m2\" (it refuses: the disk is full)"), "{told:?}");
    nothing_for(&server, &m2).await;

    for _ in 0..8 {
        server.clock.advance(20);
        m1.beat().await.unwrap();
        if m2.beat().await.unwrap().iter().any(|work| matches!(work, Work::Keys(_))) {
            break;
        }
    }
    let keys = again(&server, &m2).await;
    carry_out(&m2, &keys, lists(&[("web1", "aa")], &[])).await;
    m1.beat().await.unwrap();
    assert!(cluster(&server, "eu").await.warnings.is_empty());
    assert_eq!(cells(&row(&server, "web1").await), ["m1 accepted", "m2 accepted"]);
    server.stop().await;
}

/// The change is offered again, now or when its lease ends.
async fn again(server: &Server, plugin: &Plugin) -> Keys {
    server.clock.advance(12);
    given(server, plugin).await
}

#[tokio::test]
async fn a_rejected_key_is_rejected_wherever_it_comes_and_another_one_waits() {
    let server = Server::start().await;
    let [m1, m2] = server.cluster("eu", ClusterKind::Failover, ["m1", "m2"]).await;
    tells(&m1, lists(&[], &[("web1", "aa")])).await;
    tells(&m2, lists(&[], &[])).await;
    server.call::<SetMinionKeyState>(&act(MinionKeyAction::Reject, &[("eu", "web1")])).await;
    let keys = given(&server, &m1).await;
    let rejected = KeyLists { rejected: vec![key("web1", "aa")], ..KeyLists::default() };
    carry_out(&m1, &keys, rejected).await;
    nothing_for(&server, &m2).await;
    // It tries its luck with the other master.
    tells(&m2, lists(&[], &[("web1", "aa")])).await;
    let keys = given(&server, &m2).await;
    assert_eq!(keys.changes[0].action, KeyAction::Reject);
    tells(&m2, lists(&[], &[("web1", "bb")])).await;
    nothing_for(&server, &m2).await;
    assert_eq!(row(&server, "web1").await.cells[1].state, KeyCellState::Pending);
    assert_eq!(undecided(&server).await, ["web1"]);
    server.stop().await;
}

#[tokio::test]
async fn accepting_right_after_deleting_leaves_the_key_accepted_everywhere() {
    let server = Server::start().await;
    let [m1, m2] = decided(&server).await;
    server.call::<SetMinionKeyState>(&act(MinionKeyAction::Delete, &[("eu", "web1")])).await;
    // No master has done it yet, and the operator thinks again.
    accept(&server, "web1").await;
    for master in [&m1, &m2] {
        let work = master.beat().await.unwrap();
        let actions: Vec<KeyAction> = work
            .iter()
            .filter_map(|work| if let Work::Keys(keys) = work { Some(keys.changes[0].action) } else { None })
            .collect();
        assert_eq!(actions, [KeyAction::Delete, KeyAction::Accept], "in this order");
        tells(master, lists(&[], &[])).await; // seen between the two
        for work in &work {
            if let Work::Keys(keys) = work {
                let done = vec!["web1".to_owned()];
                let answer = KeysDone { delivery_id: keys.delivery_id, done, refused: Vec::new() };
                master.report([Report::KeysDone(answer)]).await;
            }
        }
        tells(master, lists(&[("web1", "aa")], &[])).await;
    }
    let row = row(&server, "web1").await;
    assert_eq!(cells(&row), ["m1 accepted", "m2 accepted"]);
    assert!(row.desired.unwrap().suspended.is_none());
    server.stop().await;
}

#[tokio::test]
async fn keys_that_nobody_decided_about_are_nobodys_business() {
    let server = Server::start().await;
    let [m1, m2] = server.cluster("eu", ClusterKind::Failover, ["m1", "m2"]).await;
    m1.report([accepted(&["web1"])]).await;
    m2.report([accepted(&[])]).await;
    nothing_for(&server, &m2).await;
    assert!(row(&server, "web1").await.desired.is_none());
    warning(&server, "eu", "minion_keys_missing").await;
    server.stop().await;
}
