//! `GET /plugin/v1/commands`: heartbeat, then work for this master, leased. Held without a database connection until there is some.

use std::time::Duration;

use axum::{
    Json,
    extract::{Query, State, rejection::QueryRejection},
};
use jiff::{SignedDuration, Timestamp};
use raas_db::{
    DbError,
    delivery::{self, Answer, Leased},
    listen::{self, Wake, Wakes},
    master::Master,
};
use raas_wire::{Commands, Heartbeat, Work};
use uuid::Uuid;

use super::{Caller, Refuse, presence};
use crate::{AppState, job::after};

/// Work that nobody answers for is offered again after this time.
const LEASE: SignedDuration = SignedDuration::from_secs(10);
/// Pieces of work given out at once.
const AT_ONCE: i64 = 100;
/// Longest time a call is held.
const LONGEST: Duration = Duration::from_secs(120);
/// How often a held call looks again without being woken: leases of work given out before may have ended.
const LOOK: Duration = Duration::from_secs(5);

/// Answers at once when there is work, else when work comes or the wait ends.
pub(super) async fn commands(
    State(state): State<AppState>,
    Caller(master): Caller,
    beat: Result<Query<Heartbeat>, QueryRejection>,
) -> Result<Json<Commands>, Refuse> {
    let asked = tokio::time::Instant::now();
    let Query(beat) =
        beat.map_err(|error| Refuse::malformed(format!("the heartbeat cannot be read: {error}")))?;
    let client = state.db.client().await?;
    presence::heartbeat(&state, &client, &master, &beat).await?;
    drop(client);
    let wait = Duration::from_millis(beat.wait_ms.into()).min(LONGEST);
    let work = held(&state, &master, beat.epoch, wait).await?;
    let held_ms = u64::try_from(asked.elapsed().as_millis()).unwrap_or_default();
    Ok(Json(Commands { work, server_time: Some(state.clock.now()), held_ms }))
}

async fn held(state: &AppState, master: &Master, epoch: Uuid, wait: Duration) -> Result<Vec<Work>, DbError> {
    // Before the first look: what is queued between look and wait must wake us.
    let mut wakes = state.listener.subscribe();
    wakes.next().await; // a new subscription says "look" at once, which is what comes next
    let end = tokio::time::Instant::now() + wait;
    loop {
        let work = lease(state, master, epoch).await?;
        if !work.is_empty() || state.shutdown.is_cancelled() || tokio::time::Instant::now() >= end {
            return Ok(work);
        }
        let more = tokio::select! {
            () = state.shutdown.cancelled() => false,
            () = tokio::time::sleep_until(end) => false,
            () = tokio::time::sleep(LOOK) => true,
            more = woken(&mut wakes, master.master_uuid) => more,
        };
        if !more {
            return Ok(Vec::new());
        }
    }
}

/// Waits until this master is named, or something may have been missed. False when the server ends.
async fn woken(wakes: &mut Wakes, master: Uuid) -> bool {
    let name = master.to_string();
    loop {
        match wakes.next().await {
            None => return false,
            Some(Wake::Rescan) => return true,
            Some(Wake::Notified { channel, payload }) if channel == listen::WORK && payload == name => {
                return true;
            }
            Some(Wake::Notified { .. }) => {}
        }
    }
}

async fn lease(state: &AppState, master: &Master, epoch: Uuid) -> Result<Vec<Work>, DbError> {
    let now = state.clock.now();
    let client = state.db.client().await?;
    let to = (master.master_uuid, epoch);
    let leased = delivery::lease(&client, to, now, after(now, LEASE), AT_ONCE).await?;
    let mut work = Vec::with_capacity(leased.len());
    let mut unreadable = Vec::new();
    for one in leased {
        match read(&one, now) {
            Ok(one) => work.push(one),
            Err(error) => {
                tracing::error!(delivery = %one.delivery_id, %error, "a delivery cannot be read");
                let reason = format!("the delivery cannot be read: {error}");
                let delivery_id = one.delivery_id;
                unreadable.push(Answer { delivery_id, state: "done", reason, salt_jid: None });
            }
        }
    }
    delivery::answer(&client, now, &unreadable).await?;
    Ok(work)
}

/// Fills in the remaining time.
fn read(one: &Leased, now: Timestamp) -> Result<Work, serde_json::Error> {
    let left = u64::try_from(one.publish_before.duration_since(now).as_millis()).unwrap_or(0);
    let mut work: Work = serde_json::from_str(&one.payload)?;
    match &mut work {
        Work::Publish(publish) => publish.publish_before_ms = left,
        Work::Run(run) => run.publish_before_ms = left,
        Work::Ask(_) | Work::Ping(_) | Work::Keys(_) => {}
    }
    Ok(work)
}
