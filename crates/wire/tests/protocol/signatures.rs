//! What a signature covers.

use raas_wire::{
    key,
    signature::{SignedReply, SignedRequest},
};

#[test]
fn a_request_is_bound_to_its_method_path_time_nonce_and_body() {
    let secret = key::from_random(&[7; 32]);
    let request = SignedRequest {
        method: "POST",
        path_and_query: "/plugin/v1/reports?x=1",
        time: "t",
        nonce: "n",
        body: b"body",
    };
    let signature = request.sign(&secret);
    let public = secret.verifying_key();
    assert!(request.verify(&public, &signature));
    for changed in [
        SignedRequest { method: "GET", ..request },
        SignedRequest { path_and_query: "/plugin/v1/reports?x=2", ..request },
        SignedRequest { time: "u", ..request },
        SignedRequest { nonce: "m", ..request },
        SignedRequest { body: b"bodY", ..request },
    ] {
        assert!(!changed.verify(&public, &signature), "{changed:?}");
    }
    assert!(!request.verify(&key::from_random(&[8; 32]).verifying_key(), &signature));
    assert!(!request.verify(&public, "not base64 !"));
    assert!(!request.verify(&public, ""));
}

#[test]
fn a_reply_is_bound_to_the_nonce_of_its_request() {
    let secret = key::from_random(&[7; 32]);
    let reply = SignedReply { nonce: "n", status: 200, body: b"{}" };
    let signature = reply.sign(&secret);
    assert!(reply.verify(&secret.verifying_key(), &signature));
    assert!(!SignedReply { nonce: "old", ..reply }.verify(&secret.verifying_key(), &signature));
    assert!(!SignedReply { status: 403, ..reply }.verify(&secret.verifying_key(), &signature));
}

#[test]
fn keys_survive_their_pem_and_strange_pems_are_refused() {
    let secret = key::from_random(&[9; 32]);
    let public = secret.verifying_key();
    let back = key::private_from_pem(&key::private_to_pem(&secret).unwrap()).unwrap();
    assert_eq!(back.to_bytes(), secret.to_bytes());
    assert_eq!(key::public_from_pem(&key::public_to_pem(&public).unwrap()).unwrap(), public);
    assert_eq!(key::fingerprint(&public).len(), 64);
    assert!(key::public_from_pem("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----").is_err());
    assert!(key::private_from_pem("").is_err());
}
