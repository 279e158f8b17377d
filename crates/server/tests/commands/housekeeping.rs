//! What grows is cut back, and what will be needed is there before it is.

use jiff::{ToSpan as _, tz::TimeZone};
use raas_api::CommandState;
use raas_db::{
    delivery,
    login_failure::{self, Attempt},
    master_key, partition,
};
use raas_wire::ClusterKind::Failover;
use serde_json::json;

use super::{
    hands::cluster,
    watch::{ends, send, wake},
};
use crate::support::{Server, until};

#[tokio::test]
async fn old_things_go_and_the_next_days_have_their_partitions() {
    let server = Server::configured(|config| {
        config.retention.history_days = 20;
        config.retention.audit_days = 20;
    })
    .await;
    let [m1] = cluster(&server, Failover, ["m1"], &[("w1", &["m1"])]).await;
    let jid = send(&server, "eu-web", "*").await;
    m1.publishes(&server, &["w1"]).await;
    m1.returns(&jid, "w1", json!(true)).await;
    ends(&server, &jid, CommandState::CompletedAllSuccessful).await;
    server.plugin("stranger").enroll().await.unwrap();
    let client = server.db.db().client().await.unwrap();
    let hour = std::time::Duration::from_secs(3600);
    let attempt = Attempt { config_name: "internal", username: "root", address: "192.0.2.1" };
    login_failure::record(&client, attempt, server.now(), hour).await.unwrap();

    server.clock.advance(10 * 24 * 3600);
    until("keys, deliveries and failed logins of old are gone", async || {
        wake(&server).await;
        let keys = master_key::of_master(&client, "stranger").await.unwrap().len();
        let deliveries = delivery::by_jid(&client, &[jid.to_string()]).await.unwrap().len();
        let failed = login_failure::recent(&client, attempt, jiff::Timestamp::UNIX_EPOCH).await.unwrap();
        let left = (keys, deliveries, failed.here);
        if left == (0, 0, 0) { Ok(()) } else { Err(format!("{left:?}")) }
    })
    .await;
    let last = server.now().to_zoned(TimeZone::UTC).date().checked_add(7.days()).unwrap();
    let made = partition::list(&client).await.unwrap();
    assert!(made.iter().any(|p| p.table == "outcome" && p.day == last), "{made:?}");
    assert!(raas_db::command::get(&client, jid.as_str()).await.unwrap().is_some(), "history stays 20 days");

    server.clock.advance(20 * 24 * 3600);
    until("history beyond 20 days is gone", async || {
        wake(&server).await;
        let first = server.now().to_zoned(TimeZone::UTC).date().checked_sub(20.days()).unwrap();
        let old = partition::list(&client).await.unwrap().into_iter().find(|p| p.day < first);
        let command = raas_db::command::get(&client, jid.as_str()).await.unwrap();
        if old.is_none() && command.is_none() { Ok(()) } else { Err(format!("{old:?} {command:?}")) }
    })
    .await;
    server.stop().await;
}
