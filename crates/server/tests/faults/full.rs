//! The disk of the database is full: that is what everybody is told, and when there is room, all of it comes.

use raas_db::testing::OwnPostgres;
use raas_wire::ClusterKind::Hot;
use serde_json::{Value, json};

use super::{accept, have_returned, ready, ready_again, returned};
use crate::support::{Beside, Server, until};

const JID: &str = "20260102030405000678";
/// Enough for a fresh PostgreSQL and our schema.
const DISK_MIB: u32 = 300;

/// A disk of its own wants a mount.
async fn on_small_disk() -> Option<OwnPostgres> {
    let postgres = OwnPostgres::on_small_disk(DISK_MIB).await.unwrap();
    if postgres.is_none() {
        eprintln!("skipped: the small disk is a tmpfs, and this user may not mount one");
    }
    postgres
}

/// What does not compress.
fn noise(bytes: usize) -> Value {
    let text: String = (0..bytes / 32).map(|_| Server::uuid().simple().to_string()).collect();
    json!(text)
}

async fn returns(m1: &Beside, minions: &[String], bytes: usize) {
    for minion in minions {
        m1.report([returned(JID, minion, noise(bytes))]).await;
    }
}

fn minions(letter: char) -> Vec<String> {
    (0..20).map(|n| format!("{letter}{n:02}")).collect()
}

#[tokio::test]
async fn a_full_disk_is_called_so_and_what_waits_comes_when_there_is_room() {
    let Some(postgres) = on_small_disk().await else { return };
    let server = Server::on_url(postgres.url()).await;
    let [m2] = server.cluster("us", Hot, ["m2"]).await;
    let m1 = Beside::start(&server.url, "m1", "eu", Hot);
    accept(&server, &m1).await;
    returns(&m1, &minions('a'), 1000).await;
    m1.drained().await;

    postgres.fill_disk().unwrap();
    returns(&m1, &minions('b'), 200_000).await;
    until("load balancers are told what the matter is", async || match ready(&server).await {
        (503, reason) if reason == "the disk of the database is full" => Ok(()),
        other => Err(format!("{other:?}")),
    })
    .await;
    let large = m2.batch((0..20).map(|n| returned(JID, &format!("x{n}"), noise(200_000))));
    let refused = m2.send_batch(&large).await.unwrap_err();
    assert_eq!(refused.status, 503);
    assert_eq!(refused.refusal.message, "the disk of the database is full: come back later");
    assert_eq!(have_returned(&server, JID).await, minions('a'), "what is there can be read all the time");
    assert!(m1.waiting() >= 20, "{} wait", m1.waiting());

    postgres.make_room().unwrap();
    m1.drained().await;
    assert_eq!(have_returned(&server, JID).await, [minions('a'), minions('b')].concat());
    ready_again(&server).await;
    drop(m1);
    server.stop().await;
}

#[tokio::test]
async fn a_disk_so_full_that_postgresql_itself_stops_loses_nothing() {
    let Some(mut postgres) = on_small_disk().await else { return };
    let server = Server::on_url(postgres.url()).await;
    let m1 = Beside::start(&server.url, "m1", "eu", Hot);
    accept(&server, &m1).await;
    returns(&m1, &minions('a'), 1000).await;
    m1.drained().await;

    // No room for the log of what is to be written: PostgreSQL cannot go on, and cannot recover either.
    postgres.fill_disk().unwrap();
    postgres.use_up_wal().await;
    returns(&m1, &minions('b'), 1000).await;
    until("it is said", async || match ready(&server).await {
        (503, reason) if !reason.is_empty() => Ok(()),
        other => Err(format!("{other:?}")),
    })
    .await;
    postgres.make_room().unwrap();
    until("PostgreSQL is started again, and the server has it", async || {
        postgres.start_again().await.map_err(|error| error.to_string())?;
        match ready(&server).await {
            (200, _) => Ok(()),
            other => Err(format!("{other:?}")),
        }
    })
    .await;
    m1.drained().await;
    assert_eq!(have_returned(&server, JID).await, [minions('a'), minions('b')].concat());
    drop(m1);
    server.stop().await;
}
