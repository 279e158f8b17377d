//! Clocks of masters that are wrong, by minutes and by an hour, ahead and behind, and set while records wait: nothing is
//! put in a wrong order, nothing is lost, and it is shown.

use jiff::Timestamp;
use raas_api::{
    Presence,
    master::{GetMasterDetails, GetMasterDetailsParams},
};
use raas_wire::{ClusterKind, Evidence, Record, RefusalCode, path};
use serde_json::{Value, json};

use super::{accepted, minion, pinged, reports::returned, seen, warning};
use crate::support::{Plugin, Server};

/// Time passes, and the masters call.
async fn pass(server: &Server, seconds: i64, masters: [&Plugin; 2]) {
    server.clock.advance(seconds);
    for master in masters {
        master.beat().await.unwrap();
    }
}

/// When a return happened, by the server's clock.
pub(crate) fn stamp_of(kept: &Value) -> Timestamp {
    let text = kept["full_ret"]["_stamp"].as_str().unwrap_or_else(|| panic!("no stamp: {kept}"));
    let stamp: jiff::civil::DateTime = text.trim_end_matches('Z').parse().unwrap();
    stamp.to_zoned(jiff::tz::TimeZone::UTC).unwrap().timestamp()
}

/// Where a minion is, and whether it is there.
async fn place(server: &Server, minion_id: &str) -> (Option<String>, Presence) {
    let found = minion(server, minion_id).await;
    (found.master, found.status)
}

#[tokio::test]
async fn a_minion_that_moves_between_masters_whose_clocks_are_hours_apart_is_where_it_went() {
    let server = Server::start().await;
    let [ahead, behind] = server.cluster("eu", ClusterKind::Failover, ["m1", "m2"]).await;
    let (ahead, behind) = (Plugin { skew: 3600, ..ahead }, Plugin { skew: -3600, ..behind });
    for master in [&ahead, &behind] {
        master.beat().await.unwrap();
        master.report([accepted(&["web1"])]).await;
    }
    for round in 0..3 {
        pass(&server, 10, [&ahead, &behind]).await;
        ahead.report([seen(&["web1"], Evidence::Start, ahead.now())]).await;
        assert_eq!(place(&server, "web1").await, (Some("m1".to_owned()), Presence::Present), "round {round}");
        pass(&server, 10, [&ahead, &behind]).await;
        behind.report([seen(&["web1"], Evidence::Start, behind.now())]).await;
        assert_eq!(place(&server, "web1").await, (Some("m2".to_owned()), Presence::Present), "round {round}");
    }
    server.stop().await;
}

#[tokio::test]
async fn what_waited_while_a_clock_was_set_keeps_the_time_at_which_it_happened() {
    let server = Server::start().await;
    let [m1, m2] = server.cluster("eu", ClusterKind::Failover, ["m1", "m2"]).await;
    let mut m1 = Plugin { skew: -600, ..m1 };
    m1.beat().await.unwrap();
    for master in [&m1, &m2] {
        master.report([accepted(&["web1"])]).await;
    }
    pass(&server, 60, [&m1, &m2]).await;
    // Taken while the clock was ten minutes behind; it waits in the spool.
    let at = m1.now();
    let waits = Record { n: 2, at, skew_ms: Some(-600_000), report: seen(&["web1"], Evidence::Start, at) };
    m1.last.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
    pass(&server, 30, [&m1, &m2]).await;
    m2.report([seen(&["web1"], Evidence::Start, m2.now())]).await;
    // Somebody sets the clock, half an hour too far, before the record goes out.
    m1.skew = 1800;
    m1.beat().await.unwrap();
    let batch = raas_wire::Batch { epoch: m1.epoch, records: vec![waits] };
    m1.send_batch(&batch).await.unwrap();
    assert_eq!(
        place(&server, "web1").await,
        (Some("m2".to_owned()), Presence::Present),
        "it went there last"
    );
    // And backwards: what is newer by the server's clock counts, though the master's clock says it was before.
    pass(&server, 30, [&m1, &m2]).await;
    m1.skew = -1800;
    let at = m1.now();
    let newest = Record { n: 3, at, skew_ms: Some(-1_800_000), report: seen(&["web1"], Evidence::Start, at) };
    m1.send_batch(&raas_wire::Batch { epoch: m1.epoch, records: vec![newest] }).await.unwrap();
    assert_eq!(place(&server, "web1").await, (Some("m1".to_owned()), Presence::Present));
    server.stop().await;
}

#[tokio::test]
async fn a_wrong_clock_loses_no_return_and_is_shown_with_its_master() {
    let server = Server::start().await;
    let [m1] = server.cluster("eu", ClusterKind::Hot, ["m1"]).await;
    let m1 = Plugin { skew: 600, ..m1 };
    m1.beat().await.unwrap();
    m1.report([accepted(&["web1"]), pinged(&m1, &["web1"], &[])]).await;
    let jid = "20260102030405000678";
    m1.report([returned(jid, "web1", &json!("kept"))]).await;
    let kept = server.raw("ret.get_returns", json!([]), json!({"jid": jid})).await.unwrap();
    assert_eq!(kept["count"], json!(1), "{kept}");
    let stamp = stamp_of(&kept["results"][0]);
    assert!(server.now().duration_since(stamp).as_secs().abs() < 60, "{kept}");

    let shown = warning(&server, "eu", "clock_skew").await;
    assert!(
        shown.message.contains("\"m1\" is 600 s ahead of") || shown.message.contains("599 s"),
        "{shown:?}"
    );
    let details = server.call::<GetMasterDetails>(&GetMasterDetailsParams::default()).await.results;
    let skew = details[0].clock_skew_ms.unwrap();
    assert!((598_000..602_000).contains(&skew), "{skew}");
    server.stop().await;
}

#[tokio::test]
async fn a_call_signed_an_hour_off_is_refused_with_both_clocks_and_the_time_to_sign_with() {
    let server = Server::start().await;
    let m1 = server.plugin("m1");
    let body = serde_json::to_vec(&m1.introduction()).unwrap();
    let (theirs, ours) =
        (server.now().checked_add(jiff::SignedDuration::from_hours(1)).unwrap(), server.now());
    let late = m1.signed_at("POST", path::ENROLL, body.clone(), &theirs.to_string());
    let refused = m1.send::<raas_wire::Enrolled>(&late).await.unwrap_err();
    assert_eq!((refused.status, refused.refusal.code), (401, RefusalCode::Clock));
    let said = &refused.refusal.message;
    let hour = ours.strftime("%Y-%m-%dT%H").to_string();
    assert!(said.contains(&theirs.to_string()) && said.contains(&hour), "both clocks: {said}");
    // What the reply says is enough to be taken the next time, whatever the clock of the master is.
    let right = refused.refusal.server_time.to_string();
    let again = m1.signed_at("POST", path::ENROLL, body, &right);
    m1.send::<raas_wire::Enrolled>(&again).await.unwrap();
    server.stop().await;
}
