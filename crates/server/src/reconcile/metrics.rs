//! Metrics: sampled every minute by the leader, and kept for a day.

use jiff::SignedDuration;
use raas_api::Presence;
use raas_db::{Client, DbError, cluster, metric};

use super::{memory::Memory, round::Round};
use crate::{job::after, link::presence};

/// How often.
const EVERY: SignedDuration = SignedDuration::from_mins(1);
/// How long samples are kept.
const KEPT: SignedDuration = SignedDuration::from_hours(25);

/// Takes a sample when it is time.
pub(super) async fn pass(round: &Round<'_>, client: &Client, memory: &mut Memory) -> Result<(), DbError> {
    let before = memory.sampled.unwrap_or_else(|| after(round.now, -EVERY));
    if memory.sampled.is_some_and(|at| round.now < after(at, EVERY)) {
        return Ok(());
    }
    let (masters, present): (Vec<_>, Vec<_>) =
        (round.masters.iter().filter(|(master, _)| master.is_accepted()).collect(), round.present());
    let count = i64::try_from(masters.len()).unwrap_or(i64::MAX);
    let counts =
        cluster::minion_counts(client, None, &present, presence::fresh_from(round.state, round.now)).await?;
    let minions = [Presence::Present, Presence::Lost, Presence::Unknown].map(|presence| {
        let of_it = counts.iter().filter(|one| one.presence == presence.as_str());
        (presence.as_str(), of_it.map(|one| one.minions).sum())
    });
    metric::take(client, round.now, count, &minions, before).await?;
    metric::forget(client, after(round.now, -KEPT)).await?;
    memory.sampled = Some(round.now);
    Ok(())
}
