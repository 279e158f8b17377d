//! `stats.get_system_metrics`: metrics over time.

use jiff::{SignedDuration, Timestamp};
use raas_api::stats::{
    GetSystemMetrics, GetSystemMetricsParams, Metric, MetricPoint, MetricRange, MetricSeries, SystemMetrics,
};
use raas_db::metric::{self, Series};

use crate::{Ctx, RpcError, job::after, rpc::Handle};

/// Longest time that can be asked for: samples are kept no longer.
const LONGEST: SignedDuration = SignedDuration::from_hours(24);

impl Handle for GetSystemMetrics {
    async fn handle(ctx: &Ctx, params: GetSystemMetricsParams) -> Result<SystemMetrics, RpcError> {
        let range = range(params.daterange.unwrap_or_default(), ctx.now())?;
        let metrics: Option<Vec<&str>> =
            params.metrics.map(|all| all.into_iter().map(Metric::as_str).collect());
        let client = ctx.state.db.client().await?;
        let reverse = params.reverse.unwrap_or(false);
        let found =
            metric::series(&client, metrics.as_deref(), params.sources.as_deref(), range, reverse).await?;
        let count: usize = found.iter().map(|one| one.points.len()).sum();
        Ok(SystemMetrics {
            count: i64::try_from(count).unwrap_or(i64::MAX),
            results: found.into_iter().map(shown).collect(),
        })
    }
}

fn range(asked: MetricRange, now: Timestamp) -> Result<(Timestamp, Timestamp), RpcError> {
    let wrong = |why: &str| RpcError::wrong("daterange", format!("{asked:?}"), why);
    let length = asked.timedelta.map(|seconds| SignedDuration::from_secs(seconds.into()));
    let (start, end) = match (asked.start, asked.end, length) {
        (Some(_), Some(_), Some(_)) => return Err(wrong("at most two of start, end and timedelta")),
        (Some(start), Some(end), None) => (start, end),
        (Some(start), None, length) => (start, length.map_or(now, |length| after(start, length))),
        (None, end, length) => {
            let end = end.unwrap_or(now);
            (after(end, -length.unwrap_or(LONGEST)), end)
        }
    };
    if end < start || end.duration_since(start) > LONGEST {
        return Err(wrong("a time of at most 24 hours, its start before its end"));
    }
    Ok((start, end))
}

fn shown(found: Series) -> MetricSeries {
    MetricSeries {
        name: format!("{}-{}", found.metric, found.source),
        series: found.points.into_iter().map(|(name, value)| MetricPoint { value, name }).collect(),
    }
}
