//! The signed HTTP client: one request, one verified reply. When to call, and what to do with the answer, is decided elsewhere.

use std::sync::Arc;
use std::time::Duration;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use jiff::Timestamp;
use raas_wire::signature::{
    KEY_HEADER, NONCE_HEADER, PROTOCOL_HEADER, SIGNATURE_HEADER, SignedReply, SignedRequest, TIME_HEADER,
};
use raas_wire::{Claim, Claimed, Committed, Enroll, Enrolled, PROTOCOL, Refusal, RefusalCode, key, path};
use reqwest::{Method, Url};
use serde::{Serialize, de::DeserializeOwned};

use super::pin::{Pin, PinError};
use crate::clock::Clock;
use crate::identity::Identity;
use crate::random::Random;

/// How long a connection may take to come about.
const CONNECT: Duration = Duration::from_secs(10);
/// Bytes a second that even a slow line carries.
const SLOWEST: usize = 256 << 10;
/// Largest reply read.
const MAX_REPLY: usize = 64 << 20;

/// Why a call did not succeed.
#[derive(Debug, thiserror::Error)]
pub enum CallError {
    /// No reply.
    #[error("the server {server} does not answer: {why}")]
    Unreachable {
        /// Its URL.
        server: String,
        /// The cause.
        why: String,
    },
    /// The server is not the one this master knows.
    #[error(transparent)]
    Pin(#[from] PinError),
    /// A reply that the server's key did not sign.
    #[error(
        "a reply of {server} is not signed with the server's key: something between it and this master changes replies, or {server} is no raas server"
    )]
    Forged {
        /// The URL.
        server: String,
    },
    /// Refused.
    #[error("{message}")]
    Refused {
        /// Kind of refusal.
        code: RefusalCode,
        /// The server's sentence.
        message: String,
    },
    /// A reply that cannot be understood.
    #[error("a reply of {server} cannot be understood: {why}")]
    Garbled {
        /// The URL.
        server: String,
        /// The cause.
        why: String,
    },
}

impl CallError {
    /// The kind of refusal, if it is one.
    pub fn code(&self) -> Option<RefusalCode> {
        if let Self::Refused { code, .. } = self { Some(*code) } else { None }
    }

    /// The word for the standing of a master whose calls fail so.
    pub(super) fn standing(&self) -> &'static str {
        match self {
            Self::Pin(_) | Self::Forged { .. } => "untrusted",
            Self::Refused { code: RefusalCode::Unavailable, .. } | Self::Unreachable { .. } => "unreachable",
            Self::Refused { .. } | Self::Garbled { .. } => "refused",
        }
    }
}

/// What the client is made of.
#[derive(Debug)]
pub struct Link {
    /// `http://…` or `https://…`
    pub server: String,
    /// Whether the certificate of an `https` server is validated.
    pub validate: bool,
    /// Longest wait for a reply.
    pub timeout: Duration,
    /// This master's key.
    pub identity: Identity,
    /// The server's key.
    pub pin: Pin,
    /// The master's clock.
    pub clock: Arc<dyn Clock>,
    /// For nonces.
    pub random: Arc<dyn Random>,
}

/// Calls the server as this master.
#[derive(Debug)]
pub struct Client {
    http: reqwest::Client,
    base: Url,
    link: Link,
}

impl Client {
    /// Makes it; nothing is sent yet.
    ///
    /// # Errors
    /// When the URL is none, or TLS cannot be set up.
    pub fn new(link: Link) -> Result<Self, CallError> {
        let garbled = |why: String| CallError::Garbled { server: link.server.clone(), why };
        let base: Url = link.server.parse().map_err(|error| garbled(format!("not a URL: {error}")))?;
        let http = reqwest::Client::builder()
            .connect_timeout(CONNECT)
            .tcp_keepalive(Duration::from_secs(30))
            .tcp_nodelay(true)
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .tls_danger_accept_invalid_certs(!link.validate)
            .user_agent(concat!("raas-plugin/", env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(|error| garbled(chain(&error)))?;
        Ok(Self { http, base, link })
    }

    /// The master's clock.
    pub fn clock(&self) -> &dyn Clock {
        &*self.link.clock
    }

    /// Randomness.
    pub fn random(&self) -> &dyn Random {
        &*self.link.random
    }

    /// This master's key.
    pub fn identity(&self) -> &Identity {
        &self.link.identity
    }

    /// The URL of the server.
    pub fn server(&self) -> &str {
        &self.link.server
    }

    /// Makes this master known.
    ///
    /// # Errors
    /// See [`CallError`].
    pub async fn enroll(&self, call: &Enroll) -> Result<Enrolled, CallError> {
        let before = self.link.clock.steady();
        let enrolled: Enrolled = self.post(path::ENROLL, call).await?;
        let after = self.link.clock.steady();
        self.link.clock.server().learn(enrolled.server_time, (before + after) / 2);
        Ok(enrolled)
    }

    /// Asks whether a delivery may be run.
    ///
    /// # Errors
    /// See [`CallError`].
    pub async fn claim(&self, call: &Claim) -> Result<Claimed, CallError> {
        self.post(path::CLAIM, call).await
    }

    /// Sends an encoded batch of reports. A large one has longer: it would never arrive over a slow line otherwise.
    ///
    /// # Errors
    /// See [`CallError`].
    pub async fn report(&self, encoded: Vec<u8>) -> Result<Committed, CallError> {
        let longer = Duration::from_secs((encoded.len() / SLOWEST) as u64);
        self.call(Method::POST, &self.url(path::REPORTS)?, encoded, self.link.timeout + longer).await
    }

    /// The server just said what time it is there.
    pub(super) fn learn(&self, server_time: Timestamp) {
        self.link.clock.server().learn(server_time, self.link.clock.steady());
    }

    /// Whether a raas server answers at the URL; nothing is said of this master.
    ///
    /// # Errors
    /// When none does.
    pub async fn probe(&self, limit: Duration) -> Result<(), CallError> {
        let request = self.http.get(self.url("/health/live")?).timeout(limit);
        let status = request.send().await.map_err(|error| self.unreachable(&error))?.status();
        if status.is_success() { Ok(()) } else { Err(self.not_raas(status.as_u16(), false)) }
    }

    /// A GET with `query`, held for up to `hold`.
    pub(super) async fn get<T: DeserializeOwned>(
        &self,
        path: &str,
        query: &impl Serialize,
        hold: Duration,
    ) -> Result<T, CallError> {
        let mut url = self.url(path)?;
        let query = serde_json::to_value(query).map_err(|error| self.garbled(&error))?;
        for (name, value) in query.as_object().into_iter().flatten() {
            let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            url.query_pairs_mut().append_pair(name, &text);
        }
        self.call(Method::GET, &url, Vec::new(), hold + self.link.timeout).await
    }

    async fn post<T: DeserializeOwned>(&self, path: &str, call: &impl Serialize) -> Result<T, CallError> {
        let body = serde_json::to_vec(call).map_err(|error| self.garbled(&error))?;
        self.call(Method::POST, &self.url(path)?, body, self.link.timeout).await
    }

    /// One call; repeated once when the server says that our idea of its time is wrong.
    async fn call<T: DeserializeOwned>(
        &self,
        method: Method,
        url: &Url,
        body: Vec<u8>,
        limit: Duration,
    ) -> Result<T, CallError> {
        let mut again = true;
        loop {
            let (status, reply, nonce_and_signature) =
                self.send(method.clone(), url, body.clone(), limit).await?;
            let (nonce, signature) = nonce_and_signature;
            let signed = SignedReply { nonce: &nonce, status, body: &reply };
            let known = self.trust(&signed, &signature, url.path().ends_with(path::ENROLL))?;
            if (200..300).contains(&status) {
                return serde_json::from_slice(&reply).map_err(|error| self.garbled(&error));
            }
            let refusal: Refusal =
                serde_json::from_slice(&reply).map_err(|_| self.not_raas(status, known))?;
            if refusal.code == RefusalCode::Clock && std::mem::take(&mut again) {
                self.learn(refusal.server_time);
                continue;
            }
            return Err(CallError::Refused { code: refusal.code, message: refusal.message });
        }
    }

    async fn send(
        &self,
        method: Method,
        url: &Url,
        body: Vec<u8>,
        limit: Duration,
    ) -> Result<(u16, Vec<u8>, (String, String)), CallError> {
        let nonce = STANDARD.encode(self.link.random.key());
        let time = self.link.clock.server_now().to_string();
        let path_and_query = match url.query() {
            Some(query) => format!("{}?{query}", url.path()),
            None => url.path().to_owned(),
        };
        let signature = SignedRequest {
            method: method.as_str(),
            path_and_query: &path_and_query,
            time: &time,
            nonce: &nonce,
            body: &body,
        }
        .sign(&self.link.identity.key);
        let request = self
            .http
            .request(method, url.clone())
            .timeout(limit)
            .header(PROTOCOL_HEADER, PROTOCOL)
            .header(KEY_HEADER, &self.link.identity.fingerprint)
            .header(TIME_HEADER, time)
            .header(NONCE_HEADER, &nonce)
            .header(SIGNATURE_HEADER, signature)
            .body(body);
        let mut reply = request.send().await.map_err(|error| self.unreachable(&error))?;
        let status = reply.status().as_u16();
        let signature = reply.headers().get(SIGNATURE_HEADER).and_then(|value| value.to_str().ok());
        let signature = signature.unwrap_or_default().to_owned();
        let mut bytes = Vec::new();
        while let Some(part) = reply.chunk().await.map_err(|error| self.unreachable(&error))? {
            bytes.extend_from_slice(&part);
            if bytes.len() > MAX_REPLY {
                return Err(self.garbled(&format!("it is longer than {MAX_REPLY} bytes")));
            }
        }
        Ok((status, bytes, (nonce, signature)))
    }

    /// Whether the reply is the known server's. Before the first sight only an enrolment shows the key; a refusal then
    /// proves nothing, and is believed only to say "not yet" or what time it is. Says whether the server is known.
    fn trust(&self, reply: &SignedReply<'_>, signature: &str, enrolment: bool) -> Result<bool, CallError> {
        let forged = || CallError::Forged { server: self.link.server.clone() };
        if let Some(pinned) = self.link.pin.get() {
            if reply.verify(&pinned, signature) {
                return Ok(true);
            }
            // A new key that signs well is said by its name; anything else is not the server at all.
            if let Some(found) = shown(reply, signature) {
                self.link.pin.see(&found)?;
            }
            return Err(if signature.is_empty() { self.not_raas(reply.status, true) } else { forged() });
        }
        if !(200..300).contains(&reply.status) {
            return Ok(false);
        }
        match shown(reply, signature) {
            Some(found) if enrolment => self.link.pin.see(&found).map(|()| true).map_err(CallError::from),
            _ => Err(forged()),
        }
    }

    fn url(&self, path: &str) -> Result<Url, CallError> {
        let base = self.base.as_str().trim_end_matches('/');
        format!("{base}{path}").parse().map_err(|error| self.garbled(&error))
    }

    fn unreachable(&self, error: &reqwest::Error) -> CallError {
        let mut why = chain(error);
        if why.contains("certificate") {
            why += "; make this master trust the authority that signed it, or set sseapi_ssl_validate_cert: False \
                    and compare the server's key";
        }
        CallError::Unreachable { server: self.link.server.clone(), why }
    }

    fn garbled(&self, why: &dyn std::fmt::Display) -> CallError {
        CallError::Garbled { server: self.link.server.clone(), why: why.to_string() }
    }

    /// What stands in front of a server that is down answers in its place.
    fn not_raas(&self, status: u16, known: bool) -> CallError {
        let server = self.link.server.clone();
        if known || status >= 500 {
            return CallError::Unreachable {
                server,
                why: format!("HTTP {status} that is not the server's own"),
            };
        }
        CallError::Garbled { server, why: format!("HTTP {status}: is this the URL of a raas server?") }
    }
}

/// The key that an enrolment's reply names, when it also signed that reply.
fn shown(reply: &SignedReply<'_>, signature: &str) -> Option<key::VerifyingKey> {
    let enrolled: Enrolled = serde_json::from_slice(reply.body).ok()?;
    let found = key::public_from_pem(&enrolled.server_key).ok()?;
    reply.verify(&found, signature).then_some(found)
}

/// The error with its causes: reqwest's own text leaves them out.
fn chain(error: &(dyn std::error::Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(one) = cause {
        let next = one.to_string();
        if !text.contains(&next) {
            text = format!("{text}: {next}");
        }
        cause = one.source();
    }
    text
}
