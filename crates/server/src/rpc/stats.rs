//! `stats.*`: how this server and its fleet are doing. One file per method.

mod db_health;
mod get_queue_sizes;
mod get_system_metric_sources;
mod get_system_metrics;
mod null;
