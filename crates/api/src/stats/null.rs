//! `stats.null`: nothing, as fast as can be.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::method;

/// No parameters.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NullParams {}

method!(Null, "stats", "null", NullParams, (), "Does nothing: times the fastest possible reply.");
