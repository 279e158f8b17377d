//! What an RPC method is: names, documentation, parameters, reply.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize, de::DeserializeOwned};

/// No parameters at all.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NoParams {}

/// One `resource.method` of the API.
///
/// The fields of `Params`, in the order of their declaration, are the positional parameters.
/// `Params` denies unknown fields; fields that may be left out carry `#[serde(default)]`.
pub trait Method {
    /// `cmd`, `master`, …
    const RESOURCE: &'static str;
    /// `route_cmd`, …
    const NAME: &'static str;
    /// For people: what it does, in a paragraph.
    const DOC: &'static str;
    /// Parameters.
    type Params: Serialize + DeserializeOwned + JsonSchema + Send + 'static;
    /// Reply (`ret` of the envelope).
    type Reply: Serialize + DeserializeOwned + JsonSchema + Send + 'static;
}

/// Declares a method: `method!(RouteCmd, "cmd", "route_cmd", Params, Reply, "what it does")`.
#[macro_export]
macro_rules! method {
    ($type:ident, $resource:literal, $name:literal, $params:ty, $reply:ty, $doc:literal) => {
        #[doc = $doc]
        #[derive(Clone, Copy, Debug)]
        pub struct $type;
        impl $crate::Method for $type {
            const RESOURCE: &'static str = $resource;
            const NAME: &'static str = $name;
            const DOC: &'static str = $doc;
            type Params = $params;
            type Reply = $reply;
        }
    };
}
