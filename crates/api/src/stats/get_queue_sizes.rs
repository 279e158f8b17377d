//! `stats.get_queue_sizes`: what waits.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::method;

/// No parameters.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GetQueueSizesParams {}

method!(
    GetQueueSizes,
    "stats",
    "get_queue_sizes",
    GetQueueSizesParams,
    BTreeMap<String, i64>,
    "What waits, by queue, as of the last sample: deliveries to masters, dead letters, outcomes that are due."
);
