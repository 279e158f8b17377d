//! `GET|POST /account/login`: an `_xsrf` cookie first, then a token for name and password.

use axum::{
    Json, Router,
    extract::State,
    http::HeaderMap,
    response::{IntoResponse, Response},
    routing::get,
};
use axum_extra::extract::cookie::{Cookie, CookieJar, SameSite};
use serde::Deserialize;
use serde_json::json;
use subtle::ConstantTimeEq as _;

use super::{caller::Caller, identify::sign_in, session};
use crate::{AppState, RpcError, audit, http::body::Whole, rpc::ApiReply};

const COOKIE: &str = "_xsrf";
const HEADER: &str = "x-xsrftoken";

/// The login routes.
pub(crate) fn routes() -> Router<AppState> {
    Router::new().route("/account/login", get(offer).post(login))
}

#[derive(Deserialize)]
struct Credentials {
    username: String,
    password: String,
    #[serde(default)]
    config_name: Option<String>,
    #[serde(default)]
    token_type: Option<String>,
}

/// Sets the cookie that the login must repeat in its header.
async fn offer(State(state): State<AppState>, jar: CookieJar) -> Response {
    let value = hex::encode(state.random.key());
    let cookie = Cookie::build((COOKIE, value.clone()))
        .path("/")
        .same_site(SameSite::Lax)
        .secure(state.config.server.tls.is_some())
        .build();
    (jar.add(cookie), Json(json!({"_xsrf": value}))).into_response()
}

async fn login(
    State(state): State<AppState>,
    jar: CookieJar,
    headers: HeaderMap,
    caller: Caller,
    Whole(body): Whole,
) -> Response {
    match token(&state, &jar, &headers, (&caller, &body)).await {
        Ok((jwt, username)) => {
            metrics::counter!("raas_logins", "outcome" => "ok").increment(1);
            Json(json!({"jwt": jwt, "attributes": {"username": username}})).into_response()
        }
        Err(error) => ApiReply(error).into_response(),
    }
}

async fn token(
    state: &AppState,
    jar: &CookieJar,
    headers: &HeaderMap,
    (caller, body): (&Caller, &[u8]),
) -> Result<(String, String), RpcError> {
    if state.config.auth.xsrf {
        check_xsrf(jar, headers)?;
    }
    let given: Credentials = serde_json::from_slice(body).map_err(|error| {
        RpcError::Malformed(format!("expected {{\"username\": …, \"password\": …}}: {error}"))
    })?;
    if let Some(other) = given.token_type.as_deref().filter(|kind| !kind.eq_ignore_ascii_case("jwt")) {
        return Err(RpcError::invalid("token_type", format!("{other:?}"), "\"jwt\""));
    }
    let config_name = given.config_name.as_deref().unwrap_or("internal");
    let who = (config_name, given.username.as_str());
    let mut actor = sign_in(state, who, given.password, caller).await?;
    actor.address = caller.address;
    let jwt = session::begin(state, &actor, caller.user_agent.clone()).await?;
    let event = audit::login(&actor.username, Some(&actor), caller, state.clock.now(), None);
    audit::write(state, &event).await?;
    Ok((jwt, actor.username))
}

fn check_xsrf(jar: &CookieJar, headers: &HeaderMap) -> Result<(), RpcError> {
    let cookie = jar.get(COOKIE).map(|cookie| cookie.value().to_owned()).unwrap_or_default();
    let header = headers.get(HEADER).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if !cookie.is_empty() && bool::from(cookie.as_bytes().ct_eq(header.as_bytes())) {
        return Ok(());
    }
    Err(RpcError::Forbidden(format!(
        "the {HEADER} header does not repeat the {COOKIE} cookie: GET /account/login first, then send its cookie and header"
    )))
}
