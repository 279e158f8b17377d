//! Old history goes, by itself and by hand: whole days, counted, never under a job that runs; what comes late is taken.

use jiff::{ToSpan as _, civil::Date, tz::TimeZone};
use raas_api::{
    CommandState, OutcomeState,
    admin::{TrimDatabase, TrimDatabaseParams, Trimmed, TrimmedJobs},
};
use raas_db::{Session as _, partition};
use raas_server::clock::Clock as _;
use raas_wire::ClusterKind::Failover;
use serde_json::json;

use super::{
    hands::{Master, cluster},
    watch::{details, ends, pass, send, wake},
};
use crate::support::{Server, until};

const DAY: i64 = 24 * 3600;

fn today(server: &Server) -> Date {
    server.now().to_zoned(TimeZone::UTC).date()
}

/// A job of one minion that answered.
async fn a_job(server: &Server, m1: &Master) -> raas_api::Jid {
    let jid = send(server, "eu-web", "w1").await;
    m1.publishes(server, &["w1"]).await;
    m1.returns(&jid, "w1", json!(true)).await;
    ends(server, &jid, CommandState::CompletedAllSuccessful).await;
    jid
}

async fn days(server: &Server) -> Vec<Date> {
    let client = server.db.db().client().await.unwrap();
    let mut days: Vec<Date> = partition::list(&client)
        .await
        .unwrap()
        .into_iter()
        .filter(|p| p.table == "outcome")
        .map(|p| p.day)
        .collect();
    days.sort();
    days
}

/// Days pass one by one, as partitions are made ahead, while this master calls.
async fn days_pass(server: &Server, m1: &Master, count: i64) {
    for _ in 0..count {
        server.clock.advance(DAY);
        m1.beat().await;
        let last = today(server).checked_add(7.days()).unwrap();
        until("partitions are made ahead", async || {
            wake(server).await;
            let days = days(server).await;
            if days.contains(&last) { Ok(()) } else { Err(format!("{days:?}")) }
        })
        .await;
        m1.sees(&["w1"]).await;
    }
}

#[tokio::test]
async fn trimming_counts_first_and_then_drops_whole_days_and_what_comes_late_blocks_nobody() {
    let server = Server::configured(|config| config.retention.history_days = 0).await;
    let [m1] = cluster(&server, Failover, ["m1"], &[("w1", &["m1"])]).await;
    let old = a_job(&server, &m1).await;
    m1.returns(&"20200102030405000001".parse().unwrap(), "w1", json!("of Salt's own command line")).await;
    days_pass(&server, &m1, 3).await;
    let young = a_job(&server, &m1).await;

    let two_days = |test| TrimDatabaseParams { jobs: Some(2), test, ..TrimDatabaseParams::default() };
    let jobs = TrimmedJobs { commands: 1, minions_expected: 2, returns: 2, jids: 2 };
    let would = server.call::<TrimDatabase>(&two_days(true)).await;
    assert_eq!(would, Trimmed { test: true, jobs: Some(jobs), ..Trimmed::default() });
    assert_eq!(details(&server, &old).await.len(), 1, "a test drops nothing");
    let done = server.call::<TrimDatabase>(&two_days(false)).await;
    assert_eq!(done, Trimmed { test: false, jobs: Some(jobs), ..Trimmed::default() });
    assert!(details(&server, &old).await.is_empty());
    assert_eq!(details(&server, &young).await["w1"].state, OutcomeState::Succeeded);
    let first = today(&server).checked_sub(2.days()).unwrap();
    assert_eq!(days(&server).await.first(), Some(&first), "partitions of days before it are gone");
    let again = server.call::<TrimDatabase>(&two_days(false)).await;
    assert_eq!(again.jobs, Some(TrimmedJobs::default()));

    // A return that waited in a spool all the time: taken (under today), and so is what stands behind it.
    m1.returns(&old, "w1", json!("late")).await;
    let late = &details(&server, &old).await["w1"];
    assert!(late.has_return, "{late:?}");
    let client = server.db.db().client().await.unwrap();
    assert_eq!(raas_db::command::get(&client, old.as_str()).await.unwrap().unwrap().day, today(&server));
    server.stop().await;
}

#[tokio::test]
async fn families_that_are_not_asked_for_are_not_in_the_reply_and_wrong_numbers_are_refused() {
    let server = Server::start().await;
    let reply = server.raw("admin.trim_database", json!([]), json!({"audit": 30, "jobs": -1})).await.unwrap();
    let nothing = json!({"commands": 0, "minions-expected": 0, "returns": 0, "jids": 0});
    assert_eq!(reply, json!({"test": false, "audit": 0, "jobs": nothing}));
    let refused = server.raw("admin.trim_database", json!([]), json!({"events": -2})).await.unwrap_err();
    assert!(refused.code == 422 && refused.message.contains("\"events\""), "{refused:?}");
    server.stop().await;
}

#[tokio::test]
async fn a_day_with_a_job_that_still_runs_is_not_dropped() {
    // So patient that days change nothing about a job that runs.
    let server = Server::configured(|config| {
        config.retention.history_days = 0;
        config.jobs.ask_again_s = 1_000_000;
        config.presence.master_expiry_s = 1_000_000;
    })
    .await;
    let [m1] = cluster(&server, Failover, ["m1"], &[("w1", &["m1"])]).await;
    let jid = send(&server, "eu-web", "w1").await;
    m1.publishes(&server, &["w1"]).await;
    pass(&server, 31, &[&m1]).await;
    let ask = m1.ask(&server).await;
    m1.answers(&ask, |said| said.running.clone_from(&ask.minions)).await;
    assert_eq!(details(&server, &jid).await["w1"].state, OutcomeState::Running);
    server.clock.advance(2 * DAY);
    let done = server.call::<TrimDatabase>(&TrimDatabaseParams { jobs: Some(0), ..Default::default() }).await;
    assert_eq!(done.jobs, Some(TrimmedJobs::default()));
    m1.returns(&jid, "w1", json!(true)).await;
    ends(&server, &jid, CommandState::CompletedAllSuccessful).await;
    let done = server.call::<TrimDatabase>(&TrimDatabaseParams { jobs: Some(0), ..Default::default() }).await;
    assert_eq!(done.jobs.map(|jobs| jobs.commands), Some(1));
    server.stop().await;
}

#[tokio::test]
async fn retention_waits_for_its_hour_and_for_whoever_reads_an_old_day() {
    let server = Server::configured(|config| config.retention.history_days = 0).await;
    let db = server.db.clone();
    let [m1] = cluster(&server, Failover, ["m1"], &[("w1", &["m1"])]).await;
    let jid = a_job(&server, &m1).await;
    let clock = server.clock.clone();
    server.stop().await;
    clock.advance(3 * DAY);
    // An hour begins, and it is the second after it: neither here yet nor over, however long this story takes.
    let past = clock.now().as_second() % 3600;
    clock.advance(3600 - past);
    let hour = u32::try_from(clock.now().to_zoned(TimeZone::UTC).hour()).unwrap();
    let server = Server::on(db, clock, |config| {
        config.retention.history_days = 1;
        config.retention.at_hour = Some((hour + 2) % 24);
    })
    .await;
    let last = today(&server).checked_add(7.days()).unwrap();
    until("the house is kept", async || {
        wake(&server).await;
        if days(&server).await.contains(&last) { Ok(()) } else { Err("not yet".to_owned()) }
    })
    .await;
    assert_eq!(details(&server, &jid).await.len(), 1, "it is not the hour");

    let mut reader = server.db.db().client().await.unwrap();
    let tx = reader.transaction().await.unwrap();
    tx.batch("SELECT count(*) FROM outcome").await.unwrap();
    server.clock.advance(2 * 3600);
    until("the old job is forgotten", async || {
        wake(&server).await;
        let left =
            raas_db::command::get(&server.db.db().client().await.unwrap(), jid.as_str()).await.unwrap();
        if left.is_none() { Ok(()) } else { Err("still there".to_owned()) }
    })
    .await;
    let new = send(&server, "eu-web", "w1").await;
    assert!(!details(&server, &new).await.is_empty(), "nobody is held up for long by a drop that waits");
    tx.commit().await.unwrap();
    server.clock.advance(301);
    until("the old days are gone", async || {
        wake(&server).await;
        let first = today(&server).checked_sub(1.day()).unwrap();
        let days = days(&server).await;
        if days.first() >= Some(&first) { Ok(()) } else { Err(format!("{days:?}")) }
    })
    .await;
    server.stop().await;
}
