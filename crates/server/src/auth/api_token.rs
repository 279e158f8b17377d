//! Tokens of programs: drawn, hashed, and read from an Authorization header.

use jiff::{SignedDuration, Timestamp};
use raas_api::Permission;
use raas_db::{
    Client, account,
    api_token::{self, ApiToken},
};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use crate::{Actor, RpcError, random::Random};

/// How every token begins, so that a leaked one is recognised.
const PREFIX: &str = "raas_";
/// How exactly the last use is kept.
const MINUTE: SignedDuration = SignedDuration::from_secs(60);

/// A new token and the hash that is kept of it. 256 random bits need no slow hash.
pub(crate) fn draw(random: &dyn Random) -> (String, Vec<u8>) {
    let text = format!("{PREFIX}{}", hex::encode(random.key()));
    let hash = hash(&text);
    (text, hash)
}

fn hash(text: &str) -> Vec<u8> {
    Sha256::digest(text.as_bytes()).to_vec()
}

/// Whether this is a token of a program, and not of a session.
pub(super) fn is_one(text: &str) -> bool {
    text.starts_with(PREFIX)
}

/// Whom the token acts for: with what the account holds now, and the token too.
pub(super) async fn read(client: &Client, text: &str, now: Timestamp) -> Result<Actor, RpcError> {
    acting(client, api_token::by_hash(client, &hash(text)).await?, now).await
}

/// The same for a token that was read before.
pub(super) async fn of(client: &Client, token_uuid: Uuid, now: Timestamp) -> Result<Actor, RpcError> {
    acting(client, api_token::get(client, token_uuid).await?, now).await
}

async fn acting(client: &Client, token: Option<ApiToken>, now: Timestamp) -> Result<Actor, RpcError> {
    let refuse = |why: &str| RpcError::Unauthenticated(format!("{why}: make another with auth.save_token"));
    let Some(token) = token else {
        return Err(refuse("the token is not known, or was revoked"));
    };
    if token.expires_at <= now {
        return Err(refuse("the token has expired"));
    }
    let access = account::access(client, token.account_uuid).await?;
    let access = access.ok_or_else(|| refuse("the account of the token was deleted"))?;
    if token.last_used_at.is_none_or(|at| now.duration_since(at) >= MINUTE) {
        api_token::touch(client, token.token_uuid, now).await?;
    }
    Ok(limited(Actor::of(access), token))
}

/// The account as the token lets it act.
fn limited(mut actor: Actor, token: ApiToken) -> Actor {
    actor.session_uuid = Some(token.token_uuid);
    actor.by_token = true;
    // A scope that cannot be read holds nobody.
    actor.limits.extend(token.scope.map(|text| serde_json::from_str(&text).unwrap_or_default()));
    if let Some(perms) = token.perms {
        let kept = perms.iter().filter_map(|word| Permission::from_word(word));
        let held = kept.filter(|permission| actor.may(*permission)).collect();
        actor.permissions = held;
    }
    actor
}
