//! The OpenAPI document, from the table of methods: every schema is the type that the server reads and writes.

use axum::Json;
use raas_api::{Call, Reply};
use schemars::{Schema, generate::SchemaSettings};
use serde_json::{Map, Value, json};

use crate::rpc::{Row, table};

/// The document.
pub fn openapi() -> Value {
    let mut schemas = Map::new();
    let mut calls = Vec::new();
    for row in table().values() {
        calls.push(component(&mut schemas, row));
    }
    let settings = SchemaSettings::openapi3().for_deserialize();
    let mut generator = settings.into_generator();
    generator.subschema_for::<Call>();
    generator.subschema_for::<Reply>();
    schemas.extend(generator.take_definitions(true));
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "raas",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "Many Salt masters, one API. A call is POST /rpc {resource, method, arg, kwarg, riq} and is answered by {riq, ret, error, warnings}; a list of calls by a list. An error of a call comes with HTTP 200; 400, 401, 403, 413 and 503 say that there was no call to answer.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "paths": paths(&calls),
        "components": {
            "schemas": schemas,
            "securitySchemes": {
                "jwt": {"type": "apiKey", "in": "header", "name": "Authorization", "description": "JWT <token from POST /account/login>"},
                "bearer": {"type": "http", "scheme": "bearer"},
                "basic": {"type": "http", "scheme": "basic"},
            },
        },
        "security": [{"jwt": []}, {"bearer": []}, {"basic": []}],
    })
}

/// `GET /openapi.json`
pub(crate) async fn serve() -> Json<Value> {
    Json(openapi())
}

/// The call of one method as a component; returns a reference to it.
fn component(schemas: &mut Map<String, Value>, row: &Row) -> Value {
    let name = row.name.replace('.', "_");
    let params = place(schemas, &format!("{name}.params"), (row.entry.params)());
    let reply = place(schemas, &format!("{name}.ret"), (row.entry.reply)());
    let call = json!({
        "type": "object",
        "description": row.entry.doc,
        "required": ["resource", "method"],
        "properties": {
            "resource": {"const": row.entry.resource},
            "method": {"const": row.entry.name},
            "kwarg": params,
            "arg": {"type": "array", "description": format!("by position: {}", row.parameters.join(", "))},
            "riq": {"description": "comes back in the reply"},
        },
        "x-ret": reply,
    });
    schemas.insert(name.clone(), call);
    json!({"$ref": format!("#/components/schemas/{name}")})
}

/// Puts a schema and its own definitions among the components, with references that point there.
fn place(schemas: &mut Map<String, Value>, name: &str, schema: Schema) -> Value {
    let mut schema = schema.to_value();
    let definitions = schema.as_object_mut().and_then(|map| {
        map.remove("$schema");
        map.remove("$defs")
    });
    let prefix = format!("{name}.");
    redirect(&mut schema, &prefix);
    schemas.insert(name.to_owned(), schema);
    if let Some(Value::Object(definitions)) = definitions {
        for (inner, mut definition) in definitions {
            redirect(&mut definition, &prefix);
            schemas.insert(format!("{prefix}{inner}"), definition);
        }
    }
    json!({"$ref": format!("#/components/schemas/{name}")})
}

fn redirect(schema: &mut Value, prefix: &str) {
    match schema {
        Value::Object(map) => {
            if let Some(Value::String(reference)) = map.get_mut("$ref")
                && let Some(name) = reference.strip_prefix("#/$defs/")
            {
                *reference = format!("#/components/schemas/{prefix}{name}");
            }
            map.values_mut().for_each(|value| redirect(value, prefix));
        }
        Value::Array(items) => items.iter_mut().for_each(|value| redirect(value, prefix)),
        _ => {}
    }
}

fn paths(calls: &[Value]) -> Value {
    let json_of = |schema: Value| json!({"content": {"application/json": {"schema": schema}}});
    let reply = json!({"$ref": "#/components/schemas/Reply"});
    let refused =
        |what: &str| json!({"description": what, "content": {"application/json": {"schema": reply}}});
    let rpc = json!({"post": {
        "summary": "One call, or a list of calls",
        "requestBody": json_of(json!({"oneOf": [{"anyOf": calls}, {"type": "array", "items": {"anyOf": calls}}]})),
        "responses": {
            "200": {"description": "The reply, or the list of replies", "content": {"application/json": {"schema": {"oneOf": [reply, {"type": "array", "items": reply}]}}}},
            "400": refused("The body is no call"),
            "401": refused("Not signed in"),
            "413": refused("The body is too large"),
            "503": refused("The database is away"),
        },
    }});
    let open = |summary: &str| json!({"get": {"summary": summary, "security": [], "responses": {"200": {"description": "OK"}}}});
    json!({
        "/rpc": rpc,
        "/account/login": {
            "get": {"summary": "Sets the _xsrf cookie that the login repeats", "security": [], "responses": {"200": {"description": "The cookie"}}},
            "post": {
                "summary": "A token for name and password",
                "security": [],
                "requestBody": json_of(json!({"type": "object", "required": ["username", "password"], "properties": {
                    "username": {"type": "string"}, "password": {"type": "string"}, "config_name": {"type": "string", "default": "internal"}, "token_type": {"const": "jwt"}}})),
                "responses": {"200": {"description": "{\"jwt\": …, \"attributes\": {\"username\": …}}"}, "401": refused("Wrong name or password"), "403": refused("The X-Xsrftoken header is missing"), "429": refused("Too many failed logins")},
            },
        },
        "/stream": {"get": {"summary": "Server-sent events: a snapshot number, then numbered changes", "responses": {"200": {"description": "text/event-stream"}, "401": refused("Not signed in")}}},
        "/health/live": open("The process runs"),
        "/health/ready": open("The database answers"),
        "/version": open("Version"),
        "/metrics": open("OpenMetrics"),
        "/openapi.json": open("This document"),
    })
}
