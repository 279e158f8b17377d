//! `test.*`: does this API answer, and how do errors and warnings look.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{NoParams, method};

/// Parameters of `test.echo`.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EchoParams {
    /// Comes back.
    pub message: String,
}

/// Parameters of `test.sleep`.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SleepParams {
    /// From 1 to 120.
    #[serde(default = "one")]
    #[schemars(range(min = 1, max = 120))]
    pub seconds: f64,
}

fn one() -> f64 {
    1.0
}

method!(Echo, "test", "echo", EchoParams, String, "Return the message unchanged.");
method!(Error, "test", "error", NoParams, bool, "Always fails, to show how errors come back.");
method!(Sleep, "test", "sleep", SleepParams, String, "Sleep, then return.");
method!(
    Warnings,
    "test",
    "warnings",
    NoParams,
    bool,
    "Always succeeds with a warning, to show how warnings come back."
);
