//! What must end, ends: idempotent background work, woken by a signal or a timer. Only the leader acts; should two
//! servers believe that they lead, each step is still taken once, as it holds the row of its command.

mod anew;
mod audit;
mod control;
mod deliveries;
mod highstates;
mod housekeeping;
mod keys;
mod local;
mod masters;
mod memory;
mod metrics;
mod outcomes;
pub(crate) mod reach;
mod readiness;
mod round;
mod run;
mod schedules;
mod sending;
mod targets;

pub(crate) use audit::link;

use std::time::Duration;

use raas_db::{
    DbError, lease,
    listen::{self, Wake, Wakes},
};
use tokio::{task::JoinSet, time::Instant};
use uuid::Uuid;

use crate::{AppState, ledger::RECONCILE};
use memory::Memory;
use round::Round;

/// How often the reconciler looks without being woken.
const TICK: Duration = Duration::from_secs(1);
/// Longest pause after failures.
const LONGEST_PAUSE: Duration = Duration::from_secs(30);
/// Longest time for one turn.
const TURN: Duration = Duration::from_secs(120);
/// Name of the lease.
const LEASE: &str = "reconcile";
/// A leader that is not heard of for so long is followed by another.
const LEASE_TIME: Duration = Duration::from_secs(6);
/// How often the lease is renewed, or asked for.
const LEASE_RENEW: Duration = Duration::from_secs(2);

/// Starts the reconcilers; they end with the server's shutdown token.
pub fn spawn(state: &AppState, tasks: &mut JoinSet<()>) {
    tasks.spawn(run(state.clone()));
    tasks.spawn(highstates::run(state.clone()));
    tasks.spawn(targets::run(state.clone()));
}

async fn run(state: AppState) {
    let mut wakes = state.listener.subscribe();
    let mut leader = Leader::of(&state, LEASE);
    let mut memory = Memory::new(state.clock.now());
    let mut failures = 0_u32;
    while !state.shutdown.is_cancelled() {
        let turn = tokio::time::timeout(TURN, turn(&state, &mut leader, &mut memory)).await;
        let turn = turn.unwrap_or_else(|_| Err(DbError::unavailable("a turn took too long")));
        let more = match turn {
            Ok(more) => {
                failures = 0;
                more
            }
            Err(error) => {
                failures = failures.saturating_add(1);
                tracing::warn!(cause = %error.internal(), failures, "the reconciler failed and tries again");
                false
            }
        };
        if more {
            continue;
        }
        tokio::select! {
            () = state.shutdown.cancelled() => {}
            () = tokio::time::sleep(pause(failures)) => {}
            () = woken(&mut wakes, RECONCILE, failures > 0) => {}
        }
    }
    leader.release(&state).await;
}

fn pause(failures: u32) -> Duration {
    TICK.saturating_mul(1 << failures.min(6)).min(LONGEST_PAUSE)
}

/// Waits until somebody says (with this word) that there is something to reconcile; for ever when nobody can any more. After
/// failures only until the database is back.
async fn woken(wakes: &mut Wakes, word: &str, failing: bool) {
    loop {
        match wakes.next().await {
            None => std::future::pending::<()>().await,
            Some(Wake::Rescan) => return,
            Some(Wake::Notified { channel, payload })
                if !failing && channel == listen::WORK && payload == word =>
            {
                return;
            }
            Some(Wake::Notified { .. }) => {}
        }
    }
}

/// One turn. True: there is more of what it did a bounded part of.
async fn turn(state: &AppState, leader: &mut Leader, memory: &mut Memory) -> Result<bool, DbError> {
    let now = state.clock.now();
    let mut client = state.db.client().await?;
    let leads = leader.leads(&client).await?;
    memory.touched(now);
    if !leads {
        memory.follow();
        return Ok(false);
    }
    let round = Round::look(state, &client, now).await?;
    masters::watch(&round, &mut client, memory).await?;
    let mut more = keys::pass(&round, &mut client).await?;
    if memory.may_judge(&round) {
        more |= deliveries::pass(&round, &mut client).await?;
        more |= outcomes::pass(&round, &mut client).await?;
        more |= schedules::pass(&round, &mut client).await?;
    }
    control::pass(&round, &client).await?;
    readiness::pass(&round, &mut client).await?;
    metrics::pass(&round, &client, memory).await?;
    housekeeping::pass(&round, &mut client, memory).await?;
    more |= audit::pass(&round, &mut client, memory).await?;
    Ok(more)
}

/// Leadership as this server knows it.
#[derive(Debug)]
struct Leader {
    lease: &'static str,
    holder: Uuid,
    leads: bool,
    asked: Option<Instant>,
}

impl Leader {
    /// Of this work; another server may lead.
    fn of(state: &AppState, lease: &'static str) -> Self {
        Self { lease, holder: state.random.uuid(), leads: false, asked: None }
    }

    async fn leads(&mut self, client: &raas_db::Client) -> Result<bool, DbError> {
        if self.asked.is_some_and(|at| at.elapsed() < LEASE_RENEW) {
            return Ok(self.leads);
        }
        let before = std::mem::replace(&mut self.leads, false);
        self.leads = lease::take(client, self.lease, self.holder, LEASE_TIME).await?;
        self.asked = Some(Instant::now());
        if self.leads != before {
            tracing::info!(lease = self.lease, leads = self.leads, "reconciler: leadership changed");
        }
        Ok(self.leads)
    }

    /// Gives the lease back, so that another server need not wait for its end.
    async fn release(&self, state: &AppState) {
        if !self.leads {
            return;
        }
        let released = async { lease::release(&state.db.client().await?, self.lease, self.holder).await };
        match tokio::time::timeout(LEASE_TIME, released).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::debug!(cause = %error.internal(), "the lease was not given back"),
            Err(_) => tracing::debug!("the lease was not given back in time"),
        }
    }
}
