//! What a plugin had to drop is said: from when to when, and how much; and the clock of its master may be wrong.

use raas_api::{
    cluster::{GetClusters, GetClustersParams},
    master::{GetMasterDetails, GetMasterDetailsParams},
};
use raas_plugin::spool::Limits;
use raas_wire::{ClusterKind::Hot, Evidence, Report, Seen};
use serde_json::json;

use super::{accept, have_returned, returned};
use crate::{
    fleet::clocks::stamp_of,
    support::{Beside, Server},
};

const JID: &str = "20260102030405000678";

#[tokio::test]
async fn what_did_not_fit_the_spool_is_a_gap_with_its_count_and_returns_are_never_in_it() {
    let server = Server::start().await;
    let limits = Limits { records: 100, ..Limits::default() };
    let m1 = Beside::keeping(&server.url, "m1", "eu", Hot, limits);
    m1.clock.set(-900);
    m1.stands("pending").await; // nobody takes what it has until it is accepted
    let minions: Vec<String> = (0..30).map(|n| format!("w{n:02}")).collect();
    for minion in &minions {
        m1.report([returned(JID, minion, json!(true))]).await;
        let seen = || {
            let at = raas_plugin::clock::Clock::now(&*m1.clock);
            Report::Seen(vec![Seen { minion_id: minion.clone(), evidence: Evidence::Event, at }])
        };
        m1.report((0..10).map(|_| seen())).await;
    }
    accept(&server, &m1).await;
    m1.drained().await;
    assert_eq!(have_returned(&server, JID).await, minions, "no return is dropped");

    let details = server.call::<GetMasterDetails>(&GetMasterDetailsParams::default()).await.results;
    let (gaps, skew) = (&details[0].gaps, details[0].clock_skew_ms.unwrap());
    let dropped: i64 = gaps.iter().filter_map(|gap| gap.count).sum();
    assert!((200..=300).contains(&dropped), "of 300 events 70 fit: {gaps:?}");
    assert!((-902_000..=-898_000).contains(&skew), "{skew}");
    let minute = |at: jiff::Timestamp| server.now().duration_since(at).as_secs().abs() < 120;
    assert!(gaps.iter().all(|gap| minute(gap.from) && minute(gap.to)), "by the server's clock: {gaps:?}");
    let clusters = server.call::<GetClusters>(&GetClustersParams::default()).await.results;
    let codes: Vec<&str> = clusters[0].warnings.iter().map(|one| one.code.as_str()).collect();
    assert!(codes.contains(&"gap") && codes.contains(&"clock_skew"), "{:?}", clusters[0].warnings);
    let gap = clusters[0].warnings.iter().find(|one| one.code == "gap").unwrap();
    assert!(gap.message.contains("records were dropped") && gap.message.contains("size_limit"), "{gap:?}");
    drop(m1);
    server.stop().await;
}

#[tokio::test]
async fn a_plugin_whose_clock_is_an_hour_off_and_then_set_enrols_works_and_is_in_order() {
    let server = Server::start().await;
    let m1 = Beside::start(&server.url, "m1", "eu", Hot);
    m1.clock.set(3600);
    accept(&server, &m1).await;
    m1.report([returned(JID, "w1", json!("an hour ahead"))]).await;
    m1.drained().await;
    m1.clock.set(-3600);
    m1.report([returned(JID, "w2", json!("an hour behind"))]).await;
    m1.drained().await;
    assert_eq!(have_returned(&server, JID).await, ["w1", "w2"]);
    let kept = server.raw("ret.get_returns", json!([]), json!({"jid": JID})).await.unwrap();
    for one in kept["results"].as_array().unwrap() {
        let stamp = stamp_of(one);
        assert!(server.now().duration_since(stamp).as_secs().abs() < 120, "{one}");
    }
    drop(m1);
    server.stop().await;
}
