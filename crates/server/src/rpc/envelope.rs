//! The envelope: one call gets one reply, a list of calls a list of replies.
//!
//! An error of a call is in the envelope with HTTP 200, as the open clients of this API expect. The HTTP status says something
//! only where there is no call to answer: 400 (no envelope), 401, 403, 405, 408, 413, 429; and 503 while the database is away.

use axum::{
    Json,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use raas_api::{Call, Reply};
use serde_json::{Value, json};

use super::{Row, absent, arguments, table};
use crate::{
    Actor, AppState, Ctx, RpcError,
    audit::{self, Act},
    http::body::Whole,
};

/// Most calls in one request.
const MAX_BATCH: usize = 1000;

/// An error outside of any call, in the shape of the envelope.
#[derive(Debug)]
pub struct ApiReply(pub RpcError);

impl IntoResponse for ApiReply {
    fn into_response(self) -> Response {
        let body = json!({"riq": null, "ret": null, "error": self.0.body(), "warnings": []});
        let challenge =
            (self.0.status() == StatusCode::UNAUTHORIZED).then_some([("www-authenticate", "JWT")]);
        (self.0.status(), challenge.map(axum::response::AppendHeaders), Json(body)).into_response()
    }
}

/// `POST /rpc`
pub(crate) async fn answer(actor: Actor, State(state): State<AppState>, Whole(body): Whole) -> Response {
    let parsed: Value = match serde_json::from_slice(&body) {
        Ok(value) => value,
        Err(error) => return malformed(format!("the body is not JSON: {error}")),
    };
    match parsed {
        Value::Array(calls) if calls.is_empty() => malformed("the list of calls is empty".to_owned()),
        Value::Array(calls) if calls.len() > MAX_BATCH => {
            malformed(format!("{} calls in one request: at most {MAX_BATCH}", calls.len()))
        }
        Value::Array(calls) => {
            let mut replies = Vec::with_capacity(calls.len());
            for call in calls {
                replies.push(one(&state, &actor, call).await.0);
            }
            Json(replies).into_response()
        }
        call @ Value::Object(_) => {
            let (reply, status) = one(&state, &actor, call).await;
            (status, Json(reply)).into_response()
        }
        _ => malformed(
            "the body is neither a call {resource, method, arg, kwarg, riq} nor a list of calls".to_owned(),
        ),
    }
}

fn malformed(message: String) -> Response {
    ApiReply(RpcError::Malformed(message)).into_response()
}

async fn one(state: &AppState, actor: &Actor, call: Value) -> (Reply, StatusCode) {
    let riq = call.get("riq").cloned().unwrap_or(Value::Null);
    let ctx = Ctx::new(state.clone(), actor.clone());
    let began = state.clock.now();
    let (name, result) = dispatch(&ctx, call).await;
    let outcome = if result.is_ok() { "ok" } else { "error" };
    metrics::counter!("raas_rpc_request_count", "method" => name, "outcome" => outcome).increment(1);
    metrics::histogram!("raas_rpc_request_duration_seconds", "method" => name)
        .record(state.clock.now().duration_since(began).as_secs_f64());
    let warnings = ctx.into_warnings();
    match result {
        Ok(ret) => (Reply { riq, ret, error: None, warnings }, StatusCode::OK),
        Err(error) => {
            let status = match error {
                RpcError::Unavailable(_) => StatusCode::SERVICE_UNAVAILABLE,
                _ => StatusCode::OK,
            };
            (Reply { riq, ret: Value::Null, error: Some(error.body()), warnings }, status)
        }
    }
}

async fn dispatch(ctx: &Ctx, call: Value) -> (&'static str, Result<Value, RpcError>) {
    let call: Call = match serde_path_to_error::deserialize(call) {
        Ok(call) => call,
        Err(error) => {
            let (path, reason) = (error.path().to_string(), error.inner().to_string().replace('`', "\""));
            let at = if path == "." { String::new() } else { format!(" at {path:?}") };
            let message = format!("the call cannot be read{at}: {reason}");
            return ("malformed", Err(RpcError::Malformed(message)));
        }
    };
    let row = match find(&call.resource, &call.method) {
        Ok(row) => row,
        Err(error) => return ("unknown", Err(error)),
    };
    let result = perform(ctx, row, call).await;
    ctx.audit_end(row.entry.acts, &result).await;
    (row.name, result)
}

/// Does it, if the caller may, and says for the audit what it is.
async fn perform(ctx: &Ctx, row: &Row, call: Call) -> Result<Value, RpcError> {
    let (arg, kwarg) = (call.arg.unwrap_or_default(), call.kwarg.unwrap_or_default());
    let params = arguments::merge(row.name, &row.parameters, arg, kwarg.clone());
    let params_seen = audit::redacted(params.as_ref().unwrap_or(&kwarg));
    ctx.acting(Act { name: row.name.to_owned(), params: params_seen, began: ctx.now() });
    if row.entry.acts {
        audit::day(&ctx.state, ctx.now()).await?;
    }
    row.entry.needs.check(ctx, &format!("call {}", row.name)).await?;
    row.entry.call(ctx, params?).await
}

/// The method, or an error that names what is known and near.
fn find(resource: &str, method: &str) -> Result<&'static Row, RpcError> {
    let all = table();
    if let Some((_, row)) = all.iter().find(|((r, m), _)| *r == resource && *m == method) {
        return Ok(row);
    }
    if let Some(why) = absent::why(resource, method) {
        return Err(RpcError::NotFound(why));
    }
    let mut of_resource: Vec<String> =
        all.keys().filter(|(r, _)| *r == resource).map(|(_, m)| (*m).to_owned()).collect();
    of_resource.sort();
    let (what, word, known) = if of_resource.is_empty() {
        let mut resources: Vec<String> = all.keys().map(|(r, _)| (*r).to_owned()).collect();
        resources.sort();
        resources.dedup();
        ("resource", resource.to_owned(), resources)
    } else {
        ("method", format!("{resource}.{method}"), of_resource)
    };
    let last = word.rsplit('.').next().unwrap_or_default();
    let near =
        arguments::nearest(last, &known).map(|name| format!(" (did you mean {name:?}?)")).unwrap_or_default();
    Err(RpcError::NotFound(format!("there is no {what} {word:?}{near}; known: {}", known.join(", "))))
}
