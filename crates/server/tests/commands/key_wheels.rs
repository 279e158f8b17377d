//! A wheel that changes keys is the cluster key act, whoever calls it however.

use raas_api::{
    CommandKind, CommandState, Jid, MinionKeyState,
    cmd::{GetCmds, RouteCmd, RouteCmdArg, RouteCmdParams},
    minions::{GetMinionKeyState, GetMinionKeyStateParams},
    ret::{GetJid, GetJidParams},
};
use raas_wire::{ClusterKind::Failover, KeyAction, KeyLists, KeyOfMinion, Report, Work};
use serde_json::{Value, json};

use super::watch::{ends, status};
use crate::support::{Plugin, Server};

fn key(minion_id: &str, fingerprint: &str) -> KeyOfMinion {
    let (minion_id, fingerprint) = (minion_id.to_owned(), fingerprint.to_owned());
    KeyOfMinion { minion_id, public_key: format!("pem {fingerprint}"), fingerprint }
}

fn wheel(fun: &str, masters: &[&str], arg: Value) -> RouteCmdParams {
    RouteCmdParams {
        cmd: Some(CommandKind::Wheel),
        fun: Some(fun.to_owned()),
        masters: Some(masters.iter().map(|id| (*id).to_owned()).collect()),
        arg: Some(serde_json::from_value::<RouteCmdArg>(arg).unwrap()),
        ..RouteCmdParams::default()
    }
}

/// `minion action`, of all key changes that wait for this master.
async fn asked(plugin: &Plugin) -> Vec<(String, KeyAction)> {
    let work = plugin.beat().await.unwrap();
    assert!(!work.iter().any(|work| matches!(work, Work::Run(_))), "no master runs the wheel: {work:?}");
    let keys =
        work.into_iter().filter_map(|work| if let Work::Keys(keys) = work { Some(keys) } else { None });
    keys.flat_map(|keys| keys.changes).map(|change| (change.minion_id, change.action)).collect()
}

async fn answer(server: &Server, jid: &Jid) -> serde_json::Map<String, Value> {
    let answer = server.call::<GetJid>(&GetJidParams { jid: jid.clone(), master_id: None }).await;
    serde_json::to_value(answer).unwrap().as_object().unwrap().clone()
}

async fn two_clusters(server: &Server) -> [Plugin; 3] {
    let [m1, m2] = server.cluster("eu", Failover, ["m1", "m2"]).await;
    let [m3] = server.cluster("us", Failover, ["m3"]).await;
    let pending = vec![key("web1", "aa"), key("web2", "bb"), key("db1", "cc")];
    m1.report([Report::Keys(KeyLists { pending, ..KeyLists::default() })]).await;
    m2.report([Report::Keys(KeyLists::default())]).await;
    m3.report([Report::Keys(KeyLists { pending: vec![key("web9", "dd")], ..KeyLists::default() })]).await;
    [m1, m2, m3]
}

#[tokio::test]
async fn accepting_with_a_glob_decides_for_every_master_of_every_cluster_and_answers_as_salt_does() {
    let server = Server::start().await;
    let [m1, m2, m3] = two_clusters(&server).await;
    let params = wheel("key.accept", &["*"], json!({"arg": ["web*"]}));
    let jid = server.call::<RouteCmd>(&params).await;
    let ended = ends(&server, &jid, CommandState::CompletedAllSuccessful).await;
    assert_eq!(ended.expected, 2, "one outcome per cluster");
    let answer = answer(&server, &jid).await;
    assert_eq!(answer["eu"], json!({"minions": ["web1", "web2"]}));
    assert_eq!(answer["us"], json!({"minions": ["web9"]}));
    let both = ["web1", "web2"].map(|id| (id.to_owned(), KeyAction::Accept));
    assert_eq!(asked(&m1).await, both);
    assert_eq!(asked(&m2).await, both, "also where they never called");
    assert_eq!(asked(&m3).await, [("web9".to_owned(), KeyAction::Accept)]);
    server.stop().await;
}

#[tokio::test]
async fn lists_reject_and_delete_mean_what_they_mean_in_salt() {
    let server = Server::start().await;
    let [m1, m2, _m3] = two_clusters(&server).await;
    let params = wheel("key.reject_dict", &["m1"], json!({"arg": [{"minions_pre": ["db1", "nobody"]}]}));
    let reply = server.root.call::<RouteCmd>(&params).await.unwrap();
    assert!(reply.warnings.iter().any(|said| said.contains("all masters of \"eu\"")), "{reply:?}");
    assert_eq!(answer(&server, &reply.ret).await["eu"], json!({"minions_rejected": ["db1"]}));
    assert_eq!(asked(&m1).await, [("db1".to_owned(), KeyAction::Reject)]);

    let jid =
        server.call::<RouteCmd>(&wheel("key.delete", &["eu"], json!({"kwarg": {"match": "web1"}}))).await;
    assert_eq!(answer(&server, &jid).await["eu"], json!({}));
    assert_eq!(asked(&m2).await, [("web1".to_owned(), KeyAction::Delete)]);
    let jid = server.call::<RouteCmd>(&wheel("key.accept", &["eu"], json!({"arg": ["moon*"]}))).await;
    assert!(status(&server, &jid).await.done, "what means nobody is done at once");
    server.stop().await;
}

#[tokio::test]
async fn what_cannot_be_done_for_a_cluster_is_refused_or_fails_with_the_reason() {
    let server = Server::start().await;
    let [m1, m2, _m3] = two_clusters(&server).await;
    let refused = server.refused::<RouteCmd>(&wheel("key.accept", &["eu"], json!({}))).await;
    assert!(refused.message.contains("raas keys"), "{refused:?}");
    let refused = server.refused::<RouteCmd>(&wheel("key.accept", &["moon"], json!({"arg": ["*"]}))).await;
    assert_eq!(refused.code, 404);

    m2.report([Report::Keys(KeyLists { pending: vec![key("web1", "other")], ..KeyLists::default() })]).await;
    let params = wheel("key.accept", &["eu"], json!({"arg": ["*"]}));
    let reply = server.root.call::<RouteCmd>(&params).await.unwrap();
    assert!(
        reply.warnings.iter().any(|said| said.contains("different keys for minion \"web1\"")),
        "{reply:?}"
    );
    ends(&server, &reply.ret, CommandState::CompletedFailures).await;
    assert_eq!(answer(&server, &reply.ret).await["eu"], json!({"minions": ["db1", "web2"]}));
    let cmds = server.call::<GetCmds>(&serde_json::from_value(json!({"jid": reply.ret})).unwrap()).await;
    assert_eq!(cmds.results[0].warnings, reply.warnings);
    assert!(!asked(&m1).await.iter().any(|(id, _)| id == "web1"), "a conflict is not touched");
    let still = GetMinionKeyStateParams {
        minion_id: Some("web1".to_owned()),
        key_state: Some(MinionKeyState::Pending),
        ..GetMinionKeyStateParams::default()
    };
    assert_eq!(server.call::<GetMinionKeyState>(&still).await.count, 2);
    server.stop().await;
}
