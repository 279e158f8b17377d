//! `schedule.*`: when something runs. One file per method; here what several of them share. Who fires is `reconcile/schedules`,
//! and planned times are worked out in `crates/cluster`.

mod futures;
mod get;
mod get_inflight;
mod get_schedule_access;
mod remove;
mod save;
mod save_schedule_access;
mod save_skip;
mod search_history;
mod update;

use jiff::Timestamp;
use raas_api::{
    AccessType, CommandKind,
    cmd::{RouteCmdArg, RouteCmdParams},
    schedule::ScheduleObject,
};
use raas_cluster::schedule::{self, Problem, Schedule};
use raas_db::{
    Client, Session, Transaction,
    schedule::{self as db, Found, Search, Written},
};
use uuid::Uuid;

use super::{cmd, saved, words};
use crate::{Ctx, RpcError};

/// A stored schedule object, read.
pub(crate) fn read(text: &str, anchor: Timestamp) -> Result<Schedule, RpcError> {
    schedule::read(&object(text)?, anchor).map_err(wrong)
}

fn object(text: &str) -> Result<ScheduleObject, RpcError> {
    serde_json::from_value(words::json(text))
        .map_err(|error| RpcError::Internal(format!("schedule: {error}")))
}

fn wrong(problem: Problem) -> RpcError {
    let parameter = problem.parameter.trim_end_matches('.').to_owned();
    RpcError::Invalid { parameter, given: problem.given, expected: problem.expected }
}

/// What a schedule runs, as parameters of `cmd.route_cmd`.
pub(crate) fn command(row: &Written) -> Result<RouteCmdParams, RpcError> {
    let broken =
        |error: serde_json::Error| RpcError::Internal(format!("schedule {}: {error}", row.sched_uuid));
    let arg: Option<RouteCmdArg> = row
        .arg
        .as_deref()
        .map(|text| serde_json::from_value(words::json(text)))
        .transpose()
        .map_err(broken)?;
    let tgt = row
        .tgt
        .as_deref()
        .map(|text| serde_json::from_value(words::json(text)))
        .transpose()
        .map_err(broken)?;
    let kind = row.cmd.as_deref().map(|word| words::read(word, CommandKind::from_word)).transpose()?;
    Ok(RouteCmdParams {
        job_uuid: row.job_uuid,
        cmd: kind,
        fun: row.fun.clone(),
        masters: row.masters.clone(),
        arg,
        tgt,
        tgt_uuid: row.tgt_uuid,
        ..RouteCmdParams::default()
    })
}

/// The schedule, if the caller may at least discover it.
async fn find(ctx: &Ctx, session: &impl Session, uuid: Uuid) -> Result<Found, RpcError> {
    let one = Search { sched_uuid: Some(uuid), also_expired: true, ..Search::default() };
    db::search(session, saved::viewer(ctx), &one).await?.1.pop().ok_or_else(|| {
        RpcError::NotFound(format!(
            "there is no schedule {uuid} that {:?} may see: look at schedule.get",
            ctx.actor.username
        ))
    })
}

/// A schedule that the caller may write or delete, locked.
async fn locked(
    ctx: &Ctx,
    tx: &Transaction<'_>,
    uuid: Uuid,
    wanted: AccessType,
) -> Result<Written, RpcError> {
    let found = find(ctx, tx, uuid).await?;
    saved::check(ctx, &found.held, wanted, &format!("the schedule {:?}", found.name))?;
    db::get(tx, uuid).await?.ok_or_else(|| RpcError::NotFound(format!("there is no schedule {uuid}")))
}

/// Checks a schedule and writes it. It belongs to whoever writes it, as it runs with the rights of its owner; what the
/// writer could not run is not saved.
async fn write(ctx: &Ctx, client: &mut Client, mut row: Written, is_new: bool) -> Result<Uuid, RpcError> {
    saved::name(&row.name)?;
    if row.tgt.is_some() && row.tgt_uuid.is_some() {
        return Err(RpcError::Unusable("tgt and tgt_uuid exclude each other: give one of them".to_owned()));
    }
    cmd::could_run(ctx, client, command(&row)?).await?;
    row.changed_at = ctx.now();
    row.owner_uuid = Some(ctx.actor.account_uuid);
    let schedule = read(&row.schedule, row.changed_at)?;
    row.next_at = first(&schedule, row.changed_at).filter(|_| row.enabled);
    if row.enabled && row.next_at.is_none() {
        ctx.warn("this schedule never fires: all of its times are past or ruled out");
    }
    let tx = client.transaction().await?;
    let written = if is_new { db::insert(&tx, &row).await } else { db::update(&tx, &row).await };
    let taken =
        || RpcError::Conflict(format!("there is a schedule {:?} already: choose another name", row.name));
    match written {
        Ok(true) => {}
        Ok(false) => return Err(taken()),
        Err(error) if error.conflict().is_some() => return Err(taken()),
        Err(error) => return Err(error.into()),
    }
    ctx.audit(&tx).await?;
    tx.commit().await?;
    Ok(row.sched_uuid)
}

/// Its first planned time, this moment included.
fn first(schedule: &Schedule, now: Timestamp) -> Option<Timestamp> {
    schedule.next(now.saturating_sub(jiff::SignedDuration::from_secs(1)).unwrap_or(now))
}

/// `daterange`: two times.
fn dates(
    times: Option<&[String]>,
    fmt: Option<&str>,
) -> Result<(Option<Timestamp>, Option<Timestamp>), RpcError> {
    let Some(times) = times else { return Ok((None, None)) };
    let range = schedule::range(times, fmt).ok_or_else(|| {
        let expected = "two times, as [\"2026-03-01T00:00:00Z\", \"2026-03-08T00:00:00Z\"]";
        RpcError::invalid("daterange", format!("{times:?}"), expected)
    })?;
    Ok((Some(range.0), Some(range.1)))
}

/// Text in it; none when there is no text.
fn containing(text: Option<&str>) -> Option<String> {
    text.filter(|text| !text.is_empty()).map(raas_db::pattern::substring)
}
