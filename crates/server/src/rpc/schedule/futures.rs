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
        for (place, found) in found.iter().enumerate() {
            all.extend(planned((place, found), (from, to), &skips)?);
        }
        if let Some(states) = &params.state {
            all.retain(|one| states.contains(&one.state) != params.state_invert);
        }
        let by = params.sort_by.unwrap_or(FuturesSort::StartTime);
        let order = |one: &Planned<'_>, other: &Planned<'_>| {
            let order = order(by, one, other).then(one.at.cmp(&other.at));
            page::turned(order, params.reverse).then(one.place.cmp(&other.place))
        };
        let count = i64::try_from(all.len()).unwrap_or(i64::MAX);
        let results = page::cut_in_order(&mut all, rows, order).iter().map(Planned::shown).collect();
        Ok(Page { count, limit: params.limit, results })
    }
}

/// A planned time: there are many, and few are shown.
#[derive(Clone, Copy, Debug)]
struct Planned<'a> {
    /// Of its schedule among those that were found.
    place: usize,
    found: &'a Found,
    fun: Option<&'a str>,
    at: Timestamp,
    state: FutureState,
}

impl Planned<'_> {
    fn shown(&self) -> Future {
        let found = self.found;
        Future {
            uuid: schedule::future(found.number, self.at),
            sched_uuid: found.sched_uuid,
            sched_name: found.name.clone(),
            job_uuid: found.job_uuid,
            job_name: found.job_name.clone(),
            tgt_uuid: found.tgt_uuid,
            tgt_name: found.tgt_name.clone(),
            fun: self.fun.map(str::to_owned),
            start_time: self.at,
            state: self.state,
        }
    }
}

fn planned<'a>(
    (place, found): (usize, &'a Found),
    (from, to): (Timestamp, Timestamp),
    skips: &BTreeSet<(Uuid, Timestamp)>,
) -> Result<Vec<Planned<'a>>, RpcError> {
    let schedule = read(&found.schedule, found.changed_at)?;
    // Who may only discover it sees when it runs, and not what.
    let fun = found.fun.as_deref().filter(|_| saved::may(&found.held, AccessType::Read));
    let state = |at: Timestamp| match (found.enabled, skips.contains(&(found.sched_uuid, at))) {
        (false, _) => FutureState::Disabled,
        (true, true) => FutureState::Skipping,
        (true, false) => FutureState::Scheduled,
    };
    let one = |at: Timestamp| Planned { place, found, fun, at, state: state(at) };
    Ok(schedule.between(from, to).take(MOST).map(one).collect())
}

fn order(by: FuturesSort, one: &Planned<'_>, other: &Planned<'_>) -> Ordering {
    match by {
        FuturesSort::Fun => one.fun.cmp(&other.fun),
        FuturesSort::TgtName => one.found.tgt_name.cmp(&other.found.tgt_name),
        FuturesSort::JobName => one.found.job_name.cmp(&other.found.job_name),
        FuturesSort::SchedName => one.found.name.cmp(&other.found.name),
        FuturesSort::StartTime => one.at.cmp(&other.at),
        FuturesSort::State => one.state.cmp(&other.state),
    }
}
