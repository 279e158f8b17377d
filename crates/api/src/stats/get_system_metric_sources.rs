//! `stats.get_system_metric_sources`: where a metric is measured.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Metric;
use crate::method;

/// Parameters.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GetSystemMetricSourcesParams {
    /// The metric.
    pub metric: Metric,
}

method!(
    GetSystemMetricSources,
    "stats",
    "get_system_metric_sources",
    GetSystemMetricSourcesParams,
    Vec<String>,
    "Where a metric is measured: master ids, postgres, raas, or queues; none where nothing here measures it."
);
