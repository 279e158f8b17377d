//! Values that clients keep.

use serde_json::{Value, json};

use super::{call, call_as, refused, signed_in_as};
use crate::support::Server;

#[tokio::test]
async fn each_account_keeps_values_of_its_own() {
    let server = Server::start().await;
    let user = signed_in_as(&server, "User").await;
    for value in [json!({"a": [1, null, "\u{0}"]}), json!("x"), json!(7), json!(null)] {
        call(&server, "kv.set_key", json!({"key": "view", "value": value})).await;
        assert_eq!(call(&server, "kv.get_key", json!({"key": "view"})).await, value);
    }
    call(&server, "kv.set_key", json!({"key": "B", "value": 1})).await;
    assert_eq!(call(&server, "kv.list_keys", json!({})).await, json!(["B", "view"]));
    assert_eq!(call_as(&user, "kv.list_keys", json!({})).await.unwrap(), json!([]), "nobody else's");
    assert_eq!(call_as(&user, "kv.get_key", json!({"key": "B"})).await.unwrap(), Value::Null);
    assert_eq!(call_as(&user, "kv.delete_key", json!({"key": "B"})).await.unwrap(), 0);
    assert_eq!(call(&server, "kv.delete_key", json!({"key": "B"})).await, 1);
    assert_eq!(call(&server, "kv.list_keys", json!({})).await, json!(["view"]));
    let empty = refused(&server, "kv.set_key", json!({"key": "", "value": 1})).await;
    assert!(empty.contains("\"key\" is \"\": expected 1 to 256 characters"), "{empty}");
    let large = refused(&server, "kv.set_key", json!({"key": "k", "value": "x".repeat(1 << 20)})).await;
    assert!(large.starts_with("413"), "{large}");
    assert_eq!(call(&server, "kv.set_system_key", json!({"key": "k", "value": [1]})).await, true);
    assert_eq!(call(&server, "kv.get_key", json!({"key": "k"})).await, Value::Null, "it cannot be read");
    assert_eq!(call(&server, "kv.delete_system_key", json!({"key": "k"})).await, 1);
    assert_eq!(call(&server, "kv.delete_system_key", json!({"key": "k"})).await, 0);
    server.stop().await;
}
