//! Keys and grains.

use raas_wire::{KeyLists, Report};
use serde_json::json;

use super::{Salt, Watching};

const KEY: &[u8] = b"-----BEGIN PUBLIC KEY-----\nabc\n-----END PUBLIC KEY-----";

fn keys(report: &Report) -> Option<KeyLists> {
    if let Report::Keys(lists) = report { Some(lists.clone()) } else { None }
}

fn ids(lists: &[raas_wire::KeyOfMinion]) -> Vec<&str> {
    lists.iter().map(|key| key.minion_id.as_str()).collect()
}

fn grains(report: &Report) -> Option<(String, String)> {
    match report {
        Report::Grains(one) => Some((one.minion_id.clone(), one.grains.as_str().to_owned())),
        _ => None,
    }
}

#[tokio::test]
async fn keys_are_reported_at_the_start_and_whenever_they_changed() {
    let salt = Salt::start().await;
    salt.write("pki/minions/web1", KEY);
    let mut watching = Watching::beside(&salt).await;
    let first = watching.report("the keys", keys).await;
    assert_eq!((ids(&first.accepted), ids(&first.pending)), (vec!["web1"], vec![]));
    assert_eq!(first.accepted[0].fingerprint, raas_salt::keys::fingerprint(str::from_utf8(KEY).unwrap()));
    // Somebody writes a file, and nothing is said on the bus.
    salt.write("pki/minions_pre/web2", KEY);
    let second = watching.report("the new key", keys).await;
    assert_eq!((ids(&second.accepted), ids(&second.pending)), (vec!["web1"], vec!["web2"]));
    // Events that change nothing make no report.
    salt.fire("salt/auth", &json!({"id": "web2", "act": "pend", "result": true})).await;
    std::fs::remove_file(salt.path("pki/minions/web1")).unwrap();
    salt.fire("salt/key", &json!({"id": "web1", "act": "delete", "result": true})).await;
    let third = watching.report("the deleted key", keys).await;
    assert_eq!((ids(&third.accepted), ids(&third.pending)), (vec![], vec!["web2"]));
}

#[tokio::test]
async fn grains_are_reported_at_the_start_when_they_changed_and_when_they_are_gone() {
    let salt = Salt::start().await;
    let data = |os: &str| json!({"grains": {"os": os}, "pillar": {}});
    salt.put("cache/minions/web1/data.p", &data("Debian"));
    let mut watching = Watching::beside(&salt).await;
    let of = |os: &str| ("web1".to_owned(), format!(r#"{{"os":"{os}"}}"#));
    assert_eq!(watching.report("the grains", grains).await, of("Debian"));
    // Written again as they were: no news.
    salt.put("cache/minions/web1/data.p", &data("Debian"));
    salt.fire("minion/refresh/web1", &json!({"Minion data cache refresh": "web1"})).await;
    salt.put("cache/minions/web1/data.p", &data("Rocky"));
    assert_eq!(watching.report("the new grains", grains).await, of("Rocky"));
    std::fs::remove_dir_all(salt.path("cache/minions/web1")).unwrap();
    assert_eq!(watching.report("that they are gone", grains).await, ("web1".to_owned(), "null".to_owned()));
}

#[tokio::test]
async fn broken_grains_do_not_keep_those_of_others() {
    let salt = Salt::start().await;
    salt.write("cache/minions/bad/data.p", b"\xc1");
    salt.put("cache/grains/web1.p", &json!({"os": "Debian"}));
    let mut watching = Watching::beside(&salt).await;
    assert_eq!(watching.report("the grains", grains).await.0, "web1");
}
