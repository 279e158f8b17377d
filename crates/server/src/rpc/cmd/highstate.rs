//! What the methods about highstates share: reading the answer of the database, and ages.

use jiff::{SignedDuration, Timestamp};
use raas_api::Permission;
use raas_db::{Only, Session};
use serde::de::DeserializeOwned;

use crate::{Ctx, RpcError, scope};

/// The reply, which the database made.
pub(super) fn read<T: DeserializeOwned>(reply: &str) -> Result<T, RpcError> {
    serde_json::from_str(reply)
        .map_err(|error| RpcError::Internal(format!("an answer of the database: {error}")))
}

/// The oldest moment that counts.
pub(super) fn since(ctx: &Ctx, minutes: Option<u32>) -> Option<Timestamp> {
    let age = SignedDuration::from_mins(minutes?.into());
    Some(ctx.now().checked_sub(age).unwrap_or(Timestamp::UNIX_EPOCH))
}

/// The minions that the views are of.
pub(super) async fn seen(ctx: &Ctx, session: &impl Session) -> Result<Only, RpcError> {
    scope::minions(ctx, session, Permission::CmdRead).await
}
