//! `schedule.save_skip`

use std::collections::BTreeMap;

use jiff::Timestamp;
use raas_api::{
    AccessType,
    schedule::{SaveSkip, SaveSkipParams, Skipped},
};
use raas_cluster::schedule;
use raas_db::schedule::{self as db, Found, Search};
use uuid::Uuid;

use super::read;
use crate::{
    Ctx, RpcError,
    rpc::{Handle, saved},
};

impl Handle for SaveSkip {
    async fn handle(ctx: &Ctx, params: SaveSkipParams) -> Result<Skipped, RpcError> {
        let uuids = params.uuids.unwrap_or_default();
        let skip = params.skip.unwrap_or(false);
        let mut client = ctx.state.db.client().await?;
        let tx = client.transaction().await?;
        let read = |uuid: &Uuid| schedule::planned(*uuid).ok_or_else(|| unknown(*uuid));
        let planned: Vec<(i64, Timestamp)> = uuids.iter().map(read).collect::<Result<_, _>>()?;
        let numbers: Vec<i64> = planned.iter().map(|(number, _)| *number).collect();
        let search = Search { numbers: Some(&numbers), also_expired: true, ..Search::default() };
        let (_, found) = db::search(&tx, saved::viewer(ctx), &search).await?;
        let found: BTreeMap<i64, Found> = found.into_iter().map(|one| (one.number, one)).collect();
        let mut runs = Vec::new();
        for (uuid, (number, time)) in uuids.iter().zip(planned) {
            let schedule = found.get(&number).ok_or_else(|| unknown(*uuid))?;
            saved::check(
                ctx,
                &schedule.held,
                AccessType::Write,
                &format!("the schedule {:?}", schedule.name),
            )?;
            is_planned(ctx, schedule, *uuid, time)?;
            runs.push((schedule.sched_uuid, time));
        }
        db::set_skip(&tx, &runs, skip).await?;
        ctx.audit(&tx).await?;
        tx.commit().await?;
        Ok(Skipped { skip, uuids })
    }
}

/// It is a planned time of this schedule, and still to come.
fn is_planned(ctx: &Ctx, found: &Found, uuid: Uuid, time: Timestamp) -> Result<(), RpcError> {
    let schedule = read(&found.schedule, found.changed_at)?;
    let before = time.saturating_sub(jiff::SignedDuration::from_secs(1)).unwrap_or(time);
    if time > ctx.now() && schedule.next(before) == Some(time) { Ok(()) } else { Err(unknown(uuid)) }
}

fn unknown(uuid: Uuid) -> RpcError {
    RpcError::NotFound(format!("there is no future run {uuid}: look at schedule.futures"))
}
