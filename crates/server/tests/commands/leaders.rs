//! Several servers on one database: one of them reconciles, another takes over when it is gone.

use std::{sync::Arc, time::Duration};

use raas_api::OutcomeState;
use raas_db::testing::TestDb;
use raas_wire::{ClusterKind::Failover, Work};

use super::{
    hands::cluster,
    watch::{becomes, details, pass, send, wake},
};
use crate::support::{Server, until};

const MINIONS: &[(&str, &[&str])] = &[("w1", &["m1"]), ("w2", &["m2"])];

async fn two() -> (Server, Server) {
    let db = Arc::new(TestDb::new().await.unwrap());
    let first = Server::on(db.clone(), Arc::default(), |_| {}).await;
    let second = Server::on(db, first.clock.clone(), |_| {}).await;
    (first, second)
}

#[tokio::test]
async fn one_of_two_servers_reconciles_and_the_other_takes_over_when_it_stops() {
    let (first, second) = two().await;
    let [m1, m2] = cluster(&second, Failover, ["m1", "m2"], MINIONS).await;
    let jid = send(&second, "eu-web", "w1").await;
    pass(&first, 40, &[&m2]).await;
    m2.ping(&first).await;
    let pings = m2.waiting().await.iter().filter(|work| matches!(work, Work::Ping(_))).count();
    assert_eq!(pings, 0, "a second leader would have sent another ping for the lost master");
    drop(m1);
    first.stop().await;
    // m2 fetched the job and never says anything: the new leader asks, and gives up at last.
    until("the other server ends what is open", async || {
        pass(&second, 20, &[&m2]).await;
        let w1 = details(&second, &jid).await.remove("w1").unwrap();
        if w1.state == OutcomeState::NoAnswer { Ok(()) } else { Err(format!("{w1:?}")) }
    })
    .await;
    second.stop().await;
}

#[tokio::test]
async fn another_server_takes_over_when_the_leader_dies() {
    let (first, second) = two().await;
    let [m1, m2] = cluster(&second, Failover, ["m1", "m2"], MINIONS).await;
    let jid = send(&second, "eu-web", "*").await;
    m1.publishes(&second, &["w1", "w2"]).await;
    m2.publishes(&second, &["w1", "w2"]).await;
    first.kill();
    pass(&second, 31, &[&m1, &m2]).await;
    for master in [&m1, &m2] {
        let ask = master.ask(&second).await;
        master.answers(&ask, |said| said.not_found.clone_from(&ask.minions)).await;
    }
    for minion in ["w1", "w2"] {
        becomes(&second, &jid, minion, OutcomeState::ResultUnknown).await;
    }
    second.stop().await;
}

#[tokio::test]
async fn a_server_that_starts_again_waits_for_the_masters_before_it_calls_them_lost() {
    let db = Arc::new(TestDb::new().await.unwrap());
    let before = Server::on(db.clone(), Arc::default(), |_| {}).await;
    let [mut m1] = cluster(&before, Failover, ["m1"], &[("w1", &["m1"])]).await;
    let jid = send(&before, "eu-web", "*").await;
    m1.publishes(&before, &["w1"]).await;
    let clock = before.clock.clone();
    before.stop().await;
    clock.advance(600);
    let after = Server::on(db, clock, |_| {}).await;
    // It reconciles (the other server is gone), but everything it knows is old.
    until("the new server leads", async || {
        wake(&after).await;
        let client = after.db.db().client().await.unwrap();
        let other = Server::uuid();
        let taken = raas_db::lease::take(&client, "reconcile", other, Duration::ZERO).await.unwrap();
        if taken { Err("nobody held the lease".to_owned()) } else { Ok(()) }
    })
    .await;
    assert_eq!(details(&after, &jid).await["w1"].state, OutcomeState::Delivered, "nothing was decided");
    m1.plugin.url.clone_from(&after.url);
    let ask = m1.ask(&after).await;
    m1.answers(&ask, |said| said.running.clone_from(&ask.minions)).await;
    becomes(&after, &jid, "w1", OutcomeState::Running).await;
    after.stop().await;
}
