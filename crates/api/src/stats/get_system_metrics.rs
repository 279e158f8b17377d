//! `stats.get_system_metrics`: metrics over time.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Metric;
use crate::method;

/// Parameters, in positional order.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GetSystemMetricsParams {
    /// Which time; default the last 24 hours.
    #[serde(default)]
    pub daterange: Option<MetricRange>,
    /// Which metrics; default all.
    #[serde(default)]
    pub metrics: Option<Vec<Metric>>,
    /// Of which sources; default all.
    #[serde(default)]
    pub sources: Option<Vec<String>>,
    /// Newest first.
    #[serde(default)]
    pub reverse: Option<bool>,
}

/// A time of at most 24 hours, by at most two of these.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MetricRange {
    /// Its beginning.
    #[serde(default)]
    pub start: Option<Timestamp>,
    /// Its end; default now.
    #[serde(default)]
    pub end: Option<Timestamp>,
    /// Its length in seconds; default 24 hours.
    #[serde(default)]
    #[schemars(range(min = 1))]
    pub timedelta: Option<u32>,
}

/// Metrics over time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SystemMetrics {
    /// Points of all series.
    pub count: i64,
    /// One per metric and source.
    pub results: Vec<MetricSeries>,
}

/// A metric of one source.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct MetricSeries {
    /// `<metric>-<source>`
    pub name: String,
    /// Its samples.
    pub series: Vec<MetricPoint>,
}

/// One sample.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct MetricPoint {
    /// Value.
    pub value: f64,
    /// When.
    pub name: Timestamp,
}

method!(
    GetSystemMetrics,
    "stats",
    "get_system_metrics",
    GetSystemMetricsParams,
    SystemMetrics,
    "Samples of metrics, taken every minute and kept for a day: one series per metric and source."
);
