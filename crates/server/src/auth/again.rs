//! Somebody who stays connected, looked at again: whether what they came with still holds, and what the account holds now.

use raas_db::{account, ws_ticket::Holder};

use super::{api_token, session};
use crate::{Actor, AppState, RpcError};

/// Whoever came through a door earlier, as they are now.
///
/// # Errors
/// When the session, the token or the account is gone, or the password is another one; or when the database fails.
pub(crate) async fn again(state: &AppState, actor: &Actor) -> Result<Actor, RpcError> {
    let holder = Holder {
        account_uuid: actor.account_uuid,
        session_uuid: actor.session_uuid,
        by_token: actor.by_token,
    };
    let now = of(state, holder).await?;
    if actor.session_uuid.is_none() && actor.password_mark != now.password_mark {
        return Err(RpcError::Unauthenticated("the password was changed: sign in again".to_owned()));
    }
    Ok(Actor { address: actor.address, ..now })
}

/// Whose this session, token or account is.
pub(super) async fn of(state: &AppState, holder: Holder) -> Result<Actor, RpcError> {
    match holder.session_uuid {
        Some(uuid) if holder.by_token => {
            api_token::of(&state.db.client().await?, uuid, state.clock.now()).await
        }
        Some(uuid) => session::of(state, holder.account_uuid, uuid).await,
        None => {
            let access = account::access(&state.db.client().await?, holder.account_uuid).await?;
            access
                .map(Actor::of)
                .ok_or_else(|| RpcError::Unauthenticated("the account was deleted".to_owned()))
        }
    }
}
