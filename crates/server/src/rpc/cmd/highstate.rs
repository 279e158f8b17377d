//! What the methods about highstates share: reading the answer of the database, and ages.

use jiff::{SignedDuration, Timestamp};
use serde::de::DeserializeOwned;

use crate::{Ctx, RpcError};

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
