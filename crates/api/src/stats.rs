//! `stats.*`: how this server and its fleet are doing, as numbers over time.

mod db_health;
mod get_queue_sizes;
mod get_system_metric_sources;
mod get_system_metrics;
mod null;

pub use db_health::{DbHealth, DbHealthParams, DbHealthReply};
pub use get_queue_sizes::{GetQueueSizes, GetQueueSizesParams};
pub use get_system_metric_sources::{GetSystemMetricSources, GetSystemMetricSourcesParams};
pub use get_system_metrics::{
    GetSystemMetrics, GetSystemMetricsParams, MetricPoint, MetricRange, MetricSeries, SystemMetrics,
};
pub use null::{Null, NullParams};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::state::words;

words! {
    /// What is measured: the names of the RaaS API. They are the names on `/metrics`, too.
    Metric {
        /// What waits, by queue: deliveries, dead_letters, outcomes_due.
        CeleryQueueLength = "celery_queue_length",
        /// Connections to the database.
        PostgresConnections = "postgres_connections",
        /// Rows deleted since the sample before.
        PostgresRowsDeleted = "postgres_rows_deleted",
        /// Rows inserted since the sample before.
        PostgresRowsInserted = "postgres_rows_inserted",
        /// Rows fetched since the sample before.
        PostgresRowsRead = "postgres_rows_read",
        /// Rows updated since the sample before.
        PostgresRowsUpdated = "postgres_rows_updated",
        /// Transactions since the sample before.
        PostgresTransactions = "postgres_transactions",
        /// Deliveries that a master carried out since the sample before.
        RaasMasterCommandsProcessed = "raas_master_commands_processed",
        /// Not measured here: it has no source.
        RaasMasterMasterGrainsPushed = "raas_master_master_grains_pushed",
        /// Not measured here: it has no source.
        RaasMasterMasterfsPushed = "raas_master_masterfs_pushed",
        /// Not measured here: it has no source.
        RaasMasterMinionCachePushed = "raas_master_minion_cache_pushed",
        /// Not measured here: it has no source.
        RaasMasterMinionKeysPushed = "raas_master_minion_keys_pushed",
        /// Not measured here: it has no source.
        RaasMasterSseapiEngineIterationCount = "raas_master_sseapi_engine_iteration_count",
        /// Not measured here: it has no source.
        RaasMasterSseapiEngineIterationDurationSeconds = "raas_master_sseapi_engine_iteration_duration_seconds",
        /// On /metrics only, by method.
        RaasRpcRequestCount = "raas_rpc_request_count",
        /// On /metrics only, by method.
        RaasRpcRequestDurationSeconds = "raas_rpc_request_duration_seconds",
        /// Not measured here: it has no source.
        RedisCommandsExecuted = "redis_commands_executed",
        /// Not measured here: it has no source.
        RedisMemoryBytes = "redis_memory_bytes",
        /// Records of a master taken since the sample before.
        SaltEventCount = "salt_event_count",
        /// Not measured here: it has no source.
        SaltEventSizeBytes = "salt_event_size_bytes",
        /// Jobs that ended well since the sample before.
        SseJobsCompleteAllSuccessful = "sse_jobs_complete_all_successful",
        /// Jobs that ended without some returns since the sample before.
        SseJobsCompleteMissingReturns = "sse_jobs_complete_missing_returns",
        /// Jobs that ended with failures since the sample before.
        SseJobsCompleteWithErrors = "sse_jobs_complete_with_errors",
        /// Jobs under way.
        SseJobsInProgress = "sse_jobs_in_progress",
        /// Accepted masters.
        SseMasters = "sse_masters",
        /// Not measured here: it has no source.
        SseMinionGrainsDeleted = "sse_minion_grains_deleted",
        /// Not measured here: it has no source.
        SseMinionGrainsIndexingDurationSeconds = "sse_minion_grains_indexing_duration_seconds",
        /// Not measured here: it has no source.
        SseMinionGrainsSaved = "sse_minion_grains_saved",
        /// Not measured here: it has no source.
        SseMinionTargetMatchCalcs = "sse_minion_target_match_calcs",
        /// Not measured here: it has no source.
        SseMinionTargetMatchDurationSeconds = "sse_minion_target_match_duration_seconds",
        /// Minions.
        SseMinions = "sse_minions",
        /// Minions that did not answer.
        SseMinionsLost = "sse_minions_lost",
        /// Minions that are there.
        SseMinionsPresent = "sse_minions_present",
        /// Minions without fresh evidence.
        SseMinionsUnknown = "sse_minions_unknown",
        /// Accounts that signed in since the sample before.
        SseUsersAuthenticated = "sse_users_authenticated",
    }
}
