//! The envelope of `/rpc`: one call, one reply. A list of calls is answered by a list.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// `{resource, method, arg, kwarg, riq}`
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
pub struct Call {
    /// Resource, as `cmd`.
    pub resource: String,
    /// Method, as `route_cmd`.
    pub method: String,
    /// Positional parameters.
    #[serde(default)]
    pub arg: Option<Vec<Value>>,
    /// Parameters by name.
    #[serde(default)]
    pub kwarg: Option<Map<String, Value>>,
    /// Any value; comes back in the reply.
    #[serde(default)]
    pub riq: Value,
}

/// `{riq, ret, error, warnings}`
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Reply {
    /// As in the call.
    pub riq: Value,
    /// What the method returned; null when it failed.
    pub ret: Value,
    /// Null, or what went wrong.
    pub error: Option<ErrorBody>,
    /// Sentences about what succeeded but deserves a look.
    pub warnings: Vec<String>,
}

/// What went wrong.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ErrorBody {
    /// HTTP-like number: 400, 401, 403, 404, 409, 413, 422, 429, 500, 503.
    pub code: u16,
    /// A sentence: what failed, the value, what to do.
    pub message: String,
    /// Machine-readable detail: `{"parameter": …}` and so on; null when there is none.
    #[serde(default)]
    pub detail: Value,
}
