//! PostgreSQL is killed, started again, followed by its standby: everybody is told, plugins keep what they have, and all of
//! it comes to whichever takes writes then, without a restart of the server.

use raas_db::testing::OwnPostgres;
use raas_wire::ClusterKind::Hot;
use serde_json::json;

use super::{a_call, accept, have_returned, ready, ready_again, returned};
use crate::support::{Beside, Server, until};

const JID: &str = "20260102030405000678";

fn minions(letter: char) -> Vec<String> {
    (0..40).map(|n| format!("{letter}{n:02}")).collect()
}

async fn returns(m1: &Beside, letter: char) {
    for minion in minions(letter) {
        m1.report([returned(JID, &minion, json!({"of": minion}))]).await;
    }
}

/// What users are told, once it is this.
async fn told(server: &Server, what: &str) {
    until(&format!("users are told that {what}"), async || {
        let (status, said) = a_call(server).await;
        if status == 503 && said.contains(what) { Ok(()) } else { Err(format!("{status}: {said}")) }
    })
    .await;
    let (status, reason) = ready(server).await;
    assert!(status == 503 && !reason.is_empty(), "load balancers are told, too: {status} {reason}");
}

#[tokio::test]
async fn a_standby_takes_over_and_everything_comes_to_it_without_a_restart() {
    let mut primary = OwnPostgres::start().await.unwrap();
    let standby = primary.standby().await.unwrap();
    let server = Server::on_url(&primary.url_with(&standby)).await;
    let m1 = Beside::start(&server.url, "m1", "eu", Hot);
    accept(&server, &m1).await;
    returns(&m1, 'a').await;
    m1.drained().await;

    primary.kill().await;
    returns(&m1, 'b').await;
    told(&server, "the database takes no writes: a standby waits to be promoted; nothing was lost").await;
    assert!(m1.waiting() >= 40, "{} wait", m1.waiting());

    standby.promote().await.unwrap();
    m1.drained().await;
    assert_eq!(have_returned(&server, JID).await, [minions('a'), minions('b')].concat(), "nothing is lost");
    ready_again(&server).await;
    // Work flows, too: the listener and the leader are back.
    let jid = crate::commands::watch::send(&server, "eu", "b0*").await;
    let work = m1.work().await;
    assert!(matches!(&work, raas_wire::Work::Publish(one) if one.jid == jid.as_str()), "{work:?}");
    drop(m1);
    server.stop().await;
}

#[tokio::test]
async fn a_primary_that_was_left_behind_is_not_written_to_when_it_comes_back() {
    let mut primary = OwnPostgres::start().await.unwrap();
    let standby = primary.standby().await.unwrap();
    let both = primary.url_with(&standby);
    let server = Server::on_url(&both).await;
    let m1 = Beside::start(&server.url, "m1", "eu", Hot);
    accept(&server, &m1).await;
    primary.kill().await;
    standby.promote().await.unwrap();
    returns(&m1, 'a').await;
    m1.drained().await;
    // Somebody starts the old one as it was. It is the first of the URL, takes writes, and knows nothing of the returns.
    primary.start_again().await.unwrap();
    returns(&m1, 'b').await;
    m1.drained().await;
    assert_eq!(have_returned(&server, JID).await, [minions('a'), minions('b')].concat());
    drop(m1);
    server.stop().await;
    // A server that starts now asks both.
    let server = Server::on_url(&both).await;
    assert_eq!(have_returned(&server, JID).await, [minions('a'), minions('b')].concat());
    server.stop().await;
}

#[tokio::test]
async fn a_postgresql_that_crashed_and_recovers_has_everything_that_was_acknowledged() {
    let mut postgres = OwnPostgres::start().await.unwrap();
    let server = Server::on_url(postgres.url()).await;
    let m1 = Beside::start(&server.url, "m1", "eu", Hot);
    accept(&server, &m1).await;
    returns(&m1, 'a').await;
    m1.drained().await;
    returns(&m1, 'b').await; // some of these are on their way when it dies
    postgres.kill().await;
    told(&server, "the database is away; nothing was lost").await;
    returns(&m1, 'c').await;
    postgres.start_again().await.unwrap();
    m1.drained().await;
    let all = [minions('a'), minions('b'), minions('c')].concat();
    assert_eq!(have_returned(&server, JID).await, all, "nothing is lost, nothing is there twice");
    ready_again(&server).await;
    drop(m1);
    server.stop().await;
}
