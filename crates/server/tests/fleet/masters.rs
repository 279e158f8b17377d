//! Masters as operators see them: presence, details, keys decided about before they call, masters that are forgotten.

use raas_api::{
    MasterKeyState, Presence,
    cluster::{GetClusters, GetClustersParams, Kind},
    master::{
        DeleteMaster, DeleteMasterParams, GetMasterDetails, GetMasterDetailsParams, GetMasterPresence,
        GetMasterPresenceParams, MasterDetailsSort, PluginStatus, PreseedState, SaveMasterKey,
        SaveMasterKeyParams,
    },
};
use raas_wire::{ClusterKind, Gap, Report, SaltState, key};

use super::{accepted, minion};
use crate::support::{Plugin, Server};

fn preseed(plugin: &Plugin, state: PreseedState) -> SaveMasterKeyParams {
    SaveMasterKeyParams {
        title: plugin.master_id.clone(),
        public_key: key::public_to_pem(&plugin.key.verifying_key()).unwrap(),
        state,
        cluster_id: None,
        kind: None,
    }
}

#[tokio::test]
async fn a_master_is_present_only_while_its_plugin_calls_and_salt_answers() {
    let server = Server::start().await;
    let [m1, m2] = server.cluster("eu", ClusterKind::Failover, ["m1", "m2"]).await;
    let m2 = Plugin { salt: SaltState::Orphaned, ..m2 };
    m2.beat().await.unwrap();
    let page = server.call::<GetMasterPresence>(&GetMasterPresenceParams::default()).await;
    let [one, two] = page.results.try_into().unwrap();
    assert_eq!(
        (one.master_id.as_str(), one.status, one.cluster_id.as_str()),
        ("m1", Presence::Present, "eu")
    );
    assert_eq!(two.status, Presence::Lost);
    assert!(two.reason.contains("restart salt-master"), "{}", two.reason);

    server.clock.advance(26);
    m2.beat().await.unwrap();
    let lost = GetMasterPresenceParams {
        status: Some(Presence::Lost),
        reverse: true,
        ..GetMasterPresenceParams::default()
    };
    let page = server.call::<GetMasterPresence>(&lost).await;
    let shown: Vec<_> = page.results.iter().map(|one| one.master_id.as_str()).collect();
    assert_eq!(shown, ["m2", "m1"]);
    assert!(page.results[1].age_s >= Some(26) && page.results[1].reason.contains("limit 25 s"), "{page:?}");
    m1.beat().await.unwrap();
    assert_eq!(server.call::<GetMasterPresence>(&lost).await.count, 1);
    server.stop().await;
}

#[tokio::test]
async fn details_show_accepted_masters_and_those_that_wait() {
    let server = Server::start().await;
    let [mut m1] = server.cluster("eu", ClusterKind::Hot, ["m1"]).await;
    "0.0.1".clone_into(&mut m1.facts.plugin_version);
    m1.enroll().await.unwrap();
    let beat = m1.signed(
        "GET",
        &m1.commands_path(0, |beat| {
            (beat.spool_records, beat.spool_oldest_s, beat.connections) = (7, 3, Some(2));
        }),
        Vec::new(),
    );
    m1.send::<serde_json::Value>(&beat).await.unwrap();
    let at = m1.now();
    m1.report([Report::Gap(Gap { from: at, to: at, count: Some(12), why: "the spool was full".to_owned() })])
        .await;
    server.plugin("m2").of("us", ClusterKind::Failover).enroll().await.unwrap();

    let page = server.call::<GetMasterDetails>(&GetMasterDetailsParams::default()).await;
    let [one, two] = page.results.try_into().unwrap();
    assert_eq!(
        (one.state, one.presence_status, one.kind),
        (MasterKeyState::Accepted, Presence::Present, Kind::Hot)
    );
    assert_eq!((one.plugin_status, one.salt_version.as_deref()), (PluginStatus::NeedsUpdate, Some("3007.1")));
    assert_eq!((one.spool_records, one.spool_oldest_s, one.connections), (Some(7), Some(3), Some(2)));
    assert_eq!((one.gaps[0].count, one.gaps[0].why.as_str()), (Some(12), "the spool was full"));
    assert_eq!((two.state, two.uuid, two.cluster_id.as_str()), (MasterKeyState::Pending, None, "us"));
    assert_eq!((two.plugin_status, two.kind), (PluginStatus::UpToDate, Kind::Failover));
    server.stop().await;
}

#[tokio::test]
async fn masters_are_searched_and_sorted() {
    let server = Server::start().await;
    let [mut m1] = server.cluster("eu", ClusterKind::Hot, ["m1"]).await;
    "0.0.1".clone_into(&mut m1.facts.plugin_version);
    m1.enroll().await.unwrap();
    server.plugin("m2").of("us", ClusterKind::Failover).enroll().await.unwrap();
    for (filter, expected) in [
        (GetMasterDetailsParams { master_id: Some("*1".to_owned()), ..Default::default() }, vec!["m1"]),
        (GetMasterDetailsParams { cluster_id: Some("us".to_owned()), ..Default::default() }, vec!["m2"]),
        (GetMasterDetailsParams { state: Some(MasterKeyState::Pending), ..Default::default() }, vec!["m2"]),
        (GetMasterDetailsParams { status: Some(Presence::Present), ..Default::default() }, vec!["m1"]),
        (
            GetMasterDetailsParams { salt_version: Some("3007*".to_owned()), ..Default::default() },
            vec!["m1", "m2"],
        ),
        (
            GetMasterDetailsParams {
                plugin_status: Some(vec![PluginStatus::UpToDate]),
                ..Default::default()
            },
            vec!["m2"],
        ),
        (
            GetMasterDetailsParams {
                sort_by: Some(MasterDetailsSort::ClusterId),
                reverse: true,
                limit: 1,
                ..Default::default()
            },
            vec!["m2"],
        ),
    ] {
        let page = server.call::<GetMasterDetails>(&filter).await;
        let ids: Vec<_> = page.results.iter().map(|one| one.master_id.as_str()).collect();
        assert_eq!(ids, expected, "{filter:?}");
    }
    server.stop().await;
}

#[tokio::test]
async fn a_key_decided_about_before_its_master_calls_is_taken_at_once() {
    let server = Server::start().await;
    let m1 = server.plugin("m1").of("eu", ClusterKind::Failover);
    assert!(server.call::<SaveMasterKey>(&preseed(&m1, PreseedState::Accept)).await);
    assert_eq!(
        m1.enroll().await.unwrap().state,
        MasterKeyState::Accepted,
        "its first enrolment says its cluster"
    );
    m1.beat().await.unwrap();
    let moved = Plugin { cluster_id: Some("us".to_owned()), ..m1 };
    assert_eq!(moved.enroll().await.unwrap().state, MasterKeyState::Pending, "which binds it");

    let m2 = server.plugin("m2").of("us", ClusterKind::Failover);
    let bound = SaveMasterKeyParams {
        cluster_id: Some("eu".to_owned()),
        kind: Some(Kind::Failover),
        ..preseed(&m2, PreseedState::Accept)
    };
    server.call::<SaveMasterKey>(&bound).await;
    let enrolled = m2.enroll().await.unwrap();
    assert_eq!(enrolled.state, MasterKeyState::Pending);
    assert!(
        enrolled.reason.unwrap().contains("was accepted with cluster \"eu\", now declares cluster \"us\"")
    );

    let m3 = server.plugin("m3");
    server.call::<SaveMasterKey>(&preseed(&m3, PreseedState::Reject)).await;
    assert_eq!(m3.enroll().await.unwrap().state, MasterKeyState::Rejected);
    server.stop().await;
}

#[tokio::test]
async fn a_key_given_beforehand_replaces_none_and_must_be_one() {
    let server = Server::start().await;
    let [m1] = server.cluster("eu", ClusterKind::Failover, ["m1"]).await;
    let other = server.plugin("m1");
    let refused = server.refused::<SaveMasterKey>(&preseed(&other, PreseedState::Accept)).await;
    assert_eq!(refused.code, 409);
    assert!(refused.message.contains(&m1.fingerprint()) && refused.message.contains(&other.fingerprint()));
    let same_key = SaveMasterKeyParams { title: "m2".to_owned(), ..preseed(&m1, PreseedState::Accept) };
    let refused = server.refused::<SaveMasterKey>(&same_key).await;
    assert!(refused.message.contains("\"m1\"") && refused.message.contains("\"m2\""), "{refused:?}");
    let m3 = server.plugin("m3");
    for (params, said) in [
        (
            SaveMasterKeyParams {
                public_key: "ssh-ed25519 AAAA".to_owned(),
                ..preseed(&m3, PreseedState::Accept)
            },
            "Ed25519",
        ),
        (
            SaveMasterKeyParams { title: " m3".to_owned(), ..preseed(&m3, PreseedState::Accept) },
            "spaces at its ends",
        ),
        (
            SaveMasterKeyParams { cluster_id: Some("us".to_owned()), ..preseed(&m3, PreseedState::Accept) },
            "give its kind",
        ),
        (
            SaveMasterKeyParams { kind: Some(Kind::Hot), ..preseed(&m3, PreseedState::Accept) },
            "needs a cluster_id",
        ),
        (
            SaveMasterKeyParams {
                cluster_id: Some("eu".to_owned()),
                kind: Some(Kind::Hot),
                ..preseed(&m3, PreseedState::Accept)
            },
            "cluster \"eu\" is failover, but this master declares hot",
        ),
    ] {
        let refused = server.refused::<SaveMasterKey>(&params).await;
        assert!(refused.message.contains(said), "{refused:?}");
    }
    server.stop().await;
}

#[tokio::test]
async fn a_forgotten_master_takes_what_only_it_knew_and_the_last_one_its_cluster() {
    let server = Server::start().await;
    let [m1, m2] = server.cluster("eu", ClusterKind::Failover, ["m1", "m2"]).await;
    m1.report([accepted(&["web1", "web2"])]).await;
    m2.report([accepted(&["web2"])]).await;
    let gone = DeleteMasterParams { master_id: Some("m1".to_owned()), master_uuid: None };
    let deleted = server.call::<DeleteMaster>(&gone).await;
    assert_eq!((deleted.keys, deleted.cluster_id), (1, None));
    assert_eq!(minion(&server, "web*").await.minion, "web2");
    assert_eq!(m1.enroll().await.unwrap().state, MasterKeyState::Pending, "who still runs waits again");
    let refused = server.refused::<DeleteMaster>(&DeleteMasterParams::default()).await;
    assert!(refused.message.contains("either master_id or master_uuid"));

    let page = server.call::<GetMasterPresence>(&GetMasterPresenceParams::default()).await;
    let last = DeleteMasterParams { master_id: None, master_uuid: Some(page.results[0].uuid) };
    assert_eq!(server.call::<DeleteMaster>(&last).await.cluster_id.as_deref(), Some("eu"));
    assert_eq!(server.refused::<DeleteMaster>(&last).await.code, 404);
    server.call::<DeleteMaster>(&gone).await;
    assert_eq!(server.call::<GetClusters>(&GetClustersParams::default()).await.count, 0);
    server.stop().await;
}
