//! The plugins' door opens only to who holds an accepted key, now, for exactly this call; and the server proves itself.

use raas_wire::{Committed, Enrolled, RefusalCode, Report, path, signature::SignedReply};

use super::{accepted, seen};
use crate::support::{Plugin, Refused, Request, Server};

async fn refused(plugin: &Plugin, request: &Request) -> Refused {
    plugin.send::<serde_json::Value>(request).await.unwrap_err()
}

#[tokio::test]
async fn a_call_counts_only_as_it_was_signed() {
    let server = Server::start().await;
    let (m1, m2) = (server.plugin("m1"), server.plugin("m2"));
    server.join(&m1).await;
    let good = m1.signed("GET", &m1.commands_path(0, |_| {}), Vec::new());
    m1.send::<serde_json::Value>(&good).await.unwrap();
    let stranger = m2.signed("GET", &good.path_and_query, Vec::new());
    for (spoilt, code) in [
        (Request { path_and_query: m1.commands_path(1, |_| {}), ..good.clone() }, RefusalCode::Signature),
        (Request { nonce: "another".to_owned(), ..good.clone() }, RefusalCode::Signature),
        (Request { body: b"{}".to_vec(), ..good.clone() }, RefusalCode::Signature),
        (Request { signature: stranger.signature.clone(), ..good.clone() }, RefusalCode::Signature),
        (Request { signature: "AAAA".to_owned(), ..good.clone() }, RefusalCode::Signature),
        (Request { signature: String::new(), ..good.clone() }, RefusalCode::Signature),
        (Request { nonce: String::new(), ..good.clone() }, RefusalCode::Signature),
        (Request { time: String::new(), ..good.clone() }, RefusalCode::Signature),
        (Request { fingerprint: String::new(), ..good.clone() }, RefusalCode::Signature),
        (stranger, RefusalCode::NotAccepted),
    ] {
        let refused = refused(&m1, &spoilt).await;
        assert_eq!(refused.refusal.code, code, "{spoilt:?}: {}", refused.refusal.message);
        assert!(refused.status == 401 || refused.status == 403, "{}", refused.status);
    }
    server.stop().await;
}

#[tokio::test]
async fn a_recorded_call_is_worthless_after_two_minutes() {
    let server = Server::start().await;
    let m1 = server.plugin("m1");
    server.join(&m1).await;
    let batch = m1.batch([accepted(&["web1"])]);
    let recorded = m1.signed("POST", path::REPORTS, raas_wire::encode(&batch).unwrap());
    let first: Committed = m1.send(&recorded).await.unwrap();
    let again: Committed = m1.send(&recorded).await.unwrap();
    assert_eq!(first, again, "within its time a call that is safe to repeat is repeated");

    server.clock.advance(121);
    let late = refused(&m1, &recorded).await;
    assert_eq!((late.status, late.refusal.code), (401, RefusalCode::Clock));
    assert!(late.refusal.message.contains("at most 120 are taken"), "{}", late.refusal.message);
    assert!(
        late.refusal.server_time.duration_since(server.now()).as_secs().abs() < 5,
        "it says what time it is"
    );
    let resigned = Request { time: server.now().to_string(), ..recorded };
    assert_eq!(refused(&m1, &resigned).await.refusal.code, RefusalCode::Signature, "the time is signed too");
    server.stop().await;
}

#[tokio::test]
async fn enrolment_proves_possession_of_the_key_it_names() {
    let server = Server::start().await;
    let (m1, thief) = (server.plugin("m1"), server.plugin("m1"));
    let body = serde_json::to_vec(&m1.introduction()).unwrap();
    let signed_by_thief = thief.signed("POST", path::ENROLL, body.clone());
    let error = refused(&thief, &signed_by_thief).await;
    assert_eq!(error.refusal.code, RefusalCode::Signature);
    assert!(
        error.refusal.message.contains(&m1.fingerprint())
            && error.refusal.message.contains(&thief.fingerprint())
    );
    let named = Request { fingerprint: m1.fingerprint(), ..signed_by_thief };
    assert_eq!(refused(&thief, &named).await.refusal.code, RefusalCode::Signature);
    let garbage = m1.signed("POST", path::ENROLL, b"{\"master_id\": 7}".to_vec());
    assert_eq!(refused(&m1, &garbage).await.refusal.code, RefusalCode::Malformed);
    m1.send::<Enrolled>(&m1.signed("POST", path::ENROLL, body)).await.unwrap();
    server.stop().await;
}

#[tokio::test]
async fn every_reply_is_signed_over_the_nonce_of_its_request() {
    let server = Server::start().await;
    let m1 = server.plugin("m1");
    server.join(&m1).await;
    let enrolled = m1.enroll().await.unwrap();
    let server_key = raas_wire::key::public_from_pem(&enrolled.server_key).unwrap();
    let request = m1.signed("GET", &m1.commands_path(0, |_| {}), Vec::new());
    let (status, body, signature) = m1.raw(&request).await;
    let reply = SignedReply { nonce: &request.nonce, status, body: &body };
    assert!(reply.verify(&server_key, &signature));
    assert!(!SignedReply { nonce: "another", ..reply }.verify(&server_key, &signature));
    let unsigned = Request { signature: String::new(), ..request };
    let (status, body, signature) = m1.raw(&unsigned).await;
    let reply = SignedReply { nonce: &unsigned.nonce, status, body: &body };
    assert!(status == 401 && reply.verify(&server_key, &signature), "a refusal, too");
    server.stop().await;
}

#[tokio::test]
async fn what_cannot_be_read_is_refused_by_its_kind() {
    let server = Server::start().await;
    let m1 = server.plugin("m1");
    server.join(&m1).await;
    let beat = m1.signed("GET", &m1.commands_path(0, |_| {}), Vec::new());
    let old = refused(&m1, &Request { protocol: "0".to_owned(), ..beat.clone() }).await;
    assert_eq!((old.status, old.refusal.code), (400, RefusalCode::Malformed));
    assert!(old.refusal.message.contains("this server speaks 1"), "{}", old.refusal.message);
    for (request, status) in [
        (m1.signed("GET", "/plugin/v1/commands?wait_ms=now", Vec::new()), 400),
        (m1.signed("POST", path::REPORTS, b"not compressed".to_vec()), 400),
        (m1.signed("POST", path::CLAIM, b"{}".to_vec()), 400),
        (m1.signed("POST", path::CLAIM, vec![b' '; 2 << 20]), 413),
    ] {
        let refused = refused(&m1, &request).await;
        assert_eq!(refused.status, status, "{}: {}", request.path_and_query, refused.refusal.message);
    }
    let bomb = zstd::encode_all(vec![0_u8; (256 << 20) + 1].as_slice(), 3).unwrap();
    let refused = refused(&m1, &m1.signed("POST", path::REPORTS, bomb)).await;
    assert_eq!((refused.status, refused.refusal.code), (413, RefusalCode::TooLarge));
    m1.report([seen(&[], raas_wire::Evidence::Ping, m1.now()), Report::Seen(Vec::new())]).await;
    server.stop().await;
}
