//! Saved jobs: kept, shared, and run with inputs by people who may run nothing else.

use raas_client::Client;
use raas_db::schedule::{self, Written};
use raas_wire::ClusterKind::Failover;
use serde_json::{Value, json};

use super::{call, call_as, group, names, refused, refused_as, signed_in_as};
use crate::{commands::hands::cluster, support::Server};

const MINIONS: &[(&str, &[&str])] = &[("w1", &["m1"]), ("db1", &["m1"])];

fn deploy(tgt_uuid: &Value) -> Value {
    json!({
        "name": "deploy", "desc": "the shop", "cmd": "local", "fun": "state.apply", "tgt_uuid": tgt_uuid,
        "arg": {"arg": ["shop"], "kwarg": {
            "saltenv": {"display_name": "Stage", "input_type": "select", "select": ["test", "live"], "required": true},
            "test": {"input_type": "bool", "default": true},
            "queue": {"input_type": "bool", "default": true, "required": true, "hidden": true},
            "pillar": {"shop": {"version": 3}},
        }},
    })
}

#[tokio::test]
async fn a_saved_job_is_listed_with_its_inputs_and_changed_in_place() {
    let server = Server::start().await;
    let web = group(&server, "web", json!({"*": {"tgt": "w*"}})).await;
    let uuid = call(&server, "job.save_job", deploy(&web)).await;
    let all = call(&server, "job.get_jobs", json!({})).await;
    let job = &all["results"][0];
    assert_eq!((&all["count"], &job["uuid"], &job["tgt_name"]), (&json!(1), &uuid, &json!("web")));
    assert_eq!(job["arg"]["kwarg"]["pillar"], json!({"shop": {"version": 3}}));
    let inputs: Vec<&String> = job["arg"]["kwarg"].as_object().unwrap().keys().collect();
    assert_eq!(inputs, ["saltenv", "test", "queue", "pillar"], "in their order");

    let own = Server::uuid();
    let up =
        json!({"job_uuid": own, "name": "up", "cmd": "runner", "fun": "manage.up", "masters": ["eu-web"]});
    assert_eq!(call(&server, "job.save_job", up).await, json!(own), "with a uuid of the caller's");
    call(&server, "job.save_job", json!({"job_uuid": uuid, "desc": "the new shop"})).await;
    for (filter, found) in [
        (json!({"desc": "NEW"}), vec!["deploy"]),
        (json!({"fun": "manage"}), vec!["up"]),
        (json!({"cmd": "runner"}), vec!["up"]),
        (json!({"masters": ["eu-web", "m7"]}), vec!["up"]),
        (json!({"tgt_uuid": web}), vec!["deploy"]),
        (json!({"tgt_uuid": web, "include_no_tgt_jobs": true}), vec!["deploy", "up"]),
        (json!({"sort_by": "fun", "limit": 1}), vec!["up"]),
        (json!({"sort_by": "cmd", "reverse": true, "limit": 1}), vec!["up"]),
        (json!({"job_uuid": uuid}), vec!["deploy"]),
        (json!({"job_uuid": Server::uuid()}), vec![]),
    ] {
        let page = call(&server, "job.get_jobs", filter.clone()).await;
        assert_eq!(names(&page), found, "{filter}");
    }
    let switched = json!({"job_uuid": uuid, "cmd": "runner", "fun": "state.orch", "masters": ["*"]});
    call(&server, "job.save_job", switched).await;
    let job = call(&server, "job.get_jobs", json!({"job_uuid": uuid})).await["results"][0].clone();
    assert_eq!((&job["tgt_uuid"], &job["masters"]), (&Value::Null, &json!(["*"])), "a runner has no target");
    server.stop().await;
}

#[tokio::test]
async fn a_job_that_nobody_could_run_is_not_saved() {
    let server = Server::start().await;
    call(&server, "job.save_job", json!({"name": "ping", "fun": "test.ping"})).await;
    let with = |kwarg: Value| json!({"name": "x", "fun": "a.b", "arg": {"kwarg": kwarg}});
    for (kwarg, said) in [
        (json!({"name": "ping", "fun": "test.ping"}), "409 there is a saved job \"ping\" already"),
        (json!({"fun": "test.ping"}), "parameter \"name\" is missing"),
        (json!({"name": "x"}), "parameter \"fun\" is missing"),
        (json!({"name": "x", "fun": "a b"}), "parameter \"fun\" is \"a b\""),
        (json!({"name": "x", "fun": "a.b", "masters": ["m1"]}), "parameter \"masters\" is given"),
        (json!({"name": "x", "fun": "a.b", "tgt_uuid": Server::uuid()}), "404 there is no target group"),
        (with(json!({"a": {"input_type": "select"}})), "parameter \"arg.kwarg.a.select\" is missing"),
        (with(json!({"a": "b"})), "parameter \"arg.kwarg.a\" is \"b\": expected an input"),
        (json!({"name": "x", "fun": "a.b", "cmd": "cloud"}), "parameter \"cmd\""),
    ] {
        let sentence = refused(&server, "job.save_job", kwarg.clone()).await;
        assert!(sentence.contains(said), "{kwarg} is refused with {sentence:?}, which lacks {said:?}");
    }
    server.stop().await;
}

/// Whoever may only run saved jobs chooses their inputs and nothing else.
async fn refuses_what_is_not_an_input(user: &Client, uuid: &Value, web: &Value) {
    let run = |kwarg: Value| json!({"job_uuid": uuid, "arg": {"kwarg": kwarg}});
    for (kwarg, said) in [
        (run(json!({})), "\"arg.kwarg.saltenv\" is missing: expected one of \"test\", \"live\""),
        (run(json!({"saltenv": "prod"})), "\"arg.kwarg.saltenv\" is \"prod\""),
        (run(json!({"saltenv": "live", "queue": false})), "\"arg.kwarg.queue\" is no input of this job"),
        (run(json!({"saltenv": "live", "pillar": {}})), "the pillar of a saved job is part of it"),
        (
            json!({"job_uuid": uuid, "arg": {"arg": ["evil"]}}),
            "the positional arguments of a saved job are part of it",
        ),
        (json!({"job_uuid": uuid, "fun": "cmd.run"}), "exclude each other"),
        (
            json!({"job_uuid": uuid, "arg": {"kwarg": {"saltenv": "live"}}, "tgt": {"*": {"tgt": "*"}}}),
            "403 user \"User\" may not run a saved job on a target of one's own: it needs the permission cmd-run",
        ),
        (
            json!({"fun": "test.ping", "tgt": {"*": {"tgt": "*"}}}),
            "403 user \"User\" may not run functions on minions",
        ),
        (
            json!({"job_uuid": uuid, "tgt_uuid": web, "arg": {"kwarg": {"saltenv": "live"}}}),
            "404 there is no target group",
        ),
        (
            json!({"job_uuid": uuid, "arg": {"kwarg": {"saltenv": "live"}}, "tgt_uuid": "7f93b928-388b-11e6-b133-346895ecb8f3"}),
            "target-allminions-run",
        ),
    ] {
        let sentence = refused_as(user, "cmd.route_cmd", kwarg.clone()).await;
        assert!(sentence.contains(said), "{kwarg} is refused with {sentence:?}, which lacks {said:?}");
    }
}

#[tokio::test]
async fn somebody_who_may_run_nothing_else_runs_a_job_that_is_shared_with_inputs() {
    let server = Server::start().await;
    let [m1] = cluster(&server, Failover, ["m1"], MINIONS).await;
    let user = signed_in_as(&server, "User").await;
    let web = group(&server, "web", json!({"eu-web": {"tgt": "w*"}})).await;
    let uuid = call(&server, "job.save_job", deploy(&web)).await;
    let run = |kwarg: Value| json!({"job_uuid": uuid, "arg": {"kwarg": kwarg}});
    let good = run(json!({"saltenv": "live"}));
    let sentence = refused_as(&user, "cmd.route_cmd", good.clone()).await;
    assert!(sentence.contains("404 there is no saved job"), "{sentence}");
    let give = json!({"job_uuid": uuid, "access_payload": {"User": ["read"]}});
    call(&server, "job.save_job_access", give).await;

    refuses_what_is_not_an_input(&user, &uuid, &web).await;
    let plan = call_as(&user, "cmd.plan_cmd", good.clone()).await.unwrap();
    assert_eq!(plan["parts"][0]["proven"]["count"], 1);
    let jid = call_as(&user, "cmd.route_cmd", good).await.unwrap();
    let publish = m1.publishes(&server, &["w1"]).await;
    assert_eq!((json!(publish.jid), publish.fun.as_str()), (jid.clone(), "state.apply"));
    assert_eq!(
        publish.arg.value(),
        json!(["shop", {"__kwarg__": true, "saltenv": "live", "test": true, "queue": true, "pillar": {"shop": {"version": 3}}}])
    );
    for filter in [json!({"job_uuid": uuid}), json!({"job_names": ["deploy"], "sort_by": "job_name"})] {
        let found = call(&server, "cmd.get_cmds", filter).await;
        assert_eq!((&found["count"], &found["results"][0]["jid"]), (&json!(1), &jid));
        let row = &found["results"][0];
        assert_eq!(
            (&row["job_desc"], &row["tgt_name"], &row["user"]),
            (&json!("the shop"), &json!("web"), &json!("User"))
        );
    }
    server.stop().await;
}

#[tokio::test]
async fn who_may_run_anything_says_where_a_saved_job_runs() {
    let server = Server::start().await;
    let [m1] = cluster(&server, Failover, ["m1"], MINIONS).await;
    let ping = call(&server, "job.save_job", json!({"name": "ping", "fun": "test.ping"})).await;
    let sentence = refused(&server, "cmd.route_cmd", json!({"job_uuid": ping})).await;
    assert!(sentence.contains("\"tgt\" is missing"), "it has no group of its own: {sentence}");
    let there = json!({"job_uuid": ping, "tgt": {"eu-web": {"tgt": "db*"}}, "arg": {"arg": []}});
    call(&server, "cmd.route_cmd", there).await;
    assert_eq!(m1.publishes(&server, &["db1"]).await.tgt.value(), json!("db*"));
    let up = json!({"name": "up", "cmd": "runner", "fun": "manage.up", "masters": ["eu-web"]});
    let up = call(&server, "job.save_job", up).await;
    call(&server, "cmd.route_cmd", json!({"job_uuid": up})).await;
    assert_eq!(m1.run(&server).await.fun, "manage.up");
    server.stop().await;
}

#[tokio::test]
async fn a_job_that_schedules_run_is_deleted_only_with_them() {
    let server = Server::start().await;
    let ping = call(&server, "job.save_job", json!({"name": "ping", "fun": "test.ping"})).await;
    let client = server.db.db().client().await.unwrap();
    let nightly = Written {
        sched_uuid: Server::uuid(),
        name: "nightly".to_owned(),
        function: "job.run".to_owned(),
        schedule: "{}".to_owned(),
        enabled: false,
        job_uuid: serde_json::from_value(ping.clone()).unwrap(),
        cmd: None,
        fun: None,
        arg: None,
        tgt_uuid: None,
        tgt: None,
        masters: None,
        owner_uuid: None,
        changed_at: server.now(),
        next_at: None,
    };
    assert!(schedule::insert(&client, &nightly).await.unwrap());
    let sentence = refused(&server, "job.delete_job", json!({"job_uuid": ping})).await;
    assert_eq!(
        sentence,
        "409 FailedResourceDependency: the saved job \"ping\" is in use by schedule \"nightly\": delete or change them first, or use force"
    );
    assert_eq!(call(&server, "job.delete_job", json!({"job_uuid": ping, "force": true})).await, true);
    assert_eq!(call(&server, "job.get_jobs", json!({})).await["count"], 0);
    assert!(!schedule::delete(&client, nightly.sched_uuid).await.unwrap(), "it went with the job");
    server.stop().await;
}
