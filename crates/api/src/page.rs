//! The reply shape of every list: `{count, limit, results}`.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// One page of a list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Page<T> {
    /// How many there are in all, over all pages.
    pub count: i64,
    /// How many were asked for; -1 means all.
    pub limit: i64,
    /// This page.
    pub results: Vec<T>,
}
