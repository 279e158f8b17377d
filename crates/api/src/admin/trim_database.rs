//! `admin.trim_database`: old history is dropped by hand.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::method;

/// Parameters, in positional order. Each number is how many days of its family are kept: 0 keeps today, -1 keeps all, and
/// what is not given is left alone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct TrimDatabaseParams {
    /// The audit log.
    #[schemars(range(min = -1))]
    pub audit: Option<i64>,
    /// Salt's events.
    #[schemars(range(min = -1))]
    pub events: Option<i64>,
    /// Commands with their outcomes and returns.
    #[schemars(range(min = -1))]
    pub jobs: Option<i64>,
    /// Runs of schedules.
    #[schemars(range(min = -1))]
    pub schedule: Option<i64>,
    /// Only count.
    pub test: bool,
}

/// What went, or would go; only families that were asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Trimmed {
    /// Nothing was dropped.
    pub test: bool,
    /// Rows of the audit log.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub audit: Option<i64>,
    /// Events.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub events: Option<i64>,
    /// Jobs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub jobs: Option<TrimmedJobs>,
    /// Runs of schedules.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub schedule: Option<i64>,
}

/// What of jobs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct TrimmedJobs {
    /// Commands given here.
    pub commands: i64,
    /// Outcomes that were expected.
    #[serde(rename = "minions-expected")]
    pub minions_expected: i64,
    /// Returns.
    pub returns: i64,
    /// Jids, those of jobs that somebody else published included.
    pub jids: i64,
}

method!(
    TrimDatabase,
    "admin",
    "trim_database",
    TrimDatabaseParams,
    Trimmed,
    "Drop history older than so many days, and say how much that was; with test, only say it. Whole days (UTC) go at once, never one with a job that has not ended. The configuration does the same by itself (retention.history_days)."
);
