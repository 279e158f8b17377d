//! Days: history has a place for each, made ahead; one that is not there is made when it is needed.

use jiff::tz::TimeZone;
use raas_db::{Session as _, partition};
use raas_wire::{ClusterKind, Report};
use serde_json::json;

use super::{counts, dead_letters, jid, job, returned, returns};
use crate::support::Server;

/// Takes away the places of all days, as if nobody had made them.
async fn no_days(server: &Server) {
    let client = server.db.db().client().await.unwrap();
    for one in partition::list(&client).await.unwrap() {
        client.batch(&format!("DROP TABLE {}", one.name)).await.unwrap();
    }
}

#[tokio::test]
async fn a_return_of_a_day_that_has_no_place_yet_is_taken_all_the_same() {
    let server = Server::start().await;
    let [m1] = server.cluster("eu", ClusterKind::Hot, ["m1"]).await;
    no_days(&server).await;
    m1.report([job(&jid(1), &["a", "b"]), Report::Return(returned(&jid(1), "a", &json!(1)))]).await;
    assert_eq!(counts(&server, &jid(1)).await, (2, 1, 1));

    // The job goes on for longer than its history is kept.
    no_days(&server).await;
    m1.report([Report::Return(returned(&jid(1), "b", &json!(2)))]).await;
    let stored = returns(&server, &jid(1)).await;
    assert_eq!(stored.iter().map(|one| one.minion_id.as_str()).collect::<Vec<_>>(), ["b"]);
    assert_eq!(dead_letters(&server, &m1).await, 0);
    server.stop().await;
}

#[tokio::test]
async fn a_jid_of_the_far_future_stands_under_the_day_on_which_it_was_first_seen() {
    let server = Server::start().await;
    let [m1] = server.cluster("eu", ClusterKind::Hot, ["m1"]).await;
    let future = "20991231235959000001";
    m1.report([job(future, &["a"]), Report::Return(returned(future, "a", &json!("later")))]).await;
    assert_eq!((counts(&server, future).await, dead_letters(&server, &m1).await), ((1, 1, 0), 0));
    let client = server.db.db().client().await.unwrap();
    let today = server.now().to_zoned(TimeZone::UTC).date();
    let days = partition::list(&client).await.unwrap();
    assert!(days.iter().any(|one| one.day == today) && days.iter().all(|one| one.day.year() < 2099));
    server.stop().await;
}

#[tokio::test]
async fn a_server_whose_clock_jumps_past_what_was_made_ahead_takes_returns_at_once() {
    let server = Server::start().await;
    let [m1] = server.cluster("eu", ClusterKind::Hot, ["m1"]).await;
    server.clock.advance(40 * 86_400);
    m1.report([Report::Return(returned(&jid(3), "a", &json!(true)))]).await;
    assert_eq!((counts(&server, &jid(3)).await, dead_letters(&server, &m1).await), ((1, 1, 0), 0));
    server.stop().await;
}
