//! Dead letters: shown with their reason, tried again by the ordinary way in, thrown away, and never more than their limits.

use raas_api::{
    admin::{
        DeadLetter, DeleteDeadLetters, GetDeadLetters, GetDeadLettersParams, ReplayDeadLetters,
        ReplayedDeadLetters, WhichDeadLetters,
    },
    cmd::{CmdDetail, GetCmdDetails, GetCmdDetailsParams},
    master::{GetMasterDetails, GetMasterDetailsParams},
};
use raas_db::{Session as _, dead_letter, listen, master};
use raas_wire::{ClusterKind, Record, Report, path};
use serde_json::{Value, json};

use super::{accepted, cluster, pinged, reports::returned, warning};
use crate::support::{Plugin, Server, until};

async fn letters(server: &Server) -> Vec<DeadLetter> {
    server.call::<GetDeadLetters>(&GetDeadLettersParams::default()).await.results
}

async fn replay(server: &Server) -> ReplayedDeadLetters {
    let all = WhichDeadLetters { master_id: Some("*".to_owned()), ..WhichDeadLetters::default() };
    server.call::<ReplayDeadLetters>(&all).await
}

/// Sends records as they are; all are committed.
async fn send(plugin: &Plugin, reports: &[Value]) {
    let records: Vec<Value> = (plugin.last.load(std::sync::atomic::Ordering::Relaxed) + 1..)
        .zip(reports)
        .map(|(n, report)| json!({"n": n, "at": plugin.now(), "report": report}))
        .collect();
    plugin.last.fetch_add(reports.len().try_into().unwrap(), std::sync::atomic::Ordering::Relaxed);
    let body = raas_wire::encode(&json!({"epoch": plugin.epoch, "records": records})).unwrap();
    let _: Value = plugin.send(&plugin.signed("POST", path::REPORTS, body)).await.unwrap();
}

async fn outcomes(server: &Server, jid: &str) -> Vec<CmdDetail> {
    let params: GetCmdDetailsParams = serde_json::from_value(json!({"jid": jid, "limit": -1})).unwrap();
    server.call::<GetCmdDetails>(&params).await.results
}

/// As an older server left it, which could not read such a record.
async fn left_by_an_older_server(server: &Server, plugin: &Plugin, report: Report) {
    let client = server.db.db().client().await.unwrap();
    let master = master::by_id(&client, &plugin.master_id).await.unwrap().unwrap();
    let record = Record { n: 1, at: plugin.now(), skew_ms: None, report };
    let letter = dead_letter::NewLetter {
        n: 1,
        kind: "return".to_owned(),
        reason: "not a record this server knows".to_owned(),
        record: zstd::encode_all(serde_json::to_vec(&record).unwrap().as_slice(), 3).unwrap(),
    };
    let from = dead_letter::From { master_uuid: master.master_uuid, epoch: Server::uuid(), clock_skew_ms: 0 };
    let limits = dead_letter::Limits { letters: 100, bytes: 1 << 20 };
    dead_letter::insert(&client, from, &[letter], limits, server.now()).await.unwrap();
}

#[tokio::test]
async fn what_an_updated_server_can_read_is_taken_when_it_is_tried_again_and_twice_is_once() {
    let server = Server::start().await;
    let [m1] = server.cluster("eu", ClusterKind::Hot, ["m1"]).await;
    m1.report([accepted(&["web1"])]).await;
    let jid = "20260102030405000678";
    for _ in 0..2 {
        left_by_an_older_server(&server, &m1, returned(jid, "web1", &json!("found again"))).await;
    }
    let before = letters(&server).await;
    assert_eq!((before.len(), before[0].tries, before[0].kind.as_str()), (2, 1, "return"), "{before:?}");
    assert_eq!(before[0].master_id.as_deref(), Some("m1"));
    let done = replay(&server).await;
    assert_eq!((done.taken, done.refused), (2, 0), "{done:?}");
    assert!(letters(&server).await.is_empty());
    let outcomes = outcomes(&server, jid).await;
    assert_eq!(outcomes.len(), 1, "{outcomes:?}");
    assert!(outcomes[0].has_return && outcomes[0].witnesses == 1 && !outcomes[0].ran_twice, "{outcomes:?}");
    assert_eq!(replay(&server).await, ReplayedDeadLetters::default(), "nothing is left to try");
    server.stop().await;
}

#[tokio::test]
async fn letters_are_tried_again_only_when_it_can_be_written_down_who_does_so() {
    let server = Server::start().await;
    let [m1] = server.cluster("eu", ClusterKind::Hot, ["m1"]).await;
    m1.report([accepted(&["web1"])]).await;
    left_by_an_older_server(&server, &m1, returned("20260102030405000678", "web1", &json!(true))).await;
    let rows = server.db.db().client().await.unwrap();
    rows.batch("ALTER TABLE audit ADD CONSTRAINT nothing CHECK (failed OR event_type <> 'rpc') NOT VALID")
        .await
        .unwrap();
    server.raw("admin.replay_dead_letters", json!([]), json!({"master_id": "*"})).await.unwrap_err();
    assert_eq!(letters(&server).await.len(), 1, "it is still there");
    rows.batch("ALTER TABLE audit DROP CONSTRAINT nothing").await.unwrap();
    assert_eq!(replay(&server).await.taken, 1);
    server.stop().await;
}

#[tokio::test]
async fn what_is_refused_again_stays_with_its_new_reason_and_counts_its_tries() {
    let server = Server::start().await;
    let [m1] = server.cluster("eu", ClusterKind::Hot, ["m1"]).await;
    send(&m1, &[json!({"song": "la la"}), json!({"grains": {"minion_id": "web1", "grains": [1]}})]).await;
    let first = letters(&server).await;
    assert_eq!(first.iter().map(|one| one.kind.as_str()).collect::<Vec<_>>(), ["song", "grains"]);
    // Its master is refused meanwhile: nothing of it is taken, and the letters say so.
    server.raw("master.set_master_key_state", json!([["m1"], "reject"]), json!({})).await.unwrap();
    let done = replay(&server).await;
    assert_eq!((done.taken, done.refused), (0, 2), "{done:?}");
    let again = letters(&server).await;
    assert!(again[0].reason.contains("\"m1\" is rejected"), "{again:?}");
    server.accept(&[&m1]).await;
    let done = replay(&server).await;
    assert_eq!(done.results[0].dead_letter_id, first[0].dead_letter_id);
    let last = letters(&server).await;
    assert!(last[0].reason.contains("song") && last[0].tries == 3 && last[0].tried_at.is_some(), "{last:?}");
    assert!(last[1].reason.contains("are no map") && last[1].tries == 3, "{last:?}");

    let show = GetDeadLettersParams {
        dead_letter_id: Some(first[0].dead_letter_id),
        include_record: true,
        ..GetDeadLettersParams::default()
    };
    let shown = server.call::<GetDeadLetters>(&show).await.results;
    assert_eq!(shown[0].record.as_ref().unwrap()["report"], json!({"song": "la la"}));
    server.stop().await;
}

#[tokio::test]
async fn an_old_list_of_keys_that_is_tried_again_undoes_nothing() {
    let server = Server::start().await;
    let [m1] = server.cluster("eu", ClusterKind::Hot, ["m1"]).await;
    let key = |id: &str| json!({"minion_id": id, "fingerprint": id, "public_key": id});
    let keys = |ids: &[&str]| {
        let all: Vec<Value> = ids.iter().map(|id| key(id)).collect();
        json!({"keys": {"accepted": all, "pending": [], "rejected": [], "denied": []}})
    };
    send(&m1, &[keys(&["web1", "../web2"])]).await;
    assert_eq!(letters(&server).await.len(), 1, "one id is no file name, so the list is a letter too");
    assert_eq!(cluster(&server, "eu").await.minions.unknown, 1);
    server.clock.advance(5);
    m1.report([accepted(&[])]).await;
    assert_eq!(cluster(&server, "eu").await.minions.unknown, 0, "somebody deleted the key of web1");
    assert_eq!(replay(&server).await.taken, 1);
    assert_eq!(cluster(&server, "eu").await.minions.unknown, 0, "and it stays deleted");
    server.stop().await;
}

#[tokio::test]
async fn letters_are_warned_about_and_go_when_somebody_says_so() {
    let server = Server::start().await;
    let [m1] = server.cluster("eu", ClusterKind::Hot, ["m1"]).await;
    send(&m1, &[json!({"song": 1}), json!({"song": 2}), json!({"poem": 3})]).await;
    let warned = warning(&server, "eu", "dead_letters").await;
    assert!(warned.message.starts_with("3 records of master \"m1\""), "{warned:?}");
    assert!(warned.fix.contains("raas dead-letters replay --master m1"), "{warned:?}");
    let nothing = server.refused::<DeleteDeadLetters>(&WhichDeadLetters::default()).await;
    assert!(nothing.code == 422 && nothing.message.contains("say which"), "{nothing:?}");
    let songs = WhichDeadLetters { kind: Some("song".to_owned()), ..WhichDeadLetters::default() };
    assert_eq!(server.call::<DeleteDeadLetters>(&songs).await.deleted, 2);
    let left = letters(&server).await;
    assert_eq!((left.len(), left[0].kind.as_str()), (1, "poem"), "{left:?}");
    // A master that is forgotten leaves its letters; they can still be thrown away.
    server.raw("master.delete_master", json!(["m1"]), json!({})).await.unwrap();
    assert_eq!(letters(&server).await[0].master_id, None);
    assert!(replay(&server).await.results[0].reason.contains("forgotten"));
    let all = WhichDeadLetters { master_id: Some("*".to_owned()), ..WhichDeadLetters::default() };
    assert_eq!(server.call::<DeleteDeadLetters>(&all).await.deleted, 1);
    server.stop().await;
}

#[tokio::test]
async fn a_flood_of_poison_has_limits_and_what_they_drop_is_a_gap_with_its_count() {
    let server = Server::configured(|config| config.retention.dead_letter_count = 10).await;
    let [m1] = server.cluster("eu", ClusterKind::Hot, ["m1"]).await;
    for part in 0..3 {
        let songs: Vec<Value> = (0..20).map(|n| json!({"song": part * 20 + n})).collect();
        send(&m1, &songs).await;
        m1.report([accepted(&["web1"]), pinged(&m1, &["web1"], &[])]).await;
    }
    assert_eq!(cluster(&server, "eu").await.minions.present, 1, "the rest was taken");
    let left = letters(&server).await;
    assert_eq!((left.len(), left[9].n), (10, 64), "the newest stay: {left:?}");
    let gap = warning(&server, "eu", "gap").await;
    assert!(gap.message.contains("were dropped") && gap.fix.contains("raas dead-letters"), "{gap:?}");
    let details = server.call::<GetMasterDetails>(&GetMasterDetailsParams::default()).await.results;
    let dropped: i64 = details[0].gaps.iter().filter_map(|gap| gap.count).sum();
    assert_eq!(dropped, 50, "{:?}", details[0].gaps);

    server.clock.advance(31 * 24 * 3600);
    until("letters older than 30 days are gone", async || {
        let client = server.db.db().client().await.unwrap();
        listen::notify(&client, listen::WORK, "reconcile").await.unwrap();
        let left = letters(&server).await.len();
        if left == 0 { Ok(()) } else { Err(left.to_string()) }
    })
    .await;
    let gap = warning(&server, "eu", "gap").await;
    assert!(gap.message.contains("10 records were dropped"), "{gap:?}");
    server.stop().await;
}
