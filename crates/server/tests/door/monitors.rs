//! What load balancers, monitors and curious people ask without signing in.

use serde_json::Value;

use crate::support::{Server, until};

async fn get(server: &Server, path: &str) -> (u16, String) {
    let response = server.http.get(format!("{}{path}", server.url)).send().await.unwrap();
    (response.status().as_u16(), response.text().await.unwrap())
}

#[tokio::test]
async fn health_version_and_metrics_need_no_sign_in() {
    let server = Server::start().await;
    assert_eq!(get(&server, "/health/live").await.0, 200);
    until("the server is ready", async || match get(&server, "/health/ready").await {
        (200, _) => Ok(()),
        other => Err(format!("{other:?}")),
    })
    .await;
    let (status, body) = get(&server, "/version").await;
    let version: Value = serde_json::from_str(&body).unwrap();
    assert_eq!((status, &version["raas"]), (200, &Value::from(env!("CARGO_PKG_VERSION"))));

    server.raw("test.echo", serde_json::json!(["x"]), serde_json::json!({})).await.unwrap();
    let (status, metrics) = get(&server, "/metrics").await;
    assert_eq!(status, 200);
    assert!(
        metrics.contains("raas_rpc_request_count") && metrics.contains("method=\"test.echo\""),
        "{metrics}"
    );
    server.stop().await;
}

#[tokio::test]
async fn an_unknown_path_says_where_the_api_is_and_every_reply_is_guarded() {
    let server = Server::start().await;
    let response = server.http.get(format!("{}/nothing/here", server.url)).send().await.unwrap();
    assert_eq!(response.status(), 404);
    for (name, value) in [
        ("x-content-type-options", "nosniff"),
        ("x-frame-options", "DENY"),
        ("referrer-policy", "no-referrer"),
    ] {
        assert_eq!(response.headers()[name], value);
    }
    assert!(response.text().await.unwrap().contains("the API is POST /rpc"));
    server.stop().await;
}
