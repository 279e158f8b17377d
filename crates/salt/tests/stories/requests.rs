//! The request port: what is sent, what replies mean, and what may have happened when none comes.

use std::sync::Arc;
use std::time::Duration;

use raas_salt::{MasterConfig, Publication, PublishRequest, RequestError, Requests, msgpack};
use rmpv::Value;
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

use super::master;

const LIMIT: Duration = Duration::from_secs(5);
const SHORT: Duration = Duration::from_millis(200);

/// What the stand-in does with one request.
#[derive(Clone)]
enum Does {
    Say(serde_json::Value),
    HangUp,
    Nothing,
    /// With a ping; others are answered beside the script.
    Pinged(Pinged),
}

#[derive(Clone, Copy)]
enum Pinged {
    HangsUp,
    Sleeps,
}

/// A request port that speaks ZMTP by the specification, one behaviour per request.
async fn port(script: Vec<Does>) -> (MasterConfig, UnboundedReceiver<Value>, tempfile::TempDir) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (heard, hears) = unbounded_channel();
    let ret_port = listener.local_addr().unwrap().port();
    let script = Arc::new(tokio::sync::Mutex::new(script.into_iter()));
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(serve(stream, Arc::clone(&script), heard.clone()));
        }
    });
    let dir = tempfile::tempdir().unwrap();
    (master(dir.path(), &format!("interface: 127.0.0.1\nret_port: {ret_port}\n")), hears, dir)
}

async fn serve(
    mut stream: TcpStream,
    script: Arc<tokio::sync::Mutex<std::vec::IntoIter<Does>>>,
    heard: tokio::sync::mpsc::UnboundedSender<Value>,
) -> std::io::Result<()> {
    let mut greeting = [0; 64];
    stream.read_exact(&mut greeting).await?;
    // A greeting is its own mirror image, apart from `as-server`.
    stream.write_all(&greeting).await?;
    let (_, ready) = frame(&mut stream).await?;
    assert!(ready.starts_with(b"\x05READY\x0bSocket-Type\0\0\0\x03REQ"));
    let reply = b"\x05READY\x0bSocket-Type\0\0\0\x06ROUTER\x08Identity\0\0\0\0";
    stream.write_all(&[&[4, u8::try_from(reply.len()).unwrap()], reply.as_slice()].concat()).await?;
    loop {
        assert_eq!(frame(&mut stream).await?, (1, Vec::new()));
        let (_, request) = frame(&mut stream).await?;
        let request = msgpack::read(&request).unwrap();
        let mut script = script.lock().await;
        if is_ping(&request) && !matches!(script.as_slice().first(), Some(Does::Pinged(_))) {
            drop(script);
            say(&mut stream, &json!({})).await?;
            continue;
        }
        let _ = heard.send(request);
        let does = script.next().unwrap_or(Does::Nothing);
        drop(script);
        match does {
            Does::Say(reply) => say(&mut stream, &reply).await?,
            Does::HangUp => return Ok(()),
            Does::Pinged(Pinged::HangsUp) => return say(&mut stream, &json!({})).await,
            Does::Nothing | Does::Pinged(Pinged::Sleeps) => std::future::pending().await,
        }
    }
}

fn is_ping(request: &Value) -> bool {
    msgpack::get(request, "load").and_then(|load| msgpack::text(load, "cmd")) == Some("ping")
}

async fn say(stream: &mut TcpStream, reply: &serde_json::Value) -> std::io::Result<()> {
    let body = msgpack::write(&msgpack::from_json(reply));
    // A ping of ZMTP 3.1 first: it has to be answered, not taken for the reply.
    let mut bytes = b"\x04\x09\x04PING\0\x10ab\x01\0\x02".to_vec();
    bytes.extend((body.len() as u64).to_be_bytes());
    bytes.extend(body);
    stream.write_all(&bytes).await?;
    assert_eq!(frame(stream).await?, (4, b"\x04PONGab".to_vec()));
    Ok(())
}

async fn frame(stream: &mut TcpStream) -> std::io::Result<(u8, Vec<u8>)> {
    let flags = stream.read_u8().await?;
    let length = if flags & 2 == 0 { u64::from(stream.read_u8().await?) } else { stream.read_u64().await? };
    let mut body = vec![0; usize::try_from(length).unwrap()];
    stream.read_exact(&mut body).await?;
    Ok((flags & 5, body))
}

fn job() -> PublishRequest {
    PublishRequest {
        jid: "20260102030405000678".to_owned(),
        fun: "test.ping".to_owned(),
        arg: json!(["x".repeat(300), {"__kwarg__": true, "a": 1}]),
        tgt: json!(["web1"]),
        tgt_type: "list".to_owned(),
        user: "alice".to_owned(),
        metadata: Some(json!({"k": 1})),
    }
}

fn sent() -> serde_json::Value {
    json!({"enc": "clear", "load": {"jid": "20260102030405000678", "minions": ["web1"], "missing": ["web2"]}})
}

#[tokio::test]
async fn a_publish_carries_our_jid_and_the_key_and_names_who_matches() {
    let (config, mut heard, _dir) = port(vec![Does::Say(sent())]).await;
    let answer = Requests::new(&config).publish(&job(), LIMIT).await.unwrap();
    assert_eq!(answer, Publication::Sent { minions: vec!["web1".into()], missing: vec!["web2".into()] });
    let request = raas_salt::to_json(&heard.recv().await.unwrap()).text;
    let request: serde_json::Value = serde_json::from_str(&request).unwrap();
    let load = json!({
        "cmd": "publish", "fun": "test.ping", "arg": job().arg, "tgt": ["web1"], "tgt_type": "list",
        "jid": "20260102030405000678", "ret": "", "user": "alice", "key": "the key", "kwargs": {"metadata": {"k": 1}},
    });
    assert_eq!(request, json!({"enc": "clear", "load": load, "version": 3}));
}

#[tokio::test]
async fn salts_answers_are_told_apart() {
    let none = json!({"load": {"jid": null, "minions": [], "error": "Master could not resolve minions for target x"}});
    let auth = json!({"error": {"name": "AuthenticationError", "message": "Authentication error occurred."}});
    let forbidden = json!({"error": {"name": "AuthorizationError", "message": "not for you"}});
    let script = [
        none,
        auth,
        forbidden,
        json!("bad load"),
        json!("Some exception handling minion payload"),
        json!({}),
    ];
    let (config, _heard, _dir) = port(script.into_iter().map(Does::Say).collect()).await;
    let requests = Requests::new(&config);
    assert_eq!(requests.publish(&job(), LIMIT).await.unwrap(), Publication::MatchedNone);
    let mut errors = Vec::new();
    for _ in 0..5 {
        errors.push(requests.publish(&job(), LIMIT).await.unwrap_err());
    }
    assert!(matches!(&errors[0], RequestError::Authentication { .. }), "{:?}", errors[0]);
    assert!(
        matches!(&errors[1], RequestError::Refused(why) if why.contains("not for you")),
        "{:?}",
        errors[1]
    );
    assert!(matches!(&errors[2], RequestError::Refused(_)), "{:?}", errors[2]);
    assert!(errors[3].may_have_happened(), "an exception may come after the deed");
    assert!(matches!(&errors[4], RequestError::Refused(_)), "{:?}", errors[4]);
}

#[tokio::test]
async fn a_publish_on_a_connection_that_died_is_sent_again_and_a_runner_never_is() {
    let started = json!({"tag": "salt/run/7", "jid": "7"});
    let script = vec![Does::Say(sent()), Does::HangUp, Does::Say(sent()), Does::HangUp, Does::Say(started)];
    let (config, mut heard, _dir) = port(script).await;
    let requests = Requests::new(&config);
    for _ in 0..2 {
        assert!(requests.publish(&job(), LIMIT).await.is_ok());
    }
    let error = requests.runner("jobs.active", &json!([]), &json!({}), "bob", LIMIT).await.unwrap_err();
    assert!(error.may_have_happened(), "{error}");
    assert_eq!(requests.runner("jobs.active", &json!([]), &json!({}), "bob", LIMIT).await.unwrap().jid, "7");
    heard.close();
    let mut count = 0;
    while heard.recv().await.is_some() {
        count += 1;
    }
    assert_eq!(count, 5);
}

#[tokio::test]
async fn a_publish_that_salt_read_before_it_went_away_may_have_been_carried_out() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let dir = tempfile::tempdir().unwrap();
    let config = master(dir.path(), &format!("interface: 127.0.0.1\nret_port: {port}\n"));
    let (heard, mut hears) = unbounded_channel();
    tokio::spawn(async move {
        let (stream, _) = listener.accept().await.unwrap();
        drop(listener);
        let script = vec![Does::Say(sent()), Does::HangUp].into_iter();
        serve(stream, Arc::new(tokio::sync::Mutex::new(script)), heard).await
    });
    let requests = Requests::new(&config);
    requests.publish(&job(), LIMIT).await.unwrap();
    let error = requests.publish(&job(), LIMIT).await.unwrap_err();
    assert!(error.may_have_happened(), "{error}");
    assert!(hears.recv().await.is_some() && hears.recv().await.is_some(), "both were read");
    // Nothing of the next one is sent anywhere.
    let error = requests.publish(&job(), LIMIT).await.unwrap_err();
    assert!(matches!(error, RequestError::Unreachable { .. }), "{error}");
}

/// A new one costs a busy master a ping more.
#[tokio::test]
async fn connections_are_kept_for_as_many_requests_as_run_side_by_side() {
    let (config, mut heard, _dir) = port(vec![Does::Say(sent()); 8]).await;
    let requests = Requests::new(&config);
    for _ in 0..2 {
        let [a, b] = [job(), job()];
        let both = tokio::join!(requests.publish(&a, LIMIT), requests.publish(&b, LIMIT));
        assert!(both.0.is_ok() && both.1.is_ok(), "{both:?}");
        // The second time nobody is pinged first: both connections answered just now.
    }
    for _ in 0..4 {
        assert!(!is_ping(&heard.recv().await.unwrap()));
    }
    assert_eq!(requests.idle_connections(), 2);
}

#[tokio::test]
async fn a_kept_connection_that_was_closed_meanwhile_is_not_used() {
    let (config, _heard, _dir) = port(vec![Does::Pinged(Pinged::HangsUp)]).await;
    let requests = Requests::new(&config);
    requests.ping(LIMIT).await.unwrap();
    requests.ping(LIMIT).await.unwrap();
}

/// What lay in its buffers would be carried out whenever it wakes.
#[tokio::test]
async fn nothing_is_sent_to_a_master_that_sleeps() {
    let (config, mut heard, _dir) = port(vec![Does::Say(sent()), Does::Pinged(Pinged::Sleeps)]).await;
    let requests = Requests::new(&config);
    requests.publish(&job(), LIMIT).await.unwrap();
    tokio::time::sleep(SHORT).await; // its last answer says nothing of now any more
    let error = requests.publish(&job(), SHORT).await.unwrap_err();
    assert!(matches!(error, RequestError::Unreachable { mute: true, .. }), "{error}");
    assert!(!is_ping(&heard.recv().await.unwrap()) && is_ping(&heard.recv().await.unwrap()));
    assert!(heard.try_recv().is_err(), "the second job was not sent");
}

#[tokio::test]
async fn a_wheel_answers_with_its_result() {
    let reply = json!({"tag": "salt/wheel/8", "data": {"jid": "8", "success": true, "return": {"minions": ["web1"]}}});
    let (config, mut heard, _dir) = port(vec![Does::Say(reply)]).await;
    let wheel =
        Requests::new(&config).wheel("key.list_all", &json!([1]), &json!({"a": 2}), "bob", LIMIT).await;
    let wheel = wheel.unwrap();
    assert!(wheel.success && wheel.jid.as_deref() == Some("8"));
    let request = heard.recv().await.unwrap();
    let load = msgpack::get(&request, "load").unwrap();
    assert_eq!(raas_salt::to_json(msgpack::get(load, "arg").unwrap()).text, "[1]");
    assert_eq!(raas_salt::to_json(msgpack::get(load, "kwarg").unwrap()).text, "{\"a\":2}");
}

#[tokio::test]
async fn a_request_that_is_not_answered_may_have_been_carried_out() {
    let (config, _heard, _dir) = port(vec![Does::Nothing]).await;
    let error = Requests::new(&config).publish(&job(), SHORT).await.unwrap_err();
    assert!(matches!(error, RequestError::Unanswered { .. }), "{error}");
}

#[tokio::test]
async fn where_nothing_was_sent_it_says_so() {
    let (config, _heard, _dir) = port(vec![]).await;
    // Takes connections, and says nothing: a frozen master.
    let frozen = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let mute = MasterConfig { ret_port: frozen.local_addr().unwrap().port(), ..config.clone() };
    let error = Requests::new(&mute).ping(SHORT).await.unwrap_err();
    assert!(matches!(error, RequestError::Unreachable { mute: true, .. }), "{error}");
    drop(frozen);
    let error = Requests::new(&mute).ping(LIMIT).await.unwrap_err();
    assert!(matches!(error, RequestError::Unreachable { mute: false, .. }), "{error}");
    std::fs::remove_file(config.cachedir.join(".root_key")).unwrap();
    let error = Requests::new(&config).publish(&job(), LIMIT).await.unwrap_err();
    assert!(matches!(&error, RequestError::Key { path, .. } if path.ends_with(".root_key")), "{error}");
}

#[tokio::test]
async fn with_another_users_key_only_that_user_is_named() {
    let (config, mut heard, dir) = port(vec![Does::Say(sent())]).await;
    let config = MasterConfig { user: "daemon".to_owned(), ..config };
    std::fs::rename(dir.path().join("cache/.root_key"), dir.path().join("cache/.daemon_key")).unwrap();
    Requests::new(&config).publish(&job(), LIMIT).await.unwrap();
    let request = heard.recv().await.unwrap();
    assert_eq!(msgpack::text(msgpack::get(&request, "load").unwrap(), "user"), Some("daemon"));
}

#[tokio::test]
async fn plain_tcp_is_spoken_where_the_master_does() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let dir = tempfile::tempdir().unwrap();
    let config = master(dir.path(), &format!("interface: 127.0.0.1\nret_port: {port}\ntransport: tcp\n"));
    let salt = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut requests = Vec::new();
        for body in [json!({}), sent()] {
            let mut bytes = vec![0; 4096];
            let read = stream.read(&mut bytes).await.unwrap();
            requests.push(msgpack::read(&bytes[..read]).unwrap());
            for byte in msgpack::write(&msgpack::from_json(&json!({"head": {"mid": 1}, "body": body}))) {
                stream.write_all(&[byte]).await.unwrap();
            }
        }
        requests.pop().unwrap()
    });
    let answer = Requests::new(&config).publish(&job(), LIMIT).await.unwrap();
    assert!(matches!(answer, Publication::Sent { .. }));
    let request = salt.await.unwrap();
    let body = msgpack::get(&request, "body").unwrap();
    assert_eq!(msgpack::text(body, "enc"), Some("clear"));
}
