//! Plan → rows: command, outcomes and deliveries in one transaction, which wakes the masters when it commits.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use raas_api::{
    CommandState, Jid, OutcomeState,
    cmd::{RouteTarget, TargetText},
};
use raas_cluster::routing::{PlannedDelivery, PlannedTarget};
use raas_db::{
    Client, DbError, Transaction,
    command::{self, NewCommand},
    delivery::{self, NewDelivery},
    listen,
    outcome::{self, NewOutcome},
    partition,
};
use raas_wire::{Json, Publish, Run, Work};
use serde_json::{Value, json};

use super::{
    plan::{Part, Planned},
    request::{Request, Wanted},
};
use crate::{
    Change, Ctx, RpcError,
    job::{self, GRACE, Times, after},
};

/// How many microseconds to look ahead for a jid that nobody has.
const TRIES: i64 = 1000;

/// Stores a plan and returns its jid. None: it is of a schedule, and its planned time was taken already.
pub(super) async fn store(
    ctx: &Ctx,
    client: &mut Client,
    request: &Request,
    planned: &Planned,
) -> Result<Option<Jid>, RpcError> {
    let mut stored = once(ctx, client, request, planned).await;
    if let Err(Failure::Db(DbError::MissingPartition { .. })) = stored {
        let today = ctx.now().to_zoned(TimeZone::UTC).date();
        partition::ensure(client, today, 1).await?;
        stored = once(ctx, client, request, planned).await;
    }
    match stored {
        Ok(jid) => Ok(Some(jid)),
        Err(Failure::Fired) => Ok(None),
        Err(failure) => Err(failure.into()),
    }
}

pub(in crate::rpc::cmd) enum Failure {
    Db(DbError),
    Taken(Jid),
    /// The planned time of a schedule that it is for was taken already.
    Fired,
}

impl From<DbError> for Failure {
    fn from(error: DbError) -> Self {
        Self::Db(error)
    }
}

impl From<Failure> for RpcError {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Db(error) => error.into(),
            Failure::Taken(jid) => Self::Conflict(super::taken(&jid)),
            Failure::Fired => {
                Self::Conflict("this planned time of the schedule was dealt with already".to_owned())
            }
        }
    }
}

async fn once(ctx: &Ctx, client: &mut Client, request: &Request, planned: &Planned) -> Result<Jid, Failure> {
    let tx = client.transaction().await?;
    let jid = within(ctx, &tx, request, planned).await?;
    tx.commit().await?;
    Ok(jid)
}

/// The rows of a plan, within a transaction of the caller's.
pub(in crate::rpc::cmd) async fn within(
    ctx: &Ctx,
    tx: &Transaction<'_>,
    request: &Request,
    planned: &Planned,
) -> Result<Jid, Failure> {
    let now = ctx.now();
    let publish_before = after(now, Times::of(&ctx.state.config).publish);
    let mut row = command_row(ctx, request, planned, now);
    let jid = insert(tx, request.jid.as_ref(), &mut row, now).await?;
    if !request.origin.claim(tx, &row).await? {
        return Err(Failure::Fired);
    }
    let outcomes: Vec<NewOutcome> =
        planned.parts.iter().flat_map(|part| outcomes(part, publish_before)).collect();
    let deliveries = deliveries(ctx, request, planned, (&row, publish_before));
    let masters: BTreeSet<_> = deliveries.iter().map(|d| d.master_uuid).collect();
    let mut told: Vec<(&str, String)> = masters.iter().map(|m| (listen::WORK, m.to_string())).collect();
    let change = serde_json::to_string(&Change::of("commands").of_job(jid.as_str())).unwrap_or_default();
    told.push((listen::CHANGE, change));
    // Sent together, in one round trip.
    tokio::try_join!(
        outcome::insert(tx, row.day, jid.as_str(), now, &outcomes),
        delivery::insert(tx, now, &deliveries),
        listen::notify_all(tx, &told),
        ctx.audit(tx),
    )?;
    Ok(jid)
}

/// Draws a jid of this moment, or of the next free microsecond.
pub(super) async fn insert(
    tx: &Transaction<'_>,
    wished: Option<&Jid>,
    row: &mut NewCommand,
    now: Timestamp,
) -> Result<Jid, Failure> {
    let mut jid = wished.cloned().unwrap_or_else(|| Jid::at(now));
    for later in 1..=TRIES {
        jid.as_str().clone_into(&mut row.jid);
        if command::insert(tx, row).await? {
            return Ok(jid);
        }
        if wished.is_some() {
            break;
        }
        jid = Jid::at(after(now, SignedDuration::from_micros(later)));
    }
    Err(Failure::Taken(jid))
}

pub(super) fn command_row(ctx: &Ctx, request: &Request, planned: &Planned, now: Timestamp) -> NewCommand {
    let mut clusters: Vec<String> = planned.parts.iter().map(|part| part.cluster_id.clone()).collect();
    clusters.sort();
    clusters.dedup();
    let outcomes = || planned.parts.iter().flat_map(|part| &part.plan.outcomes);
    let sent: BTreeSet<&String> = planned
        .parts
        .iter()
        .flat_map(|part| &part.plan.deliveries)
        .filter_map(|delivery| planned.master_ids.get(&delivery.master_uuid))
        .collect();
    let count = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
    let (expected, open) = (outcomes().count(), outcomes().filter(|o| !o.state.is_final()).count());
    let state = match (sent.is_empty(), expected) {
        (false, _) => CommandState::New,
        (true, 0) => CommandState::CompletedAllSuccessful,
        (true, _) => CommandState::CompletedMissingReturns,
    };
    let arg = &request.arg;
    NewCommand {
        jid: String::new(),
        day: now.to_zoned(TimeZone::UTC).date(),
        cmd: request.kind().as_str(),
        fun: request.fun.clone(),
        arg: job::our_args(arg).to_string(),
        tgt: asked(request).to_string(),
        clusters,
        user_name: ctx.actor.username.clone(),
        user_uuid: Some(ctx.actor.account_uuid),
        is_highstate: job::is_highstate_of(&request.fun, &job::our_args(arg)),
        created_at: now,
        timeout_ms: request.timeout_ms,
        state: state.as_str(),
        expected: count(expected),
        open: count(open),
        ended_at: sent.is_empty().then_some(now),
        masters_to: sent.into_iter().cloned().collect(),
        warnings: planned.warnings.clone(),
        origin: request.origin.row(),
    }
}

/// The target as asked for: a delivery that is planned anew stays within it.
fn asked(request: &Request) -> Value {
    match &request.wanted {
        Wanted::Local(tgt) => json!(tgt),
        Wanted::Run { masters, disposition, .. } => json!({"masters": masters, "disposition": disposition}),
    }
}

pub(super) fn outcomes(part: &Part, publish_before: Timestamp) -> impl Iterator<Item = NewOutcome> {
    let deadline = after(publish_before, GRACE);
    part.plan.outcomes.iter().map(move |planned| NewOutcome {
        cluster_id: part.cluster_id.clone(),
        minion_id: planned.minion_id.clone(),
        state: planned.state.as_str(),
        reason: planned.reason.clone(),
        master_uuid: planned.master_uuid,
        deadline: (planned.state == OutcomeState::Queued).then_some(deadline),
    })
}

fn deliveries(
    ctx: &Ctx,
    request: &Request,
    planned: &Planned,
    at: (&NewCommand, Timestamp),
) -> Vec<NewDelivery> {
    let (row, publish_before) = at;
    let second_before = after(row.created_at, Times::of(&ctx.state.config).second_copy);
    let each = planned.parts.iter().flat_map(|part| part.plan.deliveries.iter().map(move |d| (part, d)));
    each.filter_map(|(part, planned)| {
        let work = work(ctx, request, part, planned, row)?;
        Some(NewDelivery {
            delivery_id: work.delivery_id(),
            jid: Some(row.jid.clone()),
            day: Some(row.day),
            cluster_id: part.cluster_id.clone(),
            master_uuid: planned.master_uuid,
            work: if matches!(work, Work::Run(_)) { "run" } else { "publish" },
            payload: serde_json::to_string(&work).unwrap_or_default(),
            publish_before: if planned.second { second_before } else { publish_before },
        })
    })
    .collect()
}

/// The work of one delivery; its remaining time is filled in when it is given out.
fn work(
    ctx: &Ctx,
    request: &Request,
    part: &Part,
    planned: &PlannedDelivery,
    row: &NewCommand,
) -> Option<Work> {
    let delivery_id = ctx.state.random.uuid();
    let user = ctx.actor.username.clone();
    if let Wanted::Run { client, .. } = request.wanted {
        return Some(Work::Run(Run {
            delivery_id,
            jid: row.jid.clone(),
            client,
            fun: request.fun.clone(),
            arg: json!(request.arg.arg.as_deref().unwrap_or_default()).into(),
            kwarg: json!(request.arg.kwarg.clone().unwrap_or_default()).into(),
            user,
            publish_before_ms: 0,
            timeout_ms: u64::try_from(request.timeout_ms).unwrap_or_default(),
        }));
    }
    let (tgt, tgt_type) = match (&planned.target, &part.target) {
        (PlannedTarget::List(ids), _) => (json!(ids), "list".to_owned()),
        (_, Some(asked)) => expression(asked),
        (_, None) => return None,
    };
    Some(Work::Publish(Publish {
        delivery_id,
        jid: row.jid.clone(),
        fun: request.fun.clone(),
        arg: job::salt_args(&request.arg).into(),
        tgt: Json::from(tgt),
        tgt_type,
        user,
        metadata: None,
        publish_before_ms: 0,
    }))
}

fn expression(asked: &RouteTarget) -> (Value, String) {
    let tgt = match &asked.tgt {
        TargetText::Text(text) => json!(text),
        TargetText::List(ids) => json!(ids),
    };
    (tgt, asked.tgt_type.clone())
}
