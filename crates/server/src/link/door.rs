//! What surrounds every call of a plugin: sizes, protocol and time are checked before anything is looked up,
//! and every reply, also a refusal, is signed over the nonce of its request.

use axum::{
    body::{Body, Bytes, to_bytes},
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use http::{HeaderMap, HeaderValue, header::CONTENT_TYPE, request::Parts};
use jiff::Timestamp;
use raas_db::master_key;
use raas_wire::{
    MAX_ENCODED, MasterKeyState, PROTOCOL, Refusal, RefusalCode,
    key::VerifyingKey,
    path,
    signature::{
        KEY_HEADER, MAX_SKEW_S, NONCE_HEADER, PROTOCOL_HEADER, SIGNATURE_HEADER, SignedReply, SignedRequest,
        TIME_HEADER,
    },
};

use super::Refuse;
use crate::{
    AppState,
    http::body::{self, BodyError},
};

/// Largest body of the calls that carry no reports.
const MAX_SMALL: usize = 1 << 20;
/// Longest nonce.
const MAX_NONCE: usize = 256;

/// A request as it was signed; whoever knows the key can verify it.
#[derive(Clone, Debug)]
pub(super) struct Signed {
    method: String,
    path_and_query: String,
    time: String,
    nonce: String,
    signature: String,
    /// Fingerprint of the key that it claims to be signed with.
    pub(super) fingerprint: String,
    /// As sent.
    pub(super) body: Bytes,
}

impl Signed {
    /// Refuses unless it was signed with the private half of `key`.
    pub(super) fn verify(&self, key: &VerifyingKey) -> Result<(), Refuse> {
        let request = SignedRequest {
            method: &self.method,
            path_and_query: &self.path_and_query,
            time: &self.time,
            nonce: &self.nonce,
            body: &self.body,
        };
        if request.verify(key, &self.signature) {
            Ok(())
        } else {
            let why = format!("the signature was not made with the key {}", self.fingerprint);
            Err(Refuse(RefusalCode::Signature, why))
        }
    }
}

/// The middleware.
pub(super) async fn door(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let nonce = header(request.headers(), NONCE_HEADER).unwrap_or_default().to_owned();
    let response = match admit(&state, request).await {
        Ok(request) => next.run(request).await,
        Err(refuse) => refuse.into_response(),
    };
    sign(&state, &nonce, response).await
}

async fn admit(state: &AppState, request: Request) -> Result<Request, Refuse> {
    let (mut parts, body) = request.into_parts();
    protocol(&parts.headers)?;
    let time = in_time(&parts.headers, state.clock.now())?.to_owned();
    let mut signed = signed(&parts, time)?;
    signed.body = if parts.uri.path() == path::REPORTS {
        reports(state, &signed.fingerprint, body).await?
    } else {
        body::read(body, MAX_SMALL).await?
    };
    let body = Body::from(signed.body.clone());
    parts.extensions.insert(signed);
    Ok(Request::from_parts(parts, body))
}

/// Only who names an accepted key may send much; whether it holds the key is known once the body is there.
async fn reports(state: &AppState, fingerprint: &str, body: Body) -> Result<Bytes, Refuse> {
    let client = state.db.client().await?;
    let keys = master_key::by_fingerprint(&client, fingerprint).await?;
    drop(client); // a body may take its time
    if keys.iter().any(|key| key.state == MasterKeyState::Accepted) {
        return Ok(body::read(body, MAX_ENCODED).await?);
    }
    match body::read(body, MAX_SMALL).await {
        Err(BodyError::TooLarge(_)) => {
            let why =
                format!("the key {fingerprint} is not accepted here, so it may not send reports: enrol");
            Err(Refuse(RefusalCode::NotAccepted, why))
        }
        other => Ok(other?),
    }
}

fn protocol(headers: &HeaderMap) -> Result<(), Refuse> {
    let given = header(headers, PROTOCOL_HEADER).unwrap_or("none");
    if given == PROTOCOL.to_string() {
        return Ok(());
    }
    Err(Refuse::malformed(format!(
        "the plugin speaks protocol {given:?}, this server speaks {PROTOCOL}: install the plugin of this server's version"
    )))
}

fn in_time(headers: &HeaderMap, now: Timestamp) -> Result<&str, Refuse> {
    let text = header(headers, TIME_HEADER)
        .ok_or_else(|| Refuse(RefusalCode::Signature, format!("the header {TIME_HEADER} is missing")))?;
    let time: Timestamp =
        text.parse().map_err(|_| Refuse::malformed(format!("{text:?} is no RFC 3339 time")))?;
    let skew = time.duration_since(now).as_secs();
    if skew.abs() > MAX_SKEW_S {
        let why = format!(
            "the request says {time}, here it is {now}: {skew} s apart, at most {MAX_SKEW_S} are taken"
        );
        return Err(Refuse(RefusalCode::Clock, why));
    }
    Ok(text)
}

impl From<BodyError> for Refuse {
    fn from(error: BodyError) -> Self {
        let code = match error {
            BodyError::TooLarge(_) => RefusalCode::TooLarge,
            BodyError::Slow => RefusalCode::Unavailable, // the same call may come through another time
            BodyError::Broken(_) => RefusalCode::Malformed,
        };
        Self(code, error.to_string())
    }
}

/// What the headers say; the body is still to come.
fn signed(parts: &Parts, time: String) -> Result<Signed, Refuse> {
    let need = |name: &str| {
        header(&parts.headers, name)
            .filter(|text| !text.is_empty())
            .map(str::to_owned)
            .ok_or_else(|| Refuse(RefusalCode::Signature, format!("the header {name} is missing")))
    };
    let nonce = need(NONCE_HEADER)?;
    if nonce.len() > MAX_NONCE {
        return Err(Refuse::malformed(format!("the header {NONCE_HEADER} is longer than {MAX_NONCE} bytes")));
    }
    let path_and_query =
        parts.uri.path_and_query().map_or_else(|| parts.uri.path().to_owned(), ToString::to_string);
    Ok(Signed {
        method: parts.method.to_string(),
        path_and_query,
        time,
        nonce,
        signature: need(SIGNATURE_HEADER)?,
        fingerprint: need(KEY_HEADER)?,
        body: Bytes::new(),
    })
}

/// Writes out a refusal, and signs whatever is sent.
async fn sign(state: &AppState, nonce: &str, response: Response) -> Response {
    let (mut parts, body) = response.into_parts();
    let body = match parts.extensions.remove::<Refuse>() {
        Some(Refuse(code, message)) => {
            parts.headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
            let refusal = Refusal { code, message, server_time: state.clock.now() };
            Bytes::from(serde_json::to_vec(&refusal).unwrap_or_default())
        }
        None => to_bytes(body, usize::MAX).await.unwrap_or_default(),
    };
    let reply = SignedReply { nonce, status: parts.status.as_u16(), body: &body };
    if let Ok(signature) = HeaderValue::from_str(&reply.sign(&state.server_key)) {
        parts.headers.insert(SIGNATURE_HEADER, signature);
    }
    Response::from_parts(parts, Body::from(body))
}

fn header<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}
