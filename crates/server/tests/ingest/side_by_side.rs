//! Masters that report the same jobs at the same time: each return counts once, whoever is first, and nobody blocks another.

use raas_wire::{ClusterKind, Report};
use serde_json::json;

use super::{counts, dead_letters, jid, job, outcomes, returned};
use crate::support::Server;

const JOBS: u32 = 4;
const MINIONS: u32 = 60;

#[tokio::test]
async fn masters_report_the_same_returns_at_the_same_time_and_each_counts_once() {
    let server = Server::start().await;
    let masters = server.cluster("eu", ClusterKind::Hot, ["m1", "m2", "m3"]).await;
    let minions: Vec<String> = (0..MINIONS).map(|n| format!("web{n:03}")).collect();
    let named: Vec<&str> = minions.iter().map(String::as_str).collect();
    masters[0].report((0..JOBS).map(|n| job(&jid(n), &named))).await;
    // Each master sees all of them, in an order of its own; one minion says something else everywhere.
    let reports = |place: usize| {
        let mut all: Vec<(u32, &str)> =
            (0..JOBS).flat_map(|n| named.iter().map(move |&minion| (n, minion))).collect();
        all.rotate_left(place * 77);
        if place == 1 {
            all.reverse();
        }
        all.into_iter().map(move |(n, minion)| {
            let value =
                if minion == "web007" { json!({"master": place}) } else { json!({ "of": minion, "n": n }) };
            Report::Return(returned(&jid(n), minion, &value))
        })
    };
    let sends = masters.iter().enumerate().map(|(place, master)| async move {
        let all: Vec<Report> = reports(place).collect();
        for part in all.chunks(50) {
            master.report(part.to_vec()).await;
        }
    });
    futures_util::future::join_all(sends).await;
    for n in 0..JOBS {
        let all = i64::from(MINIONS);
        assert_eq!(counts(&server, &jid(n)).await, (all, all, 0));
        for one in outcomes(&server, &jid(n)).await {
            assert_eq!((one.witnesses, one.ran_twice), (3, one.minion_id == "web007"), "{one:?}");
        }
    }
    assert_eq!(dead_letters(&server, &masters[0]).await, 0);
    server.stop().await;
}
