//! `schedule.futures`: planned times are not stored; they are worked out for the range that is asked for.

use std::{cmp::Ordering, collections::BTreeSet};

use jiff::{SignedDuration, Timestamp};
use raas_api::{
    AccessType, Page,
    schedule::{Future, FutureState, Futures, FuturesParams, FuturesSort},
};
use raas_cluster::schedule;
use raas_db::schedule::{self as db, Found, Search};
use uuid::Uuid;

use super::{dates, read};
use crate::{
    Ctx, RpcError,
    rpc::{Handle, page, saved},
};

/// How far it is looked ahead.
const AHEAD: SignedDuration = SignedDuration::from_hours(8 * 7 * 24);
/// Most planned times of one schedule.
const MOST: usize = 1000;

impl Handle for Futures {
    async fn handle(ctx: &Ctx, params: FuturesParams) -> Result<Page<Future>, RpcError> {
        let rows = page::rows(params.page, params.limit)?;
        let now = ctx.now();
        let (from, to) = dates(params.daterange.as_deref(), params.daterange_fmt.as_deref())?;
        let from = from.map_or(now, |from| from.max(now));
        let to = to.unwrap_or_else(|| now.saturating_add(AHEAD).unwrap_or(now));
        let search = Search {
            sched_uuid: params.uuid,
            names: params.sched_names.as_deref(),
            job_names: params.job_names.as_deref(),
            tgt_names: params.tgt_names.as_deref(),
            fun: params.fun.as_deref(),
            ..Search::default()
        };
        let client = ctx.state.db.client().await?;
        let (_, found) = db::search(&client, saved::viewer(ctx), &search).await?;
        let uuids: Vec<Uuid> = found.iter().map(|one| one.sched_uuid).collect();
        let skips: BTreeSet<(Uuid, Timestamp)> =
            db::skips(&client, &uuids, from).await?.into_iter().collect();
        let mut all = Vec::new();
        for one in &found {
            all.extend(planned(one, (from, to), &skips)?);
        }
        if let Some(states) = &params.state {
            all.retain(|future| states.contains(&future.state) != params.state_invert);
        }
        let by = params.sort_by.unwrap_or(FuturesSort::StartTime);
        all.sort_by(|one, other| {
            page::turned(order(by, one, other).then(one.start_time.cmp(&other.start_time)), params.reverse)
        });
        let count = i64::try_from(all.len()).unwrap_or(i64::MAX);
        Ok(Page { count, limit: params.limit, results: page::cut(&all, rows).to_vec() })
    }
}

fn planned(
    found: &Found,
    (from, to): (Timestamp, Timestamp),
    skips: &BTreeSet<(Uuid, Timestamp)>,
) -> Result<Vec<Future>, RpcError> {
    let schedule = read(&found.schedule, found.changed_at)?;
    // Who may only discover it sees when it runs, and not what.
    let fun = found.fun.clone().filter(|_| saved::may(&found.held, AccessType::Read));
    let one = |start_time: Timestamp| Future {
        uuid: schedule::future(found.number, start_time),
        sched_uuid: found.sched_uuid,
        sched_name: found.name.clone(),
        job_uuid: found.job_uuid,
        job_name: found.job_name.clone(),
        tgt_uuid: found.tgt_uuid,
        tgt_name: found.tgt_name.clone(),
        fun: fun.clone(),
        start_time,
        state: match (found.enabled, skips.contains(&(found.sched_uuid, start_time))) {
            (false, _) => FutureState::Disabled,
            (true, true) => FutureState::Skipping,
            (true, false) => FutureState::Scheduled,
        },
    };
    Ok(schedule.between(from, to).take(MOST).map(one).collect())
}

fn order(by: FuturesSort, one: &Future, other: &Future) -> Ordering {
    match by {
        FuturesSort::Fun => one.fun.cmp(&other.fun),
        FuturesSort::TgtName => one.tgt_name.cmp(&other.tgt_name),
        FuturesSort::JobName => one.job_name.cmp(&other.job_name),
        FuturesSort::SchedName => one.sched_name.cmp(&other.sched_name),
        FuturesSort::StartTime => one.start_time.cmp(&other.start_time),
        FuturesSort::State => one.state.cmp(&other.state),
    }
}
