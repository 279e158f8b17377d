//! What the server adds to a method of the API: doing it.

use std::future::Future;

use raas_api::Method;

use crate::{Ctx, RpcError};

/// One RPC method, done. One implementation per file `rpc/<resource>/<method>.rs`.
pub trait Handle: Method {
    /// Does it.
    fn handle(ctx: &Ctx, params: Self::Params) -> impl Future<Output = Result<Self::Reply, RpcError>> + Send;
}

/// Parameters as a signature shows them: required ones bare, the others with their default.
pub(super) fn parameters(schema: &serde_json::Value) -> Vec<String> {
    let required: Vec<&str> = schema["required"]
        .as_array()
        .map(|all| all.iter().filter_map(|v| v.as_str()).collect())
        .unwrap_or_default();
    let Some(properties) = schema["properties"].as_object() else { return Vec::new() };
    properties
        .iter()
        .map(|(name, property)| match property.get("default") {
            _ if required.contains(&name.as_str()) => name.clone(),
            Some(default) => format!("{name}={default}"),
            None => format!("{name}=null"),
        })
        .collect()
}
