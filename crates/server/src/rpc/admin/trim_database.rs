//! `admin.trim_database`: retention by hand.

use jiff::{Timestamp, ToSpan as _, civil::Date, tz::TimeZone};
use raas_api::admin::{TrimDatabase, TrimDatabaseParams, Trimmed, TrimmedJobs};
use raas_db::{Client, audit};

use crate::{
    Ctx, RpcError,
    retention::{self, Found},
    rpc::Handle,
};

impl Handle for TrimDatabase {
    async fn handle(ctx: &Ctx, params: TrimDatabaseParams) -> Result<Trimmed, RpcError> {
        let TrimDatabaseParams { audit, events, jobs, schedule, test } = params;
        let now = ctx.now();
        for (family, days) in [("audit", audit), ("events", events), ("jobs", jobs), ("schedule", schedule)] {
            first_day(family, days, now)?;
        }
        let (audit_from, jobs_from) = (first_day("audit", audit, now)?, first_day("jobs", jobs, now)?);
        let mut client = ctx.state.db.client().await?;
        let older = match audit_from {
            Some(first) => audit::older(&client, first).await?,
            None => 0,
        };
        let found = match jobs_from {
            Some(first) => Some(look(ctx, &client, first).await?),
            None => None,
        };
        if !test {
            trim(ctx, &mut client, audit_from, found.map(|found| found.first)).await?;
        }
        let trimmed = Trimmed {
            test,
            audit: audit.map(|_| older),
            events: nothing_kept(ctx, "events", events),
            jobs: jobs.map(|_| found.map_or_else(TrimmedJobs::default, counted)),
            schedule: nothing_kept(ctx, "schedule", schedule),
        };
        tracing::info!(user = ctx.actor.username, ?params, ?trimmed, "database trimmed");
        Ok(trimmed)
    }
}

/// What goes of the jobs.
async fn look(ctx: &Ctx, client: &Client, first: Date) -> Result<Found, RpcError> {
    let found = retention::look(client, first).await?;
    if found.first < first {
        ctx.warn(format!("days from {} on are kept: a job of that day has not ended yet", found.first));
    }
    Ok(found)
}

fn counted(Found { old, .. }: Found) -> TrimmedJobs {
    TrimmedJobs {
        commands: old.commands,
        minions_expected: old.expected,
        returns: old.returned,
        jids: old.jids,
    }
}

/// Lets it go. The first transaction says who does so: nothing goes without, and nothing is said of what did not begin.
async fn trim(
    ctx: &Ctx,
    client: &mut Client,
    audit: Option<Date>,
    jobs: Option<Date>,
) -> Result<(), RpcError> {
    let tx = client.transaction().await?;
    retention::begin(&tx, audit, jobs).await?;
    ctx.audit(&tx).await?;
    tx.commit().await?;
    if let Some(first) = audit {
        retention::trim_audit(client, first).await?;
    }
    if let Some(first) = jobs {
        retention::trim(client, first, u32::MAX).await?;
    }
    Ok(())
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
