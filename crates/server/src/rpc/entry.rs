//! A method with its types erased: what the dispatcher, `api.discover` and OpenAPI see.

use std::{future::Future, pin::Pin};

use schemars::{Schema, schema_for};
use serde_json::{Map, Value};

use super::{Handle, Needs, arguments};
use crate::{Ctx, RpcError};

type Pending<'a> = Pin<Box<dyn Future<Output = Result<Value, RpcError>> + Send + 'a>>;

/// One line of the table.
#[derive(Clone, Copy)]
pub struct Entry {
    /// Resource.
    pub resource: &'static str,
    /// Method.
    pub name: &'static str,
    /// What it does.
    pub doc: &'static str,
    /// What a caller must hold.
    pub needs: Needs,
    /// Whether it changes something; else it only reads.
    pub acts: bool,
    /// JSON schema of the parameters; the order of its properties is the positional order.
    pub params: fn() -> Schema,
    /// JSON schema of the reply.
    pub reply: fn() -> Schema,
    call: for<'a> fn(&'a Ctx, Map<String, Value>) -> Pending<'a>,
}

impl Entry {
    /// The entry of a method that only reads.
    pub fn reads<M: Handle>(needs: Needs) -> Self {
        Self::of::<M>(needs, false)
    }

    /// The entry of a method that changes something.
    pub fn acts<M: Handle>(needs: Needs) -> Self {
        Self::of::<M>(needs, true)
    }

    fn of<M: Handle>(needs: Needs, acts: bool) -> Self {
        Self {
            resource: M::RESOURCE,
            name: M::NAME,
            doc: M::DOC,
            needs,
            acts,
            params: || schema_for!(M::Params),
            reply: || schema_for!(M::Reply),
            call: |ctx, params| {
                Box::pin(async move {
                    let params: M::Params = arguments::read(params)?;
                    let reply = M::handle(ctx, params).await?;
                    serde_json::to_value(reply).map_err(|error| RpcError::Internal(error.to_string()))
                })
            },
        }
    }

    /// Calls it with parameters by name.
    ///
    /// # Errors
    /// Wrong parameters, or whatever the method says.
    pub async fn call(&self, ctx: &Ctx, params: Map<String, Value>) -> Result<Value, RpcError> {
        (self.call)(ctx, params).await
    }

    /// Names of the parameters, in positional order.
    pub fn parameters(&self) -> Vec<String> {
        let schema = (self.params)();
        schema
            .get("properties")
            .and_then(Value::as_object)
            .map(|map| map.keys().cloned().collect())
            .unwrap_or_default()
    }
}

impl std::fmt::Debug for Entry {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}", self.resource, self.name)
    }
}
