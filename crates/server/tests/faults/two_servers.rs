//! Two servers on one database, behind any load balancer: either answers any call, and what one does the other knows.

use std::sync::Arc;

use futures_util::StreamExt as _;
use raas_api::{
    CommandKind, MasterKeyState, OutcomeState,
    cmd::{RouteCmd, RouteCmdParams},
    master::{GetMasterDetails, GetMasterDetailsParams},
};
use raas_db::testing::TestDb;
use raas_wire::{ClusterKind::Failover, Ran, Report, ReturnSource, RunStarted, Work};
use serde_json::{Value, json};

use crate::commands::{
    hands::{a_return, cluster, publication},
    watch::{details, send},
};
use crate::support::{PASSWORD, PATIENCE, Plugin, Server, until};

async fn two() -> (Server, Server) {
    let db = Arc::new(TestDb::new().await.unwrap());
    let limits = |config: &mut raas_server::config::Config| config.auth.attempts = 3;
    let a = Server::on(db.clone(), Arc::default(), limits).await;
    let b = Server::on(db, a.clock.clone(), limits).await;
    (a, b)
}

/// The next calls of this plugin go to that server, as a load balancer may decide.
fn goes_to(plugin: &mut Plugin, server: &Server) {
    plugin.url.clone_from(&server.url);
}

async fn last_seen(server: &Server) -> Option<jiff::Timestamp> {
    server.call::<GetMasterDetails>(&GetMasterDetailsParams::default()).await.results[0].last_seen
}

#[tokio::test]
async fn a_master_joins_at_one_and_its_held_call_wakes_when_the_other_routes_a_job() {
    let (a, b) = two().await;
    let mut m1 = a.plugin("m1").of("eu", Failover);
    assert_eq!(m1.enroll().await.unwrap().state, MasterKeyState::Pending);
    b.accept(&[&m1]).await;
    assert_eq!(m1.enroll().await.unwrap().state, MasterKeyState::Accepted);
    goes_to(&mut m1, &b);
    m1.beat().await.unwrap(); // the reply is signed by the same key: the plugin would refuse another
    m1.report([super::accepted(&["web1"]), super::alive(&m1, &["web1"])]).await;

    goes_to(&mut m1, &a);
    let before = last_seen(&b).await;
    a.clock.advance(1);
    let (work, jid) = tokio::join!(m1.commands(119_000), async {
        until("the held call arrived", async || {
            let seen = last_seen(&b).await;
            if seen > before { Ok(()) } else { Err(format!("{seen:?}")) }
        })
        .await;
        send(&b, "eu", "*").await
    });
    let work = work.unwrap();
    let [Work::Publish(publish)] = work.as_slice() else { panic!("{work:?}") };
    assert_eq!(publish.jid, jid.to_string());

    // Published and returned at A; B tells it and counts it.
    m1.report([Report::Published(publication(publish, &["web1"]))]).await;
    m1.report([a_return(&jid, "web1", json!(true), ReturnSource::Bus)]).await;
    assert_eq!(details(&b, &jid).await["web1"].state, OutcomeState::Succeeded);
    a.stop().await;
    b.stop().await;
}

#[tokio::test]
async fn a_run_that_one_server_gave_out_is_claimed_and_answered_at_the_other() {
    let (a, b) = two().await;
    let [mut m1] = a.cluster("eu", Failover, ["m1"]).await;
    let params = RouteCmdParams {
        cmd: Some(CommandKind::Runner),
        fun: Some("manage.up".to_owned()),
        masters: Some(vec!["eu".to_owned()]),
        ..RouteCmdParams::default()
    };
    let jid = b.call::<RouteCmd>(&params).await;
    let work = m1.beat().await.unwrap();
    let [Work::Run(run)] = work.as_slice() else { panic!("{work:?}") };
    goes_to(&mut m1, &b);
    let claim = Server::uuid();
    assert!(m1.claim(run.delivery_id, claim).await.unwrap().go);
    goes_to(&mut m1, &a);
    assert!(m1.claim(run.delivery_id, claim).await.unwrap().go, "asked again at the other: the same answer");
    assert!(!m1.claim(run.delivery_id, Server::uuid()).await.unwrap().go, "another attempt may not start it");
    let salt_jid = "20260101000000000001".to_owned();
    m1.report([Report::RunStarted(RunStarted { delivery_id: run.delivery_id, salt_jid })]).await;
    goes_to(&mut m1, &b);
    let ran = Ran {
        delivery_id: run.delivery_id,
        jid: run.jid.clone(),
        salt_jid: None,
        success: Some(true),
        fun: run.fun.clone(),
        ret: json!(["web1"]).into(),
        original: None,
    };
    m1.report([Report::Ran(ran)]).await;
    assert_eq!(details(&a, &jid).await["m1"].state, OutcomeState::Succeeded);
    a.stop().await;
    b.stop().await;
}

#[tokio::test]
async fn what_is_reported_to_one_is_seen_in_the_stream_of_the_other() {
    let (a, b) = two().await;
    let [m1] = a.cluster("eu", Failover, ["m1"]).await;
    let token = a.root.token().await.unwrap(); // of A, and good at B
    let request = b.http.get(format!("{}/stream", b.url)).header("authorization", format!("JWT {token}"));
    let response = request.send().await.unwrap();
    assert_eq!(response.status(), 200);
    let mut chunks = response.bytes_stream();
    let mut text = String::new();
    let mut read_until = async |wanted: &str| {
        while !text.contains(wanted) {
            text += std::str::from_utf8(&chunks.next().await.unwrap().unwrap()).unwrap();
        }
    };
    let reading = async {
        read_until("event: snapshot").await;
        m1.report([super::accepted(&["web1"]), super::alive(&m1, &["web1"])]).await;
        read_until("\"topic\":\"minions\"").await;
    };
    tokio::time::timeout(PATIENCE, reading).await.expect("B never told of it");
    a.stop().await;
    b.stop().await;
}

#[tokio::test]
async fn who_signed_in_at_one_is_known_at_the_other_and_who_guesses_is_locked_out_at_both() {
    let (a, b) = two().await;
    let token = a.root.token().await.unwrap();
    let echo = json!({"resource": "test", "method": "echo", "arg": ["hello"]});
    let with_token = async |server: &Server| {
        let request = server.http.post(format!("{}/rpc", server.url)).json(&echo);
        let answer = request.header("authorization", format!("JWT {token}")).send().await.unwrap();
        answer.json::<Value>().await.unwrap()["ret"].clone()
    };
    assert_eq!((with_token(&a).await, with_token(&b).await), (json!("hello"), json!("hello")));

    let sign_in = async |server: &Server, password: &str| {
        let request = server.http.post(format!("{}/rpc", server.url)).json(&echo);
        request.basic_auth("root", Some(password)).send().await.unwrap().status().as_u16()
    };
    for server in [&a, &b, &a] {
        assert_eq!(sign_in(server, "guess").await, 401);
    }
    assert_eq!(sign_in(&b, PASSWORD).await, 429, "three guesses in all are too many at either");
    assert_eq!(with_token(&b).await, json!("hello"), "who is signed in stays so");
    a.clock.advance(31);
    assert_eq!(sign_in(&b, PASSWORD).await, 200);
    a.stop().await;
    b.stop().await;
}

#[tokio::test]
async fn a_server_that_dies_with_a_call_in_its_hands_changes_nothing_but_the_connection() {
    let (a, b) = two().await;
    let [mut m1] = cluster(&a, Failover, ["m1"], &[("w1", &["m1"])]).await;
    let jid = send(&a, "eu-web", "*").await;
    let publish = m1.publish(&a).await;
    a.kill();
    // The plugin's answer goes to B, and once more, as it cannot know what came of the first time.
    goes_to(&mut m1.plugin, &b);
    let batch = m1.plugin.batch([
        Report::Published(publication(&publish, &["w1"])),
        a_return(&jid, "w1", json!(true), ReturnSource::Bus),
    ]);
    for _ in 0..2 {
        m1.plugin.send_batch(&batch).await.unwrap();
    }
    let w1 = &details(&b, &jid).await["w1"];
    assert!(w1.state == OutcomeState::Succeeded && w1.witnesses == 1 && !w1.ran_twice, "{w1:?}");
    b.stop().await;
}
