//! `admin.replay_dead_letters`: part by part, each in a transaction of its own; what was taken stays taken.

use raas_api::admin::{RefusedDeadLetter, ReplayDeadLetters, ReplayedDeadLetters, WhichDeadLetters};
use raas_db::dead_letter;

use super::Chosen;
use crate::{Ctx, RpcError, link::reports, rpc::Handle};

/// Letters that are named when they are refused again.
const NAMED: usize = 100;

impl Handle for ReplayDeadLetters {
    async fn handle(ctx: &Ctx, params: WhichDeadLetters) -> Result<ReplayedDeadLetters, RpcError> {
        let chosen = Chosen::of(params)?;
        // Letters that come meanwhile wait for the next time.
        let client = ctx.state.db.client().await?;
        let last = dead_letter::last(&client).await?;
        drop(client);
        let mut done = ReplayedDeadLetters::default();
        let mut after = reports::FIRST;
        while let Some(part) = reports::again(ctx, chosen.which(), (after, last)).await? {
            after = part.through;
            done.taken += part.taken;
            done.refused += u64::try_from(part.failed.len()).unwrap_or(u64::MAX);
            let room = NAMED.saturating_sub(done.results.len());
            let named = part.failed.into_iter().take(room);
            done.results
                .extend(named.map(|(dead_letter_id, reason)| RefusedDeadLetter { dead_letter_id, reason }));
        }
        tracing::info!(
            user = ctx.actor.username,
            taken = done.taken,
            refused = done.refused,
            "dead letters replayed"
        );
        Ok(done)
    }
}
