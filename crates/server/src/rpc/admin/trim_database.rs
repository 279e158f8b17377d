//! `admin.trim_database`: retention by hand.

use jiff::{Timestamp, ToSpan as _, civil::Date, tz::TimeZone};
use raas_api::admin::{TrimDatabase, TrimDatabaseParams, Trimmed, TrimmedJobs};
use raas_db::audit;

use crate::{Ctx, RpcError, retention, rpc::Handle};

impl Handle for TrimDatabase {
    async fn handle(ctx: &Ctx, params: TrimDatabaseParams) -> Result<Trimmed, RpcError> {
        let TrimDatabaseParams { audit, events, jobs, schedule, test } = params;
        let now = ctx.now();
        for (family, days) in [("audit", audit), ("events", events), ("jobs", jobs), ("schedule", schedule)] {
            first_day(family, days, now)?;
        }
        // Written first: what goes cannot be brought back.
        ctx.audit(&ctx.state.db.client().await?).await?;
        let trimmed = Trimmed {
            test,
            audit: match (audit, first_day("audit", audit, now)?) {
                (None, _) => None,
                (Some(_), None) => Some(0),
                (Some(_), Some(first)) => Some(trim_audit(ctx, first, test).await?),
            },
            events: nothing_kept(ctx, "events", events),
            jobs: match (jobs, first_day("jobs", jobs, now)?) {
                (None, _) => None,
                (Some(_), None) => Some(TrimmedJobs::default()),
                (Some(_), Some(first)) => Some(trim_jobs(ctx, first, test).await?),
            },
            schedule: nothing_kept(ctx, "schedule", schedule),
        };
        tracing::info!(user = ctx.actor.username, ?params, ?trimmed, "database trimmed");
        Ok(trimmed)
    }
}

async fn trim_jobs(ctx: &Ctx, first: Date, test: bool) -> Result<TrimmedJobs, RpcError> {
    let mut client = ctx.state.db.client().await?;
    let found = retention::look(&client, first).await?;
    if found.first < first {
        ctx.warn(format!("days from {} on are kept: a job of that day has not ended yet", found.first));
    }
    if !test {
        retention::trim(&mut client, found.first, u32::MAX).await?;
    }
    let old = found.old;
    Ok(TrimmedJobs {
        commands: old.commands,
        minions_expected: old.expected,
        returns: old.returned,
        jids: old.jids,
    })
}

async fn trim_audit(ctx: &Ctx, first: Date, test: bool) -> Result<i64, RpcError> {
    let mut client = ctx.state.db.client().await?;
    let rows = audit::older(&client, first).await?;
    if !test {
        retention::trim_audit(&mut client, first).await?;
    }
    Ok(rows)
}

/// The first day that is kept; none: all are.
fn first_day(family: &str, days: Option<i64>, now: Timestamp) -> Result<Option<Date>, RpcError> {
    let Some(days) = days.filter(|days| *days != -1) else { return Ok(None) };
    let today = now.to_zoned(TimeZone::UTC).date();
    let day = i32::try_from(days)
        .ok()
        .filter(|days| *days >= 0)
        .and_then(|days| today.checked_sub(days.days()).ok());
    day.map(Some).ok_or_else(|| RpcError::invalid(family, days, "-1 (keep all), or a number of days"))
}

/// Families that this server keeps nothing of.
fn nothing_kept(ctx: &Ctx, family: &str, days: Option<i64>) -> Option<i64> {
    days.map(|_| {
        ctx.warn(format!("this server keeps no rows of the family {family:?}, so none were trimmed"));
        0
    })
}
