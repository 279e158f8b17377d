//! Jobs and returns.

use raas_salt::Value;
use raas_salt::msgpack;
use raas_wire::{JobSeen, Report, Return, ReturnSource};
use serde_json::json;

use super::salt::returned;
use super::{JID, OTHER, Salt, Watching};

fn a_return(report: &Report) -> Option<Return> {
    if let Report::Return(one) = report { Some(one.clone()) } else { None }
}

fn a_job(report: &Report) -> Option<JobSeen> {
    if let Report::Job(one) = report { Some(one.clone()) } else { None }
}

fn new(jid: &str) -> serde_json::Value {
    json!({"jid": jid, "fun": "test.ping", "arg": ["a"], "tgt": ["web1"], "tgt_type": "list", "user": "root",
           "minions": ["web1", "../x"], "missing": []})
}

#[tokio::test]
async fn a_return_is_reported_as_salt_sent_it() {
    let salt = Salt::start().await;
    let mut watching = Watching::beside(&salt).await;
    let mut data = returned(JID, "web1", &json!({"a": [1, null]}));
    data["out"] = json!("nested");
    data["retcode"] = json!(3);
    data["success"] = json!(false);
    salt.fire(&format!("salt/job/{JID}/ret/web1"), &data).await;
    let one = watching.report("the return", a_return).await;
    assert_eq!((one.jid.as_str(), one.minion_id.as_str(), one.fun.as_str()), (JID, "web1", "cmd.run"));
    assert_eq!((one.retcode, one.success, one.source), (3, false, ReturnSource::Bus));
    assert_eq!((one.ret.as_str(), one.fun_args.as_str()), (r#"{"a":[1,null]}"#, r#"["x"]"#));
    assert_eq!(one.extra.unwrap().as_str(), r#"{"out":"nested"}"#);
    assert!(one.original.is_none() && !one.trimmed);
}

#[tokio::test]
async fn several_functions_make_one_verdict() {
    let salt = Salt::start().await;
    let mut watching = Watching::beside(&salt).await;
    let mut data = returned(JID, "web1", &json!({"test.ping": true, "cmd.run": ""}));
    data["fun"] = json!(["test.ping", "cmd.run"]);
    data["retcode"] = json!({"test.ping": 0, "cmd.run": 2});
    data["success"] = json!({"test.ping": true, "cmd.run": false});
    salt.fire(&format!("salt/job/{JID}/ret/web1"), &data).await;
    let one = watching.report("the return", a_return).await;
    assert_eq!((one.fun.as_str(), one.retcode, one.success), ("test.ping,cmd.run", 2, false));
}

#[tokio::test]
async fn what_json_cannot_carry_travels_beside_it() {
    let salt = Salt::start().await;
    let mut watching = Watching::beside(&salt).await;
    let value = msgpack::read(b"\x92\xa2\xff\x41\xc4\x01\x00").unwrap();
    let Value::Map(mut fields) = msgpack::from_json(&returned(JID, "web1", &json!(null))) else { panic!() };
    fields.retain(|(key, _)| key.as_str() != Some("return"));
    fields.push((Value::from("return"), value.clone()));
    salt.fire_value(&format!("salt/job/{JID}/ret/web1"), &Value::Map(fields)).await;
    let one = watching.report("the return", a_return).await;
    assert_eq!(one.ret.as_str(), "[\"\u{fffd}A\",\"\\u0000\"]");
    assert_eq!(msgpack::read(&one.original.unwrap().0).unwrap(), value);
}

#[tokio::test]
async fn what_only_looks_like_a_return_is_none() {
    let salt = Salt::start().await;
    let mut watching = Watching::beside(&salt).await;
    let tag = format!("salt/job/{JID}/ret/web1");
    let honest = returned(JID, "web1", &json!("forged"));
    let forged = |key: &str, value: serde_json::Value| {
        let mut data = honest.clone();
        data[key] = value;
        data
    };
    let wrapped = json!({"id": "web2", "cmd": "_minion_event", "tag": tag, "pretag": null, "data": honest});
    for data in [
        forged("id", json!("web2")),
        forged("cmd", json!("_minion_event")),
        forged("jid", json!(OTHER)),
        forged("pretag", json!(null)),
        forged("__peer_id", json!("m2")),
        wrapped,
    ] {
        salt.fire(&tag, &data).await;
    }
    salt.fire(&format!("salt/job/{JID}/ret/../web1"), &returned(JID, "../web1", &json!("climbs"))).await;
    salt.fire("salt/job/raas-1/ret/web1", &returned("raas-1", "web1", &json!("no jid of 20 digits"))).await;
    let rest = watching.rest(&salt).await;
    assert!(rest.iter().all(|report| a_return(report).is_none()), "{rest:#?}");
}

#[tokio::test]
async fn jobs_of_others_are_news_and_ours_are_not() {
    let salt = Salt::start().await;
    let mut watching = Watching::beside(&salt).await;
    watching.jobs.ours(OTHER);
    for jid in [OTHER, JID] {
        salt.fire(&format!("salt/job/{jid}/new"), &new(jid)).await;
        salt.fire_return(jid, "web1", json!(true)).await;
    }
    let job = watching.report("the job of somebody else", a_job).await;
    assert_eq!((job.jid.as_str(), job.fun.as_str(), job.user.as_str()), (JID, "test.ping", "root"));
    assert_eq!(
        (job.tgt.as_str(), job.tgt_type.as_str(), job.minions),
        (r#"["web1"]"#, "list", vec!["web1".to_owned()])
    );
    for jid in [OTHER, JID] {
        assert_eq!(watching.report("a return", a_return).await.jid, jid, "returns of both are reported");
    }
    assert!(watching.rest(&salt).await.iter().all(|report| a_job(report).is_none()));
}

#[tokio::test]
async fn own_questions_stay_hidden_also_when_answers_come_late() {
    let salt = Salt::start().await;
    let mut watching = Watching::beside(&salt).await;
    let mut answers = watching.jobs.own(JID);
    salt.fire(&format!("salt/job/{JID}/new"), &new(JID)).await;
    salt.fire_return(JID, "web1", json!(true)).await;
    assert!(answers.recv().await.unwrap().tag.ends_with("/new"));
    assert!(answers.recv().await.unwrap().tag.ends_with("/ret/web1"));
    drop(answers);
    salt.fire_return(JID, "web2", json!(true)).await;
    // Asked by the plugin before it was started again: only the mark in it tells.
    let mut marked = returned(OTHER, "web1", &json!(true));
    marked["metadata"] = raas_plugin::jobs::own_metadata();
    salt.fire(&format!("salt/job/{OTHER}/ret/web1"), &marked).await;
    let rest = watching.rest(&salt).await;
    assert!(rest.iter().all(|report| a_return(report).is_none() && a_job(report).is_none()), "{rest:#?}");
}

#[tokio::test]
async fn what_cannot_be_read_does_not_stop_what_comes_after_it() {
    let salt = Salt::start().await;
    let mut watching = Watching::beside(&salt).await;
    salt.fire_value("x", &Value::from(1)).await;
    let deep = (0..2000).fold(Value::Nil, |inner, _| Value::Array(vec![inner]));
    salt.fire_value("deep", &Value::Map(vec![(Value::from("a"), deep)])).await;
    salt.fire_return(JID, "web1", json!(true)).await;
    assert_eq!(watching.report("the return", a_return).await.minion_id, "web1");
}

#[tokio::test]
async fn a_trimmed_return_is_made_whole_from_the_job_cache() {
    let salt = Salt::start().await;
    let mut watching = Watching::beside(&salt).await;
    salt.fire_return(JID, "web1", json!("VALUE_TRIMMED")).await;
    let one = watching.report("the trimmed return", a_return).await;
    assert!(one.trimmed && one.source == ReturnSource::Bus, "the cache does not have it");
    let dir = super::gaps::job_dir(JID);
    salt.write(&format!("{dir}/jid"), JID.as_bytes());
    salt.put(&format!("{dir}/web1/return.p"), &json!({"return": "all of it", "retcode": 0, "success": true}));
    salt.fire_return(JID, "web1", json!("VALUE_TRIMMED")).await;
    let one = watching.report("the whole return", a_return).await;
    assert_eq!((one.ret.as_str(), one.trimmed, one.source), ("\"all of it\"", false, ReturnSource::JobCache));
    assert_eq!((one.fun.as_str(), one.fun_args.as_str()), ("cmd.run", r#"["x"]"#));
}
