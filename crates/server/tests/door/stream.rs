//! `/stream`: a snapshot number, then numbered changes; who comes back goes on where it was.

use futures_util::StreamExt as _;
use raas_wire::ClusterKind;
use serde_json::Value;

use crate::support::Server;

/// Reads events until one has this text; returns its id.
async fn read_until(server: &Server, last: Option<&str>, wanted: &str) -> (String, String) {
    let token = server.root.token().await.unwrap();
    let mut request =
        server.http.get(format!("{}/stream", server.url)).header("authorization", format!("JWT {token}"));
    if let Some(last) = last {
        request = request.header("last-event-id", last);
    }
    let response = request.send().await.unwrap();
    assert_eq!(response.status(), 200);
    let mut chunks = response.bytes_stream();
    let mut text = String::new();
    let reading = async {
        loop {
            text += std::str::from_utf8(&chunks.next().await.unwrap().unwrap()).unwrap();
            if let Some(event) = text.split("\n\n").find(|event| event.contains(wanted)) {
                let id = event.lines().find_map(|line| line.strip_prefix("id: ")).unwrap().to_owned();
                return (id, text.clone());
            }
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(20), reading).await.expect("the event never came")
}

#[tokio::test]
async fn changes_are_numbered_and_a_client_that_was_away_misses_none() {
    let server = Server::start().await;
    let refused = server.http.get(format!("{}/stream", server.url)).send().await.unwrap();
    assert_eq!(refused.status(), 401);

    let (snapshot, text) = read_until(&server, None, "event: snapshot").await;
    assert!(!text.contains("event: change"), "{text}");
    server.plugin("m1").of("eu", ClusterKind::Hot).enroll().await.unwrap();
    let (id, text) = read_until(&server, Some(&snapshot), "event: change").await;
    let data = text
        .lines()
        .find_map(|line| line.strip_prefix("data: ").filter(|data| data.contains("topic")))
        .unwrap();
    let change: Value = serde_json::from_str(data).unwrap();
    assert_eq!((&change["topic"], &change["cluster_id"]), (&Value::from("masters"), &Value::from("eu")));
    assert!(id.ends_with(&format!(":{}", change["number"])), "{id}");

    let (_, text) = read_until(&server, Some("another-server:7"), "event: snapshot").await;
    assert!(text.starts_with("event: snapshot"), "a number of another server means nothing: {text}");
    server.stop().await;
}

#[tokio::test]
async fn a_ticket_opens_one_stream_for_a_client_that_cannot_send_a_header() {
    let server = Server::start().await;
    let ticket = server.raw("auth.get_ws_ticket", Value::Null, Value::Null).await.unwrap();
    let url = format!("{}/stream?ticket={}", server.url, ticket.as_str().unwrap());
    let opened = server.http.get(&url).send().await.unwrap();
    assert_eq!(
        (opened.status().as_u16(), opened.headers()["content-type"].to_str().unwrap()),
        (200, "text/event-stream")
    );
    assert_eq!(server.http.get(&url).send().await.unwrap().status(), 401, "it is used up");
    let late = server.raw("auth.get_ws_ticket", Value::Null, Value::Null).await.unwrap();
    server.clock.advance(61);
    let url = format!("{}/stream?ticket={}", server.url, late.as_str().unwrap());
    assert_eq!(server.http.get(&url).send().await.unwrap().status(), 401, "it is too old");
    let elsewhere = format!("{}/rpc?ticket={}", server.url, late.as_str().unwrap());
    assert_eq!(server.http.post(&elsewhere).send().await.unwrap().status(), 401);
    drop(opened);
    server.stop().await;
}
