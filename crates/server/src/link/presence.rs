//! Presence as this server is configured: which masters are there, and from when on evidence of minions is fresh.

use jiff::{SignedDuration, Timestamp};
use raas_api::Presence;
use raas_cluster::presence::{self, LinkEvidence, MasterEvidence, Verdict};
use raas_db::{DbError, Session, master::Master, minion::Fresh};
use raas_wire::Heartbeat;
use uuid::Uuid;

use crate::{AppState, Change};

/// How long a master may be silent.
fn master_expiry(state: &AppState) -> SignedDuration {
    SignedDuration::from_secs(state.config.presence.master_expiry_s.into())
}

/// Evidence of minions before it is stale.
pub(crate) fn fresh_from(state: &AppState, now: Timestamp) -> Timestamp {
    let expiry = SignedDuration::from_secs(state.config.presence.minion_expiry_s.into());
    now.checked_sub(expiry).unwrap_or(Timestamp::UNIX_EPOCH)
}

/// Whether a master is there. One whose key is not accepted any more cannot be.
pub(crate) fn of_master(state: &AppState, master: &Master, now: Timestamp) -> Verdict {
    if master.is_accepted() {
        return master.presence(now, master_expiry(state));
    }
    let reason = format!("its key is {}: {}", master.key_state.as_str(), master.key_reason);
    Verdict { presence: Presence::Unknown, reason }
}

/// The masters that are there.
pub(crate) fn present(state: &AppState, masters: &[Master], now: Timestamp) -> Vec<Uuid> {
    let is_present = |master: &&Master| of_master(state, master, now).presence == Presence::Present;
    masters.iter().filter(is_present).map(|master| master.master_uuid).collect()
}

/// Whether a minion is there on one of its masters.
pub(crate) fn of_link(state: &AppState, evidence: &LinkEvidence, now: Timestamp) -> Presence {
    let expiry = SignedDuration::from_secs(state.config.presence.minion_expiry_s.into());
    presence::link(now, evidence, expiry)
}

/// From which evidence the presence of minions follows.
pub(crate) fn fresh<'a>(state: &AppState, present: &'a [Uuid], now: Timestamp) -> Fresh<'a> {
    Fresh { present, from: fresh_from(state, now) }
}

/// Takes a plugin's heartbeat, and tells the consoles when it changes the presence of its master.
pub(crate) async fn heartbeat(
    state: &AppState,
    session: &impl Session,
    master: &Master,
    beat: &Heartbeat,
) -> Result<(), DbError> {
    let now = state.clock.now();
    let Some(before) = raas_db::master::heartbeat(session, master.master_uuid, beat, now).await? else {
        return Ok(());
    };
    let after = MasterEvidence { last_call_at: Some(now), salt: Some(beat.salt) };
    let judge = |evidence: &MasterEvidence| presence::master(now, evidence, master_expiry(state)).presence;
    let (was, is) = (judge(&before), judge(&after));
    if was == is && before.salt == after.salt {
        return Ok(());
    }
    if (was, is) == (Presence::Lost, Presence::Present) {
        raas_db::master::came(session, master.master_uuid, now).await?;
    }
    state.notify_change(session, &Change::of("masters").in_cluster(&master.cluster_id)).await
}
