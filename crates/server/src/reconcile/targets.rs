//! Members of saved target groups follow the minions and the groups: idempotent work of one server at a time, woken by a
//! signal or a timer. Whoever reads decides anew what is not worked in yet, so nobody waits for it.

mod changed;
mod groups;
mod matching;
mod whole;

use raas_db::{Client, DbError, listen::Wakes, target_group, target_member};
use tokio::time::{Instant, timeout};

use self::{groups::Groups, whole::Whole};
use super::{Leader, TURN, pause, woken};
use crate::{AppState, ledger::TARGETS};

/// Name of the lease.
const LEASE: &str = "targets";
/// Groups times minions of one transaction: each may be a row to write, and a statement has a time limit.
const VERDICTS: usize = 200_000;
/// Minions of one transaction, at least and at most: their grains are held in memory.
const MINIONS: (usize, usize) = (50, 1_000);

/// Works until the server stops. After each transaction it rests as long as that took: whoever waits for the database goes
/// first.
pub(super) async fn run(state: AppState) {
    let mut wakes = state.listener.subscribe();
    let mut leader = Leader::of(&state, LEASE);
    let mut work = Work::default();
    while !state.shutdown.is_cancelled() {
        let began = Instant::now();
        let more = work.turn(&state, &mut leader).await;
        rest(&state, &mut wakes, more.then(|| began.elapsed()), work.failures).await;
    }
    leader.release(&state).await;
}

/// Until there is something to do: for so long when that is known, else until somebody says so, or a timer.
async fn rest(state: &AppState, wakes: &mut Wakes, known: Option<std::time::Duration>, failures: u32) {
    tokio::select! {
        () = state.shutdown.cancelled() => {}
        () = tokio::time::sleep(known.unwrap_or_else(|| pause(failures))) => {}
        () = woken(wakes, TARGETS, failures > 0), if known.is_none() => {}
    }
}

/// What it remembers. Nothing that matters is lost with it: what is half done begins anew.
#[derive(Default)]
struct Work {
    groups: Groups,
    whole: Option<Whole>,
    failures: u32,
}

impl Work {
    /// One transaction. True: there is more to do.
    async fn turn(&mut self, state: &AppState, leader: &mut Leader) -> bool {
        let step = timeout(TURN, self.step(state, leader)).await;
        match step.unwrap_or_else(|_| Err(DbError::unavailable("working out members took too long"))) {
            Ok(more) => {
                self.failures = 0;
                more
            }
            Err(error) => {
                let failures = self.failures.saturating_add(1);
                tracing::warn!(cause = %error.internal(), failures, "members of target groups could not be worked out");
                // Also what was parsed: whether it was committed is not known.
                *self = Self { failures, ..Self::default() };
                false
            }
        }
    }

    async fn step(&mut self, state: &AppState, leader: &mut Leader) -> Result<bool, DbError> {
        let mut client = state.db.client().await?;
        if !leader.leads(&client).await? {
            *self = Self::default();
            return Ok(false);
        }
        self.pass(&mut client).await
    }

    async fn pass(&mut self, client: &mut Client) -> Result<bool, DbError> {
        let tx = client.transaction().await?;
        // Also when two servers believe that they lead.
        if !target_member::lock(&tx).await? {
            return Ok(false);
        }
        let versions = target_group::versions(&tx).await?;
        self.groups.refresh(&tx, &versions).await?;
        if let Some(whole) = &mut self.whole {
            whole.keep(&versions);
        }
        let mut more = changed::pass(&tx, self.groups.all(), self.most(self.groups.len())).await?;
        if self.whole.is_none() {
            self.whole = Whole::begin(self.groups.unresolved(&versions));
        }
        let most = self.most(self.whole.as_ref().map_or(1, Whole::len));
        if let Some(whole) = &mut self.whole {
            more = true;
            if whole.pass(&tx, most).await? {
                self.whole = None;
            }
        }
        tx.commit().await?;
        Ok(more)
    }

    /// How many minions of one transaction are matched with so many groups. After a failure as few as can be: what is too
    /// much for one statement is less the next time.
    fn most(&self, groups: usize) -> i64 {
        let (least, most) = MINIONS;
        let some = if self.failures > 0 { least } else { (VERDICTS / groups.max(1)).clamp(least, most) };
        i64::try_from(some).unwrap_or(1)
    }
}
