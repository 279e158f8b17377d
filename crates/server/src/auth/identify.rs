//! The extractor: whoever comes through a door is known, or is refused with a sentence.

use axum::{
    extract::FromRequestParts,
    http::{header::AUTHORIZATION, request::Parts},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use raas_db::{account, login_failure, ws_ticket};
use sha2::{Digest as _, Sha256};
use tokio::sync::SemaphorePermit;

use super::{
    again, api_token,
    caller::Caller,
    password, session,
    throttle::{self, Tried},
    unknown_token,
};
use crate::{Actor, AppState, RpcError, audit, rpc::ApiReply};

/// Longest user name.
const MAX_NAME: usize = 256;
/// How often it is written that an address is locked out.
const MINUTE: jiff::SignedDuration = jiff::SignedDuration::from_secs(60);

impl FromRequestParts<AppState> for Actor {
    type Rejection = ApiReply;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, ApiReply> {
        let caller = Caller::of(parts, state);
        let actor = identify(parts, state, &caller).await.map_err(ApiReply)?;
        Ok(Self { address: caller.address, ..actor })
    }
}

async fn identify(parts: &Parts, state: &AppState, caller: &Caller) -> Result<Actor, RpcError> {
    let given = parts.headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let (scheme, rest) = given.split_once(' ').unwrap_or((given, ""));
    let rest = rest.trim();
    match scheme.to_ascii_lowercase().as_str() {
        "jwt" | "bearer" => token(state, rest, caller).await,
        "basic" => basic(state, rest, caller).await,
        "" => match ticket(parts) {
            Some(ticket) => by_ticket(state, ticket).await,
            None => Err(RpcError::Unauthenticated(
                "not signed in: send Authorization: JWT <token> (from POST /account/login) or Basic"
                    .to_owned(),
            )),
        },
        other => Err(RpcError::Unauthenticated(format!(
            "authorization scheme {other:?} is not known: use JWT, Bearer or Basic"
        ))),
    }
}

/// Tokens of programs that are refused are written to the audit; sessions end all the time.
async fn token(state: &AppState, token: &str, caller: &Caller) -> Result<Actor, RpcError> {
    if !api_token::is_one(token) {
        return session::read(state, token).await;
    }
    let client = state.db.client().await?;
    let read = api_token::read(&client, token, state.clock.now()).await;
    drop(client);
    if let Err(error @ RpcError::Unauthenticated(_)) = &read {
        unknown_token::refused(state, caller, error).await?;
    }
    read
}

/// The ticket of `auth.get_ws_ticket`, for the one door where some clients cannot send a header.
fn ticket(parts: &Parts) -> Option<&str> {
    let query = parts.uri.query().filter(|_| parts.uri.path() == "/stream")?;
    query.split('&').find_map(|pair| pair.strip_prefix("ticket="))
}

async fn by_ticket(state: &AppState, ticket: &str) -> Result<Actor, RpcError> {
    let client = state.db.client().await?;
    let hash = Sha256::digest(ticket.as_bytes());
    let holder = ws_ticket::take(&client, &hash, state.clock.now()).await?.ok_or_else(|| {
        RpcError::Unauthenticated(
            "the ticket is not known, was used already, or is older than 60 s: get another with auth.get_ws_ticket"
                .to_owned(),
        )
    })?;
    drop(client);
    again::of(state, holder).await
}

async fn basic(state: &AppState, encoded: &str, caller: &Caller) -> Result<Actor, RpcError> {
    let pair = STANDARD.decode(encoded).ok().and_then(|bytes| String::from_utf8(bytes).ok());
    let Some((username, password)) = pair.as_deref().and_then(|pair| pair.split_once(':')) else {
        return Err(RpcError::Unauthenticated(
            "Basic authorization cannot be read: expected base64 of user:password".to_owned(),
        ));
    };
    sign_in(state, ("internal", username), password.to_owned(), caller).await
}

/// No account has such a name; it must not reach the database, whose indexes hold no long texts.
fn name(what: &str, given: &str) -> Result<(), RpcError> {
    if given.len() > MAX_NAME {
        let length = given.len();
        return Err(RpcError::Unauthenticated(format!(
            "the {what} is {length} bytes long: at most {MAX_NAME} are taken"
        )));
    }
    if given.contains('\0') {
        return Err(RpcError::Unauthenticated(format!(
            "the {what} holds a NUL character: no account has one"
        )));
    }
    Ok(())
}

/// A place among the sign-ins that are being checked. A long line is not made longer: who finds no place is told at
/// once, before the database is asked anything.
fn place(state: &AppState) -> Result<SemaphorePermit<'_>, RpcError> {
    state.signing_in.try_acquire().map_err(|_| {
        metrics::counter!("raas_logins", "outcome" => "busy").increment(1);
        RpcError::TooMany(
            "too many sign-ins are being checked at this moment: try again in a few seconds, or keep the token of POST /account/login"
                .to_owned(),
        )
    })
}

/// Checks a name (of a directory) and password. The answer for an unknown name is the same, and takes as long. Failures
/// are written to the audit.
pub(super) async fn sign_in(
    state: &AppState,
    (config_name, username): (&str, &str),
    password: String,
    caller: &Caller,
) -> Result<Actor, RpcError> {
    name("user name", username)?;
    name("config_name", config_name)?;
    let tried = Tried::new(config_name, username, caller.address);
    let _place = place(state)?;
    let checked = check(state, &tried, password).await;
    if let Err(error @ (RpcError::Unauthenticated(_) | RpcError::TooMany(_))) = &checked {
        metrics::counter!("raas_logins", "outcome" => "refused").increment(1);
        refused(state, &tried, error, caller).await?;
    }
    checked
}

/// Writes a refusal to the audit. Who is locked out is told at once and without an end: that is written once a minute.
async fn refused(state: &AppState, tried: &Tried, error: &RpcError, caller: &Caller) -> Result<(), RpcError> {
    let (now, attempt) = (state.clock.now(), tried.attempt());
    if matches!(error, RpcError::TooMany(_)) {
        let since = now.checked_sub(MINUTE).unwrap_or(now);
        let client = state.db.client().await?;
        if !login_failure::tell(&client, attempt.address, now, since).await? {
            return Ok(());
        }
    }
    audit::write(state, &audit::login(attempt.username, None, caller, now, Some(&error.to_string()))).await?;
    Ok(())
}

async fn check(state: &AppState, tried: &Tried, password: String) -> Result<Actor, RpcError> {
    let now = state.clock.now();
    let client = state.db.client().await?;
    let attempt = tried.attempt();
    throttle::check(&client, &state.config.auth, tried, now).await?;
    let found = account::find(&client, attempt.config_name, attempt.username).await?;
    let hash = found.as_ref().and_then(|account| account.password_hash.clone());
    drop(client); // others need it while this one waits for its turn
    let fits = password::verify(password, hash).await;
    let fits = fits.map_err(|error| RpcError::Internal(error.to_string()))?;
    let client = state.db.client().await?;
    let Some(account) = found.filter(|_| fits) else {
        throttle::failed(&client, &state.config.auth, tried, now).await?;
        return Err(RpcError::Unauthenticated("user name or password is wrong".to_owned()));
    };
    login_failure::clear(&client, attempt).await?;
    account::set_last_login(&client, account.account_uuid, now).await?;
    let access = account::access(&client, account.account_uuid).await?;
    access
        .map(Actor::of)
        .ok_or_else(|| RpcError::Unauthenticated("the account was deleted at this moment".to_owned()))
}
