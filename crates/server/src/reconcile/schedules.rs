//! Schedules fire. What is due, late or missed is decided by `crates/cluster`; that a planned time fires once, whoever else
//! believes to lead, is kept by the database: its row is written together with its command.

use std::{
    collections::BTreeSet,
    hash::{DefaultHasher, Hash as _, Hasher as _},
};

use jiff::{SignedDuration, Timestamp};
use raas_db::{
    Client, DbError, account,
    schedule::{self, Run, Written},
};
use uuid::Uuid;

use super::round::Round;
use crate::{
    Actor, Ctx, RpcError,
    rpc::{self, Scheduled},
};

/// Schedules looked at in one turn.
const LIMIT: i64 = 50;

/// What came of one planned time.
enum Came {
    /// It was dealt with here, and fired.
    Fired,
    /// It was dealt with, here or elsewhere.
    Settled,
    /// The database is away: again in the next turn.
    NotYet,
}

/// Deals with what is due. True: there is more.
pub(super) async fn pass(round: &Round<'_>, client: &mut Client) -> Result<bool, DbError> {
    let due = schedule::due(&*client, round.now, LIMIT).await?;
    let full = due.len() >= usize::try_from(LIMIT).unwrap_or(usize::MAX);
    let mut moved = false;
    for row in due {
        moved |= one(round, client, &row).await?;
    }
    Ok(full && moved)
}

/// Deals with one schedule. True: it has another planned time before it now.
async fn one(round: &Round<'_>, client: &mut Client, row: &Written) -> Result<bool, DbError> {
    let Some(from) = row.next_at else { return Ok(false) };
    let schedule = match rpc::read_schedule(&row.schedule, row.changed_at) {
        Ok(schedule) => schedule,
        Err(error) => {
            settle(round, client, row, from, ("failed", &error.to_string())).await?;
            return schedule::go_on(&*client, row.sched_uuid, row.changed_at, None, None).await;
        }
    };
    let done: BTreeSet<Timestamp> =
        schedule::dealt_with(&*client, row.sched_uuid, from).await?.into_iter().collect();
    let late = SignedDuration::from_secs(round.state.config.schedules.late_s.into());
    let due = schedule.due((from, round.now), late, &done, |planned| seed(row.sched_uuid, planned));
    for (planned, why) in &due.missed {
        settle(round, client, row, *planned, ("missed", &why.words())).await?;
    }
    let mut fired = None;
    for planned in due.fire {
        match run(round, client, row, planned, schedule.max_running).await? {
            Came::Fired => fired = Some(planned),
            Came::Settled => {}
            Came::NotYet => return Ok(false),
        }
    }
    schedule::go_on(&*client, row.sched_uuid, row.changed_at, due.next, fired).await?;
    Ok(due.next != Some(from))
}

/// The same for every server.
fn seed(sched_uuid: Uuid, planned: Timestamp) -> u64 {
    let mut hasher = DefaultHasher::new();
    (sched_uuid, planned.as_second()).hash(&mut hasher);
    hasher.finish()
}

/// Fires, unless it shall be left out.
async fn run(
    round: &Round<'_>,
    client: &mut Client,
    row: &Written,
    planned: Timestamp,
    max_running: Option<u32>,
) -> Result<Came, DbError> {
    let skips = schedule::skips(&*client, &[row.sched_uuid], planned).await?;
    if skips.contains(&(row.sched_uuid, planned)) {
        let why = "somebody asked for it to be left out (schedule.save_skip)";
        return settle(round, client, row, planned, ("skipped", why)).await;
    }
    if let Some(most) = max_running {
        let running = schedule::running(&*client, row.sched_uuid).await?;
        if running >= i64::from(most) {
            let why = format!("{running} of its runs are under way, and maxrunning is {most}");
            return settle(round, client, row, planned, ("skipped", &why)).await;
        }
    }
    match fire(round, client, row, planned).await {
        Ok(true) => Ok(Came::Fired),
        Ok(false) => Ok(Came::Settled),
        Err(RpcError::Unavailable(why)) => {
            tracing::warn!(schedule = %row.name, %why, "a schedule is due and waits");
            Ok(Came::NotYet)
        }
        Err(error) => {
            tracing::warn!(schedule = %row.name, %error, "a schedule is due and cannot run");
            settle(round, client, row, planned, ("failed", &error.to_string())).await
        }
    }
}

/// Runs what the schedule runs, as its owner. False: another server did for this planned time.
async fn fire(
    round: &Round<'_>,
    client: &mut Client,
    row: &Written,
    planned_at: Timestamp,
) -> Result<bool, RpcError> {
    let access = match row.owner_uuid {
        Some(owner) => account::access(&*client, owner).await?,
        None => None,
    };
    let access = access.ok_or_else(|| {
        RpcError::Forbidden("the account that it ran as is gone: somebody must save it anew".to_owned())
    })?;
    let ctx = Ctx::new(round.state.clone(), Actor::of(access));
    let at = Scheduled { sched_uuid: row.sched_uuid, name: row.name.clone(), planned_at };
    let jid = Box::pin(rpc::fire(&ctx, client, rpc::scheduled_command(row)?, at)).await?;
    Ok(jid.is_some())
}

/// Notes what became of a planned time without a command.
async fn settle(
    round: &Round<'_>,
    client: &Client,
    row: &Written,
    planned_at: Timestamp,
    (state, reason): (&'static str, &str),
) -> Result<Came, DbError> {
    let run = Run {
        sched_uuid: row.sched_uuid,
        planned_at,
        sched_name: &row.name,
        state,
        reason,
        fired_at: round.now,
        jid: None,
        cmd: row.cmd.as_deref(),
        fun: row.fun.as_deref(),
        arg: row.arg.as_deref(),
        tgt: row.tgt.as_deref(),
        job_name: None,
        tgt_name: None,
    };
    schedule::claim(client, &run).await?;
    Ok(Came::Settled)
}
