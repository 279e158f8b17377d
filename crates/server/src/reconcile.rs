//! What must end, ends: idempotent background work, woken by a signal or a timer. Only the leader acts.

use tokio::task::JoinSet;

use crate::AppState;

/// Starts the reconcilers; they end with the server's shutdown token.
pub fn spawn(_state: &AppState, _tasks: &mut JoinSet<()>) {}
