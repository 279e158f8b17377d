//! Sessions: begun with a password, named by a token, ended by themselves or by somebody.

use jiff::SignedDuration;
use raas_db::{
    account,
    sign_in::{self, SignIn},
};
use uuid::Uuid;

use crate::{Actor, AppState, RpcError};

/// How exactly the last use is kept.
const MINUTE: SignedDuration = SignedDuration::from_secs(60);

/// Begins a session of `actor`; its token comes back.
pub(crate) async fn begin(
    state: &AppState,
    actor: &Actor,
    user_agent: Option<String>,
) -> Result<String, RpcError> {
    let now = state.clock.now();
    let session = SignIn {
        session_uuid: state.random.uuid(),
        account_uuid: actor.account_uuid,
        created_at: now,
        expires_at: state.tokens.end(now),
        last_seen_at: now,
        address: actor.address.map(|address| address.to_string()),
        user_agent,
    };
    sign_in::insert(&state.db.client().await?, &session).await?;
    state.tokens.issue(actor, session.session_uuid, now)
}

/// Whom the token of a session names: with what the account holds now.
pub(super) async fn read(state: &AppState, token: &str) -> Result<Actor, RpcError> {
    let (account_uuid, session_uuid) = state.tokens.read(token, state.clock.now())?;
    of(state, account_uuid, session_uuid).await
}

/// Whose this session is, if it goes on: with what the account holds now.
pub(super) async fn of(state: &AppState, account_uuid: Uuid, session_uuid: Uuid) -> Result<Actor, RpcError> {
    let now = state.clock.now();
    let client = state.db.client().await?;
    let (session, access) =
        tokio::try_join!(sign_in::get(&client, session_uuid, now), account::access(&client, account_uuid))?;
    let refuse = |why: &str| RpcError::Unauthenticated(format!("{why}: sign in again"));
    let access = access.ok_or_else(|| refuse("the account of this token was deleted"))?;
    let session = session
        .filter(|session| session.account_uuid == account_uuid)
        .ok_or_else(|| refuse("the session of this token has ended"))?;
    if now.duration_since(session.last_seen_at) >= MINUTE {
        sign_in::touch(&client, session_uuid, now).await?;
    }
    Ok(Actor { session_uuid: Some(session_uuid), ..Actor::of(access) })
}
