//! The text that is signed, in both directions, and the headers that carry the signatures.
//!
//! A request proves who asks: its signature covers method, path with query, the server's time as the plugin
//! estimates it, a nonce and the body. A reply proves who answers: it covers the request's nonce, the status and the body.
//! A replay inside [`MAX_SKEW_S`] repeats a call that is safe to repeat.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use sha2::{Digest as _, Sha256};

/// Protocol version, see [`crate::PROTOCOL`].
pub const PROTOCOL_HEADER: &str = "x-raas-protocol";
/// Fingerprint of the key that signed (see [`crate::key::fingerprint`]).
pub const KEY_HEADER: &str = "x-raas-key";
/// RFC 3339; the *server's* time as the plugin estimates it.
pub const TIME_HEADER: &str = "x-raas-time";
/// Drawn per request, base64.
pub const NONCE_HEADER: &str = "x-raas-nonce";
/// Base64 of the Ed25519 signature; on requests and on replies.
pub const SIGNATURE_HEADER: &str = "x-raas-signature";
/// How far the time of a request may be from the server's, in seconds.
pub const MAX_SKEW_S: i64 = 120;

/// What the signature of a request covers.
#[derive(Clone, Copy, Debug)]
pub struct SignedRequest<'a> {
    /// `GET` or `POST`.
    pub method: &'a str,
    /// As in the request line.
    pub path_and_query: &'a str,
    /// As in [`TIME_HEADER`].
    pub time: &'a str,
    /// As in [`NONCE_HEADER`].
    pub nonce: &'a str,
    /// As sent (still encoded).
    pub body: &'a [u8],
}

impl SignedRequest<'_> {
    fn text(&self) -> String {
        let Self { method, path_and_query, time, nonce, body } = self;
        format!("raas-request-v1\n{method}\n{path_and_query}\n{time}\n{nonce}\n{}", digest(body))
    }

    /// Value of [`SIGNATURE_HEADER`].
    pub fn sign(&self, key: &SigningKey) -> String {
        STANDARD.encode(key.sign(self.text().as_bytes()).to_bytes())
    }

    /// Whether `signature` was made with the private half of `key`.
    pub fn verify(&self, key: &VerifyingKey, signature: &str) -> bool {
        verified(key, &self.text(), signature)
    }
}

/// What the signature of a reply covers.
#[derive(Clone, Copy, Debug)]
pub struct SignedReply<'a> {
    /// Nonce of the request.
    pub nonce: &'a str,
    /// HTTP status.
    pub status: u16,
    /// As sent.
    pub body: &'a [u8],
}

impl SignedReply<'_> {
    fn text(&self) -> String {
        format!("raas-reply-v1\n{}\n{}\n{}", self.nonce, self.status, digest(self.body))
    }

    /// Value of [`SIGNATURE_HEADER`].
    pub fn sign(&self, key: &SigningKey) -> String {
        STANDARD.encode(key.sign(self.text().as_bytes()).to_bytes())
    }

    /// Whether `signature` was made with the private half of `key`.
    pub fn verify(&self, key: &VerifyingKey, signature: &str) -> bool {
        verified(key, &self.text(), signature)
    }
}

fn digest(body: &[u8]) -> String {
    hex::encode(Sha256::digest(body))
}

fn verified(key: &VerifyingKey, text: &str, signature: &str) -> bool {
    let Some(signature) =
        STANDARD.decode(signature).ok().and_then(|bytes| Signature::from_slice(&bytes).ok())
    else {
        return false;
    };
    key.verify_strict(text.as_bytes(), &signature).is_ok()
}
