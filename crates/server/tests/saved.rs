//! What people save and share: target groups, jobs, schedules, values of their own.

mod groups;
mod jobs;
mod members;
mod schedules;
mod values;

use raas_api::{Call, ErrorBody};
use raas_client::{Client, ClientError};
use serde_json::{Value, json};

use crate::{people::signed_in_as, support::Server};

/// Calls a method as somebody, with parameters by name.
async fn call_as(client: &Client, name: &str, kwarg: Value) -> Result<Value, ErrorBody> {
    let (resource, method) = name.split_once('.').unwrap();
    let call = Call {
        resource: resource.to_owned(),
        method: method.to_owned(),
        kwarg: serde_json::from_value(kwarg).unwrap(),
        ..Call::default()
    };
    match client.raw(&call).await {
        Ok(answer) => Ok(answer.ret),
        Err(ClientError::Method { error, .. }) => Err(*error),
        Err(error) => panic!("{name}: {error}"),
    }
}

/// Calls a method as root; it must succeed.
async fn call(server: &Server, name: &str, kwarg: Value) -> Value {
    call_as(&server.root, name, kwarg).await.unwrap_or_else(|error| panic!("{name}: {}", error.message))
}

/// Calls a method as root; it must be refused. The sentence.
async fn refused(server: &Server, name: &str, kwarg: Value) -> String {
    refused_as(&server.root, name, kwarg).await
}

async fn refused_as(client: &Client, name: &str, kwarg: Value) -> String {
    match call_as(client, name, kwarg.clone()).await {
        Err(error) => format!("{} {}", error.code, error.message),
        Ok(ret) => panic!("{name} {kwarg} was not refused: {ret}"),
    }
}

/// A target group; its uuid.
async fn group(server: &Server, name: &str, tgt: Value) -> Value {
    call(server, "tgt.save_target_group", json!({"name": name, "tgt": tgt})).await
}

fn names(page: &Value) -> Vec<&str> {
    page["results"].as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap()).collect()
}
