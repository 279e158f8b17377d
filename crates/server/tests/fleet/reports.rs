//! Reports: a batch is committed before it is acknowledged, again changes nothing, and what a master may not say is kept
//! aside with the reason.

use jiff::tz::TimeZone;
use raas_api::{
    MasterKeyState,
    cmd::{CmdDetail, GetCmdDetails, GetCmdDetailsParams, RouteCmd, RouteCmdParams, RouteTarget},
    master::{KeyActAction, SetMasterKeyState, SetMasterKeyStateParams},
};
use raas_db::{dead_letter, master, partition};
use raas_wire::{
    Batch, ClusterKind, Committed, Evidence, Record, RefusalCode, Report, Return, ReturnSource, path,
};
use serde_json::{Value, json};

use super::{accepted, cluster, minion, pinged, seen};
use crate::support::{Plugin, Server};

pub(super) fn returned(jid: &str, minion_id: &str, value: &Value) -> Report {
    Report::Return(Return {
        jid: jid.to_owned(),
        minion_id: minion_id.to_owned(),
        fun: "test.ping".to_owned(),
        fun_args: json!([]).into(),
        success: true,
        retcode: 0,
        ret: value.into(),
        original: None,
        extra: None,
        source: ReturnSource::Bus,
        trimmed: false,
    })
}

/// Reasons of a master's dead letters.
async fn dead_letters(server: &Server, plugin: &Plugin) -> Vec<(i64, String)> {
    let client = server.db.db().client().await.unwrap();
    let master = master::by_id(&client, &plugin.master_id).await.unwrap().unwrap();
    let letters = {
        let master_id = Some(master.master_id.as_str());
        let which = dead_letter::Which { master_id, ..dead_letter::Which::default() };
        dead_letter::page(&client, which, (-1, 0)).await.unwrap().1
    };
    let mut reasons: Vec<_> = letters.into_iter().map(|letter| (letter.n, letter.reason)).collect();
    reasons.sort();
    reasons
}

async fn ping(server: &Server, cluster_id: &str) -> String {
    let tgt = [(cluster_id.to_owned(), RouteTarget::glob("*"))].into();
    let params =
        RouteCmdParams { fun: Some("test.ping".to_owned()), tgt: Some(tgt), ..RouteCmdParams::default() };
    server.call::<RouteCmd>(&params).await.to_string()
}

async fn outcomes(server: &Server, jid: &str) -> Vec<CmdDetail> {
    let params: GetCmdDetailsParams =
        serde_json::from_value(json!({"jid": jid, "sort_by": "minion_id", "limit": -1})).unwrap();
    server.call::<GetCmdDetails>(&params).await.results
}

#[tokio::test]
async fn a_master_speaks_only_of_jobs_of_its_own_cluster() {
    let server = Server::start().await;
    let [m1] = server.cluster("eu", ClusterKind::Hot, ["m1"]).await;
    let [spy] = server.cluster("us", ClusterKind::Hot, ["spy"]).await;
    m1.report([accepted(&["web1"]), pinged(&m1, &["web1"], &[])]).await;
    let jid = ping(&server, "eu").await;
    spy.report([returned(&jid, "web1", &json!("forged")), accepted(&["web7"])]).await;
    let letters = dead_letters(&server, &spy).await;
    assert_eq!(letters.len(), 1, "{letters:?}");
    assert!(letters[0].1.contains("was not sent to cluster \"us\""), "{letters:?}");
    assert!(outcomes(&server, &jid).await.iter().all(|one| !one.has_return), "nothing of it counts");
    assert_eq!(cluster(&server, "us").await.minions.unknown, 1, "what stood beside it was taken");
    assert_eq!(minion(&server, "web1").await.cluster_id, "eu");

    m1.report([returned(&jid, "web1", &json!(true))]).await;
    assert!(outcomes(&server, &jid).await[0].has_return);
    assert!(dead_letters(&server, &m1).await.is_empty());
    server.stop().await;
}

#[tokio::test]
async fn a_batch_again_changes_nothing() {
    let server = Server::start().await;
    let [m1] = server.cluster("eu", ClusterKind::Hot, ["m1"]).await;
    m1.report([accepted(&["web1"]), pinged(&m1, &["web1"], &[])]).await;
    let jid = ping(&server, "eu").await;
    let batch = m1.batch([returned(&jid, "web1", &json!(true)), returned("7", "web1", &json!(1))]);
    let first = m1.send_batch(&batch).await.unwrap();
    let then = outcomes(&server, &jid).await;
    assert!(then[0].has_return && !then[0].ran_twice && then[0].witnesses == 1, "{then:?}");
    for _ in 0..2 {
        assert_eq!(m1.send_batch(&batch).await.unwrap(), first);
    }
    // Also when the numbers are new, as after a restored spool: the same return is the same return.
    let mut renumbered = batch.clone();
    renumbered.epoch = Server::uuid();
    let committed = m1.send_batch(&renumbered).await.unwrap();
    assert_eq!(committed, Committed { epoch: renumbered.epoch, through: first.through });
    assert_eq!(
        serde_json::to_value(outcomes(&server, &jid).await).unwrap(),
        serde_json::to_value(&then).unwrap()
    );
    let letters = dead_letters(&server, &m1).await;
    assert_eq!(letters.len(), 2, "one per epoch: {letters:?}");
    server.stop().await;
}

#[tokio::test]
async fn two_copies_of_a_batch_at_the_same_time_are_one() {
    let server = Server::start().await;
    let [m1] = server.cluster("eu", ClusterKind::Hot, ["m1"]).await;
    let batch = m1.batch([accepted(&["web1", "web2"]), pinged(&m1, &["web1"], &["web2"])]);
    let sends = futures_util::future::join_all((0..8).map(|_| m1.send_batch(&batch))).await;
    for sent in sends {
        assert_eq!(sent.unwrap().through, 2);
    }
    let counts = cluster(&server, "eu").await.minions;
    assert_eq!((counts.present, counts.lost, counts.unknown), (1, 1, 0));
    server.stop().await;
}

#[tokio::test]
async fn a_bad_record_is_kept_aside_and_never_blocks_the_rest() {
    let server = Server::start().await;
    let [m1] = server.cluster("eu", ClusterKind::Hot, ["m1"]).await;
    let at = m1.now();
    let records = json!([
        {"n": 1, "at": at, "report": {"song": "la la"}},
        {"n": 2, "at": at, "report": {"seen": [{"minion_id": "../../etc/passwd", "evidence": "start", "at": at}, {"minion_id": "web1", "evidence": "start", "at": at}]}},
        {"n": 3, "at": at, "report": {"grains": {"minion_id": "web1", "grains": [1]}}},
        {"n": 5, "at": at, "report": {"return": {"jid": "20260102030405000678", "minion_id": "we\0b", "fun": "x", "fun_args": [], "success": true, "retcode": 0, "return": 1, "source": "bus"}}},
        {"n": 9, "at": at, "report": {"pinged": {"sent_at": at, "answered": ["web2"], "silent": []}}},
    ]);
    let body = raas_wire::encode(&json!({"epoch": m1.epoch, "records": records})).unwrap();
    let committed: Committed = m1.send(&m1.signed("POST", path::REPORTS, body)).await.unwrap();
    assert_eq!(
        committed.through, 9,
        "numbers may be missing: the plugin drops old events when its spool is full"
    );
    let letters = dead_letters(&server, &m1).await;
    assert_eq!(letters.iter().map(|one| one.0).collect::<Vec<_>>(), [1, 2, 3, 5], "{letters:?}");
    assert!(letters[0].1.contains("song") && letters[1].1.contains("no plain file names"), "{letters:?}");
    assert_eq!(cluster(&server, "eu").await.minions.present, 2, "web1 and web2");
    server.stop().await;
}

#[tokio::test]
async fn a_batch_out_of_order_is_refused_whole() {
    let server = Server::start().await;
    let [m1] = server.cluster("eu", ClusterKind::Hot, ["m1"]).await;
    let record = |n| Record { n, at: m1.now(), skew_ms: None, report: accepted(&["web1"]) };
    let refused =
        m1.send_batch(&Batch { epoch: m1.epoch, records: vec![record(2), record(1)] }).await.unwrap_err();
    assert_eq!((refused.status, refused.refusal.code), (400, RefusalCode::Malformed));
    assert!(refused.refusal.message.contains("record 1 comes after record 2"), "{}", refused.refusal.message);
    assert_eq!(cluster(&server, "eu").await.minions.unknown, 0);
    server.stop().await;
}

#[tokio::test]
async fn an_event_alone_makes_no_minion() {
    let server = Server::start().await;
    let [m1] = server.cluster("eu", ClusterKind::Hot, ["m1"]).await;
    m1.report([seen(&["invented"], Evidence::Event, m1.now()), seen(&["web1"], Evidence::Auth, m1.now())])
        .await;
    let counts = cluster(&server, "eu").await.minions;
    assert_eq!(
        counts.present + counts.lost + counts.unknown,
        1,
        "an id in an event is what some minion chose to say"
    );
    server.stop().await;
}

#[tokio::test]
async fn reports_of_a_master_that_was_rejected_are_not_taken() {
    let server = Server::start().await;
    let [m1] = server.cluster("eu", ClusterKind::Hot, ["m1"]).await;
    let params = SetMasterKeyStateParams {
        masters: vec!["m1".to_owned()],
        action: KeyActAction::Reject,
        fingerprint: None,
    };
    server.call::<SetMasterKeyState>(&params).await;
    let refused = m1.send_batch(&m1.batch([accepted(&["web1"])])).await.unwrap_err();
    assert_eq!(refused.refusal.code, RefusalCode::NotAccepted);
    let cluster = cluster(&server, "eu").await;
    assert_eq!((cluster.masters[0].state, cluster.minions.unknown), (MasterKeyState::Rejected, 0));
    server.stop().await;
}

#[tokio::test]
async fn returns_of_a_job_that_somebody_else_published_are_kept_under_the_day_it_was_first_seen() {
    let server = Server::start().await;
    let [m1] = server.cluster("eu", ClusterKind::Hot, ["m1"]).await;
    m1.report([accepted(&["web1"])]).await;
    let jid = "19990102030405000678";
    m1.report([returned(jid, "web1", &json!({"deep": [1, "\u{0}", null]}))]).await;
    let outcome = &outcomes(&server, jid).await[0];
    assert!(outcome.has_return && outcome.minion_id == "web1", "{outcome:?}");
    let client = server.db.db().client().await.unwrap();
    let today = server.now().to_zoned(TimeZone::UTC).date();
    let days = partition::list(&client).await.unwrap();
    assert!(days.iter().any(|one| one.day == today) && days.iter().all(|one| one.day.year() > 1999));
    server.stop().await;
}
