//! Several servers on one database: one of them works members out, and another goes on when it is gone.

use std::sync::Arc;

use raas_db::{Session as _, testing::TestDb};
use raas_wire::{ClusterKind::Failover, Grains, Report};
use serde_json::json;

use super::super::group;
use super::{current, ids, kept, these};
use crate::{
    commands::hands::cluster,
    support::{Server, until},
};

async fn two() -> (Server, Server) {
    let db = Arc::new(TestDb::new().await.unwrap());
    let first = Server::on(db.clone(), Arc::default(), |_| {}).await;
    let second = Server::on(db, first.clock.clone(), |_| {}).await;
    (first, second)
}

#[tokio::test]
async fn what_one_server_is_told_the_other_shows_and_it_goes_on_when_the_first_stops() {
    let (first, second) = two().await;
    let [m1] = cluster(&second, Failover, ["m1"], &[("w1", &["m1"])]).await;
    let tells = async |os: &str| {
        let grains = Grains { minion_id: "w1".to_owned(), grains: json!({"os": os}).into() };
        m1.plugin.report([Report::Grains(grains)]).await;
    };
    let debian = group(&second, "debian", json!({"*": {"tgt_type": "grain", "tgt": "os:Debian"}})).await;
    tells("Debian").await;
    for server in [&first, &second] {
        assert_eq!(ids(server, &debian).await, ["w1"]);
    }
    current(&first).await;
    assert_eq!(kept(&first).await, these(&[("debian", &["w1"])]));
    first.stop().await;
    tells("RedHat").await;
    assert!(ids(&second, &debian).await.is_empty());
    current(&second).await;
    assert_eq!(kept(&second).await, these(&[]));
    second.stop().await;
}

/// The leader dies while it resolves 200 groups for 3,000 minions, and minions change before the other one goes on.
#[tokio::test]
async fn a_leader_that_dies_half_way_loses_nothing() {
    let (first, second) = two().await;
    let [_m1] = cluster(&second, Failover, ["m1"], &[("w1", &["m1"])]).await;
    current(&first).await;
    let client = second.db.db().client().await.unwrap();
    for sql in [
        "INSERT INTO minion (cluster_id, minion_id, created_at, grains)
         SELECT 'eu-web', 'n' || i, now(), jsonb_build_object('rack', i % 100) FROM generate_series(1, 3000) i",
        "INSERT INTO target_group (tgt_uuid, name, tgt, created_at, changed_at)
         SELECT md5('g' || i)::uuid, 'g' || i, json_build_object('eu-web', json_build_object('tgt_type', 'grain', 'tgt', 'rack:' || i)),
                now(), now() FROM generate_series(0, 199) i",
    ] {
        client.batch(sql).await.unwrap();
    }
    let count =
        async |sql: &'static str| -> i64 { client.query_one(sql, &[]).await.unwrap().try_get(0).unwrap() };
    until("some members are kept", async || {
        let kept = count("SELECT count(*) FROM target_member m JOIN target_group g ON g.number = m.group_no AND NOT g.built_in").await;
        if kept > 0 { Ok(()) } else { Err("none".to_owned()) }
    })
    .await;
    first.kill();
    client
        .batch("UPDATE minion SET grains = jsonb_build_object('rack', 100 + (grains ->> 'rack')::int) WHERE minion_id LIKE '%7'")
        .await
        .unwrap();
    client.batch("DELETE FROM minion WHERE minion_id LIKE 'n%8'").await.unwrap();
    current(&second).await;
    let missing = count(
        "SELECT count(*) FROM minion m JOIN target_group g ON g.name = 'g' || (m.grains ->> 'rack')
         WHERE NOT EXISTS (SELECT FROM target_member t
                           WHERE t.group_no = g.number AND t.cluster_id = m.cluster_id AND t.minion_id = m.minion_id AND t.sure)",
    );
    let kept = count(
        "SELECT count(*) FROM target_member t JOIN target_group g ON g.number = t.group_no AND NOT g.built_in",
    );
    assert_eq!((missing.await, kept.await), (0, 2_700), "each minion that is left is in one group");
    second.stop().await;
}
