//! `schedule.save_skip`

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::method;

/// Parameters, in positional order.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct SaveSkipParams {
    /// Future runs, as `schedule.futures` lists them.
    pub uuids: Option<Vec<Uuid>>,
    /// Leave them out, or not.
    pub skip: Option<bool>,
}

/// What was done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Skipped {
    /// They are left out now.
    pub skip: bool,
    /// These runs.
    pub uuids: Vec<Uuid>,
}

method!(SaveSkip, "schedule", "save_skip", SaveSkipParams, Skipped, "Leave out some future runs, or do not.");
