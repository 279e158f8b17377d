//! Tokens: JWT, HS256, with a secret that all servers of one database share.

use jiff::Timestamp;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, encode};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{Actor, RpcError};

/// Issues and reads tokens.
pub struct Tokens {
    encoding: EncodingKey,
    decoding: DecodingKey,
    ttl_s: i64,
}

impl std::fmt::Debug for Tokens {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Tokens")
    }
}

#[derive(Serialize, Deserialize)]
struct Claims {
    sub: Uuid,
    /// Session.
    #[serde(default)]
    sid: Uuid,
    username: String,
    iat: i64,
    exp: i64,
}

impl Tokens {
    /// With this secret; tokens live `ttl_s` seconds.
    pub fn new(secret: &[u8], ttl_s: u32) -> Self {
        Self {
            encoding: EncodingKey::from_secret(secret),
            decoding: DecodingKey::from_secret(secret),
            ttl_s: i64::from(ttl_s),
        }
    }

    /// When a session that begins now ends by itself.
    pub fn end(&self, now: Timestamp) -> Timestamp {
        now.saturating_add(jiff::SignedDuration::from_secs(self.ttl_s)).unwrap_or(Timestamp::MAX)
    }

    /// A token for `actor` in this session.
    ///
    /// # Errors
    /// When it cannot be encoded.
    pub fn issue(&self, actor: &Actor, session_uuid: Uuid, now: Timestamp) -> Result<String, RpcError> {
        let claims = Claims {
            sub: actor.account_uuid,
            sid: session_uuid,
            username: actor.username.clone(),
            iat: now.as_second(),
            exp: now.as_second() + self.ttl_s,
        };
        encode(&Header::new(Algorithm::HS256), &claims, &self.encoding)
            .map_err(|e| RpcError::Internal(e.to_string()))
    }

    /// Account and session that the token names. What it holds is not in the token: it may change while the token lives.
    ///
    /// # Errors
    /// When it is forged, broken or expired; the message says what to do.
    pub fn read(&self, token: &str, now: Timestamp) -> Result<(Uuid, Uuid), RpcError> {
        let mut validation = Validation::new(Algorithm::HS256);
        // Expiry is judged by our own clock, not by the library's.
        validation.validate_exp = false;
        validation.required_spec_claims.clear();
        let refuse = |why: &str| RpcError::Unauthenticated(format!("{why}: sign in again"));
        let claims = decode::<Claims>(token, &self.decoding, &validation)
            .map_err(|_| refuse("the token was not issued by this server"))?
            .claims;
        if claims.exp <= now.as_second() {
            return Err(refuse("the token has expired"));
        }
        Ok((claims.sub, claims.sid))
    }
}
