//! `etc/openapi.json` is what the server serves, and says something of every method.

use std::path::Path;

use serde_json::Value;

use crate::support::Server;

#[test]
fn the_document_in_etc_is_the_one_of_this_code() {
    let fresh = serde_json::to_string_pretty(&raas_server::openapi()).unwrap() + "\n";
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../etc/openapi.json");
    let kept = std::fs::read_to_string(path).unwrap_or_default();
    let copy = Path::new(env!("CARGO_TARGET_TMPDIR")).join("openapi.json");
    if kept != fresh {
        std::fs::write(&copy, &fresh).unwrap();
    }
    assert!(
        kept == fresh,
        "etc/openapi.json is stale: refresh it with\n  cp {} etc/openapi.json\nand look at what changed for clients",
        copy.display()
    );
}

#[tokio::test]
async fn every_reference_of_the_document_leads_somewhere() {
    let server = Server::start().await;
    let served: Value =
        server.http.get(format!("{}/openapi.json", server.url)).send().await.unwrap().json().await.unwrap();
    assert_eq!(served, raas_server::openapi());
    let mut references = Vec::new();
    collect(&served, &mut references);
    assert!(references.len() > 50);
    for reference in references {
        assert!(served.pointer(reference.trim_start_matches('#')).is_some(), "{reference} leads nowhere");
    }
    server.stop().await;
}

fn collect<'a>(value: &'a Value, references: &mut Vec<&'a str>) {
    match value {
        Value::Object(map) => {
            references.extend(map.get("$ref").and_then(Value::as_str));
            map.values().for_each(|value| collect(value, references));
        }
        Value::Array(items) => items.iter().for_each(|value| collect(value, references)),
        _ => {}
    }
}
