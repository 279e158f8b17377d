//! Who sends slowly, too much, or by the wrong method, is answered in the shape of its door, and holds nothing for long.

use std::{fmt::Write as _, io, time::Duration};

use raas_wire::{RefusalCode, path};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    time::timeout,
};

use crate::support::{Plugin, Refused, Request, Server};

/// Sends this, then nothing more, and returns what came until the server closed the connection.
async fn says_no_more(server: &Server, said: &str) -> String {
    let address = server.url.strip_prefix("http://").unwrap();
    let mut connection = TcpStream::connect(address).await.unwrap();
    connection.write_all(said.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    let ended = timeout(Duration::from_secs(18), connection.read_to_end(&mut answer)).await;
    match ended {
        Ok(Ok(_)) => {}
        Ok(Err(error)) if error.kind() == io::ErrorKind::ConnectionReset => {}
        other => panic!("the connection was not closed: {other:?}"),
    }
    String::from_utf8(answer).unwrap()
}

fn head(request: &Request, length: usize) -> String {
    let mut text = format!("{} {} HTTP/1.1\r\nhost: raas\r\n", request.method, request.path_and_query);
    for (name, value) in request.headers() {
        let _ = write!(text, "{name}: {value}\r\n");
    }
    format!("{text}content-length: {length}\r\n\r\n")
}

#[tokio::test]
async fn who_stops_in_the_middle_is_answered_and_let_go() {
    let server = Server::start().await;
    let m1 = server.plugin("m1");
    server.join(&m1).await;
    let jwt = server.root.token().await.unwrap();
    let call = format!(
        "POST /rpc HTTP/1.1\r\nhost: raas\r\nauthorization: JWT {jwt}\r\ncontent-length: 900\r\n\r\n{{\"resource\":"
    );
    let reports = head(&m1.signed("POST", path::REPORTS, vec![1; 900]), 900) + "some";
    let (nothing, half_a_head, api, plugin) = tokio::join!(
        says_no_more(&server, ""),
        says_no_more(&server, "POST /rpc HTTP/1.1\r\nhost: ra"),
        says_no_more(&server, &call),
        says_no_more(&server, &reports),
    );
    assert_eq!((nothing.as_str(), half_a_head.as_str()), ("", ""));
    assert!(api.starts_with("HTTP/1.1 408 ") && api.contains("\"code\":408"), "{api}");
    assert!(api.contains("the body did not arrive in time"), "{api}");
    assert!(plugin.starts_with("HTTP/1.1 503 ") && plugin.contains("did not arrive in time"), "{plugin}");
    server.stop().await;
}

#[tokio::test]
async fn a_plugin_that_does_not_sign_is_refused_before_its_body_is_awaited() {
    let server = Server::start().await;
    let m1 = server.plugin("m1");
    server.join(&m1).await;
    let good = m1.signed("POST", path::REPORTS, vec![1; 900]);
    for spoilt in [
        Request { signature: String::new(), ..good.clone() },
        Request { fingerprint: String::new(), ..good.clone() },
        Request { nonce: "n".repeat(257), ..good.clone() },
    ] {
        let began = tokio::time::Instant::now();
        let answer = says_no_more(&server, &head(&spoilt, 900)).await;
        assert!(answer.starts_with("HTTP/1.1 40"), "{answer}");
        assert!(began.elapsed() < Duration::from_secs(8), "the body was awaited");
    }
    server.stop().await;
}

async fn reports(plugin: &Plugin, mib: usize) -> Refused {
    let request = plugin.signed("POST", path::REPORTS, vec![b'x'; mib << 20]);
    plugin.send::<Value>(&request).await.unwrap_err()
}

#[tokio::test]
async fn only_a_master_with_an_accepted_key_may_send_much() {
    let server = Server::start().await;
    let (m1, stranger, pending) = (server.plugin("m1"), server.plugin("m2"), server.plugin("m3"));
    server.join(&m1).await;
    pending.enroll().await.unwrap();
    for plugin in [&stranger, &pending] {
        let refused = reports(plugin, 2).await;
        assert_eq!((refused.status, refused.refusal.code), (403, RefusalCode::NotAccepted));
        assert!(refused.refusal.message.contains(&plugin.fingerprint()), "{}", refused.refusal.message);
    }
    assert_eq!(reports(&m1, 2).await.refusal.code, RefusalCode::Malformed, "it was read, and is nonsense");
    let too_much = (raas_wire::MAX_ENCODED >> 20) + 1;
    assert_eq!(reports(&m1, too_much).await.refusal.code, RefusalCode::TooLarge);
    server.stop().await;
}

#[tokio::test]
async fn a_body_over_the_limit_is_refused_with_the_limit_and_its_setting() {
    let server = Server::configured(|config| config.server.max_body_mib = 1).await;
    let large = json!({"resource": "test", "method": "echo", "kwarg": {"message": "x".repeat(2 << 20)}});
    let refused = json!({
        "riq": null,
        "ret": null,
        "error": {
            "code": 413,
            "message": "the body is larger than 1 MiB: send less at once, or raise server.max_body_mib",
            "detail": null
        },
        "warnings": []
    });
    assert_eq!(server.post(&large).await, (413, refused.clone()));

    // Without its length told ahead, and at the other door.
    let token = server.root.token().await.unwrap();
    let jwt = format!("JWT {token}");
    let head = format!(
        "POST /raas/rpc HTTP/1.1\r\nhost: raas\r\nauthorization: {jwt}\r\ntransfer-encoding: chunked\r\n\r\n"
    );
    let chunk = format!("{:x}\r\n{}\r\n", (1 << 20) + 1, "x".repeat((1 << 20) + 1));
    let answer = says_no_more(&server, &(head + &chunk)).await;
    assert!(answer.starts_with("HTTP/1.1 413 ") && answer.contains("server.max_body_mib"), "{answer}");
    let login = server.http.post(format!("{}/account/login", server.url)).json(&large).send().await.unwrap();
    assert_eq!((login.status().as_u16(), login.json::<Value>().await.unwrap()), (413, refused));
    server.stop().await;
}

#[tokio::test]
async fn a_wrong_method_is_answered_with_the_right_one() {
    let server = Server::start().await;
    for (method, path, said) in [
        ("GET", "/rpc", "GET /rpc is not served: calls of the API are POST /rpc"),
        ("DELETE", "/raas/rpc", "calls of the API are POST /raas/rpc"),
        ("PUT", "/account/login", "use GET or POST"),
    ] {
        let method = method.parse().unwrap();
        let answer = server.http.request(method, format!("{}{path}", server.url)).send().await.unwrap();
        assert_eq!(answer.status(), 405, "{path}");
        assert!(answer.headers().contains_key("allow"), "{path}: {:?}", answer.headers());
        let body: Value = answer.json().await.unwrap();
        assert_eq!((&body["riq"], &body["ret"], &body["warnings"]), (&Value::Null, &Value::Null, &json!([])));
        assert_eq!(body["error"]["code"], 405);
        assert!(body["error"]["message"].as_str().unwrap().contains(said), "{body}");
    }
    server.stop().await;
}
