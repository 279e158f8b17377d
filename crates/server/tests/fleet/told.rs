//! What is told of masters and minions from outside: grains searched and saved, key states, updates of plugins.

use raas_api::{
    MinionKeyState,
    master::{
        GetMasterDetails, GetMasterDetailsParams, GetMasterGrains, GetMasterGrainsParams, GetPluginStatus,
        GetPluginStatusParams, PluginStatus, SaveMaster, SaveMasterParams, SetPluginStatus,
        SetPluginStatusParams,
    },
    minions::{
        DeleteMinionCache, DeleteMinionCacheParams, DeleteMinionKeyState, DeleteMinionKeyStateParams,
        GetMinionDetails, GetMinionDetailsParams, GetMinionGrainKeys, GetMinionGrainKeysParams,
        GetMinionGrainValues, GetMinionGrainValuesParams, GetMinionKeyState, GetMinionKeyStateParams,
        KeyStateLists, SaveMinionKeyState, SaveMinionKeyStateParams,
    },
};
use raas_wire::{ClusterKind, Grains, Report};
use serde_json::{Value, json};

use super::accepted;
use crate::support::{Plugin, Server};

fn grains(minion_id: &str, value: &Value) -> Report {
    Report::Grains(Grains { minion_id: minion_id.to_owned(), grains: value.into() })
}

/// A cluster with three minions: two on Linux, one of unknown grains.
async fn three(server: &Server) -> [Plugin; 2] {
    let masters = server.cluster("eu", ClusterKind::Failover, ["m1", "m2"]).await;
    masters[0]
        .report([
            accepted(&["db1", "web1", "web2"]),
            grains("web1", &json!({"kernel": "Linux", "num_cpus": 4, "ipv4": ["10.0.0.1", "127.0.0.1"]})),
            grains("web2", &json!({"kernel": "Linux", "num_cpus": 2, "ipv4": ["10.0.0.2", "127.0.0.1"]})),
        ])
        .await;
    masters
}

/// Ids, in the order of the page.
async fn ids(server: &Server, params: Value) -> Vec<String> {
    let params: GetMinionDetailsParams = serde_json::from_value(params).unwrap();
    let page = server.call::<GetMinionDetails>(&params).await;
    assert_eq!(page.count, i64::try_from(page.results.len()).unwrap());
    page.results.into_iter().map(|one| one.minion_id).collect()
}

#[tokio::test]
async fn minions_are_found_by_their_grains_and_sorted_by_any() {
    let server = Server::start().await;
    three(&server).await;
    assert_eq!(ids(&server, json!({})).await, ["db1", "web1", "web2"]);
    assert_eq!(ids(&server, json!({"minion_id": "eb"})).await, ["web1", "web2"], "a part of the id");
    assert_eq!(ids(&server, json!({"minion_id": "*1"})).await, ["db1", "web1"], "a glob");
    assert_eq!(ids(&server, json!({"minion_id": "eb", "exact_match": true})).await, [""; 0]);
    let linux = json!({"grains": {"kernel": "Linux"}, "sort_by": "num_cpus"});
    assert_eq!(ids(&server, linux).await, ["web2", "web1"]);
    let both = json!({"grains": {"kernel": "Linux", "num_cpus": 4}});
    assert_eq!(ids(&server, both).await, ["web1"]);
    assert_eq!(ids(&server, json!({"grains": {"ipv4": ["10.0.0.2"]}})).await, ["web2"]);
    assert_eq!(ids(&server, json!({"sort_by": "num_cpus", "reverse": true})).await, ["web1", "web2", "db1"]);
    let file = server.raw("minions.get_minion_details", json!([]), json!({"response_file": "x.csv"})).await;
    assert_eq!(file.unwrap_err().detail["parameter"], "response_file");

    let keys = server.call::<GetMinionGrainKeys>(&GetMinionGrainKeysParams::default()).await;
    assert_eq!(keys, ["ipv4", "kernel", "num_cpus"]);
    let of = |key: &str| GetMinionGrainValuesParams { key: key.to_owned(), ..Default::default() };
    assert_eq!(server.call::<GetMinionGrainValues>(&of("kernel")).await, [json!("Linux")]);
    assert_eq!(server.call::<GetMinionGrainValues>(&of("num_cpus")).await, [json!(2), json!(4)]);
    assert_eq!(server.call::<GetMinionGrainValues>(&of("no_such")).await.len(), 0);
    let nul = server.refused::<GetMinionGrainValues>(&of("no\0such")).await;
    assert!(nul.code == 422 && nul.message.contains("NUL"), "{nul:?}");
    server.stop().await;
}

#[tokio::test]
async fn grains_are_forgotten_and_told_in_place_of_a_master() {
    let server = Server::start().await;
    three(&server).await;
    let one =
        DeleteMinionCacheParams { master_id: Some("eu".to_owned()), minion_id: Some("web1".to_owned()) };
    assert_eq!(server.call::<DeleteMinionCache>(&one).await.deleted, 1);
    assert_eq!(server.call::<DeleteMinionCache>(&one).await.deleted, 0);
    assert_eq!(server.refused::<DeleteMinionCache>(&DeleteMinionCacheParams::default()).await.code, 422);
    let delta = json!({"update": {"web1": {"kernel": "L\0inux"}, "ghost": {}}, "delete": ["web2"]});
    let saved = server.raw("minions.save_minion_cache", json!(["m1", delta]), json!({})).await.unwrap();
    assert_eq!(saved, json!({"updated": 1, "deleted": 1, "ignored": ["ghost"]}));
    assert_eq!(ids(&server, json!({"grains": {"kernel": "Linux"}})).await, ["web1"]);
    let nobody = server.raw("minions.save_minion_cache", json!(["m9", delta]), json!({})).await.unwrap_err();
    assert_eq!(nobody.code, 404);
    server.stop().await;
}

#[tokio::test]
async fn key_states_told_without_keys_follow_for_known_keys_only() {
    let server = Server::start().await;
    three(&server).await;
    let keys = KeyStateLists {
        minions: vec!["web1".to_owned(), "ghost".to_owned()],
        minions_pre: vec!["web2".to_owned()],
        ..KeyStateLists::default()
    };
    let params = SaveMinionKeyStateParams { master_id: "m1".to_owned(), keys };
    let saved = server.call::<SaveMinionKeyState>(&params).await;
    assert_eq!((saved.changed, saved.gone, saved.ignored), (1, 1, vec!["ghost".to_owned()]));
    let page = server.call::<GetMinionKeyState>(&GetMinionKeyStateParams::default()).await;
    let shown: Vec<_> = page.results.iter().map(|key| (key.minion_id.as_str(), key.key_state)).collect();
    assert_eq!(shown, [("web1", MinionKeyState::Accepted), ("web2", MinionKeyState::Pending)]);
    assert_eq!(page.results[1].fingerprint.as_deref(), Some("key-of-web2"), "the key itself is still known");
    let lists =
        json!({"minions": ["web1"], "minions_pre": ["web1"], "minions_rejected": [], "minions_denied": []});
    let twice = server.raw("minions.save_minion_key_state", json!(["m1", lists]), json!({})).await;
    assert!(twice.unwrap_err().message.contains("\"web1\" is said to be accepted and pending"));

    let m1 = DeleteMinionKeyStateParams { master_id: Some("m1".to_owned()) };
    assert_eq!(server.call::<DeleteMinionKeyState>(&m1).await.deleted, 2);
    let page = server.call::<GetMinionKeyState>(&GetMinionKeyStateParams::default()).await;
    assert_eq!(page.count, 0, "{page:?}");
    server.stop().await;
}

#[tokio::test]
async fn grains_of_masters_are_saved_for_masters_that_were_accepted() {
    let server = Server::start().await;
    three(&server).await;
    let save = |master_id: &str, cluster_id: Option<&str>| SaveMasterParams {
        master_id: Some(master_id.to_owned()),
        cluster_id: cluster_id.map(str::to_owned),
        master_uuid: None,
        grains: Some(serde_json::from_value(json!({"os": "Debian", "host": "eu-1"})).unwrap()),
    };
    let uuid = server.call::<SaveMaster>(&save("m1", Some("eu"))).await;
    let refused = server.refused::<SaveMaster>(&save("m1", Some("us"))).await;
    assert!(refused.message.contains("\"eu\", for which its key was accepted"), "{}", refused.message);
    let unknown = server.refused::<SaveMaster>(&save("m9", None)).await;
    assert!(unknown.message.contains("\"m9\"") && unknown.message.contains("save_master_key"), "{unknown:?}");

    let m1 = GetMasterGrainsParams { master_id: Some("m1".to_owned()), ..Default::default() };
    let cluster = server.call::<GetMasterGrains>(&m1).await;
    assert_eq!(cluster.keys().collect::<Vec<_>>(), ["m1", "m2"], "the whole cluster");
    let expected = json!({"host": "eu-1", "id": "m1", "os": "Debian", "saltversion": "3007.1"});
    assert_eq!(json!(cluster["m1"].grains), expected);
    let alone = GetMasterGrainsParams { master_uuid: Some(uuid), split_cluster: true, ..Default::default() };
    assert_eq!(server.call::<GetMasterGrains>(&alone).await.keys().collect::<Vec<_>>(), ["m1"]);
    server.stop().await;
}

#[tokio::test]
async fn what_was_recorded_of_a_plugin_holds_until_it_comes_with_another_version() {
    let server = Server::start().await;
    let [m1, _m2] = three(&server).await;
    let params = SetPluginStatusParams {
        master_id: "m1".to_owned(),
        status: PluginStatus::Restarting,
        last_update_jid: Some("20260101000000000001".parse().unwrap()),
        log_messages: Some("stopping salt-master".to_owned()),
    };
    assert!(server.call::<SetPluginStatus>(&params).await);
    let status = server.call::<GetPluginStatus>(&GetPluginStatusParams::default()).await;
    let shown: Vec<_> =
        status.results.iter().map(|one| (one.master_id.as_str(), one.plugin_status)).collect();
    assert_eq!(shown, [("m1", PluginStatus::Restarting), ("m2", PluginStatus::UpToDate)]);
    assert_eq!(status.results[0].log_messages.as_deref(), Some("stopping salt-master"));
    let details = server.call::<GetMasterDetails>(&GetMasterDetailsParams::default()).await;
    assert_eq!(details.results[0].plugin_status, PluginStatus::Restarting);
    assert_eq!(details.results[0].last_update_jid.as_deref(), Some("20260101000000000001"));

    let mut m1 = m1;
    m1.facts.plugin_version = "0.0.1".to_owned();
    m1.enroll().await.unwrap();
    let only = GetPluginStatusParams {
        plugin_status: Some(vec![PluginStatus::NeedsUpdate]),
        ..GetPluginStatusParams::default()
    };
    assert_eq!(server.call::<GetPluginStatus>(&only).await.results[0].master_id, "m1");
    server.stop().await;
}

#[tokio::test]
async fn what_is_not_here_says_why_and_what_to_do_instead() {
    let server = Server::start().await;
    for (name, word) in [
        ("master.deploy_master", "raas-plugin install"),
        ("master.update_plugin", "get_plugin_versions"),
        ("license.get_license", "needs no licence"),
        ("vman.ping", "not part of this server"),
    ] {
        let error = server.raw(name, json!([]), json!({})).await.unwrap_err();
        assert_eq!(error.code, 404);
        assert!(error.message.starts_with(&format!("{name} is not here: ")), "{}", error.message);
        assert!(error.message.contains(word), "{}", error.message);
    }
    let none = server.raw("master.get_master_deployments", json!([]), json!({})).await.unwrap();
    assert_eq!(none, json!({"count": 0, "limit": 50, "results": []}));
    server.stop().await;
}
