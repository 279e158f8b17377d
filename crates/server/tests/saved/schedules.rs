//! Schedules: saved, looked ahead, and fired exactly once for each planned time, whichever servers are there.

use std::sync::Arc;

use raas_api::{CommandState, Permission};
use raas_db::testing::TestDb;
use raas_wire::ClusterKind::Failover;
use serde_json::{Value, json};

use super::{call, call_as, group, names, refused, refused_as, signed_in_as};
use crate::{
    commands::{
        hands::{Master, cluster},
        watch::{ends, pass, wake},
    },
    people::scopes::limited,
    support::{Server, until},
};

const MINIONS: &[(&str, &[&str])] = &[("w1", &["m1"])];

fn ping(name: &str, schedule: &Value) -> Value {
    json!({"name": name, "schedule": schedule, "cmd": "local", "fun": "test.ping", "tgt": {"eu-web": {"tgt": "*"}}})
}

async fn history(server: &Server) -> Vec<Value> {
    let page = call(server, "schedule.search_history", json!({"limit": -1})).await;
    page["results"].as_array().unwrap().clone()
}

/// Waits for so many planned times to be dealt with; newest first.
async fn dealt_with(server: &Server, count: usize) -> Vec<Value> {
    until(&format!("{count} planned times are dealt with"), async || {
        wake(server).await;
        let found = history(server).await;
        if found.len() >= count { Ok(found) } else { Err(format!("{found:?}")) }
    })
    .await
}

fn states(history: &[Value]) -> Vec<&str> {
    history.iter().map(|one| one["state"].as_str().unwrap()).collect()
}

async fn count(server: &Server) -> Value {
    call(server, "cmd.get_cmds", json!({})).await["count"].clone()
}

/// Finishes whatever the master is given.
async fn finish(server: &Server, master: &Master, jid: &Value) {
    let jid = serde_json::from_value(jid.clone()).unwrap();
    master.publishes(server, &["w1"]).await;
    master.returns(&jid, "w1", json!(true)).await;
    ends(server, &jid, CommandState::CompletedAllSuccessful).await;
}

#[tokio::test]
async fn a_saved_schedule_is_listed_changed_and_removed() {
    let server = Server::start().await;
    let [_m1] = cluster(&server, Failover, ["m1"], MINIONS).await;
    let uuid = call(&server, "schedule.save", ping("nightly", &json!({"cron": "0 2 * * *"}))).await;
    let page = call(&server, "schedule.get", json!({})).await;
    let shown = &page["results"][0];
    assert_eq!((&page["count"], &shown["uuid"], &shown["name"]), (&json!(1), &uuid, &json!("nightly")));
    assert_eq!((&shown["schedule"], &shown["fun"]), (&json!({"cron": "0 2 * * *"}), &json!("test.ping")));
    assert!(shown["next_fire_time"].is_string() && shown["last_fire_time"].is_null(), "{shown}");
    let web = group(&server, "web", json!({"*": {"tgt": "w*"}})).await;
    let change = json!({"uuid": uuid, "tgt_uuid": web, "enabled": false, "schedule": {"days": 1}});
    call(&server, "schedule.update", change).await;
    let shown = call(&server, "schedule.get", json!({"uuid": uuid})).await["results"][0].clone();
    assert_eq!((&shown["tgt"], &shown["tgt_name"]), (&Value::Null, &json!("web")));
    assert_eq!((&shown["enabled"], &shown["next_fire_time"]), (&json!(false), &Value::Null));
    let job = call(&server, "job.save_job", json!({"name": "ping", "fun": "test.ping"})).await;
    let to_job = json!({"uuid": uuid, "job_uuid": job, "delete_fields": ["cmd", "fun"], "enabled": true});
    call(&server, "schedule.update", to_job).await;
    for (filter, found) in [
        (json!({"names": ["nightly"]}), 1),
        (json!({"job_names": ["ping"], "tgt_names": ["web"], "fun": "test.ping"}), 1),
        (json!({"query": "PING"}), 1),
        (json!({"cmd": "runner"}), 0),
        (json!({"enabled": false}), 0),
        (json!({"expired": true}), 0),
        (json!({"tgt": "web", "sort_by": "next_fire_time", "reverse": true}), 1),
    ] {
        let page = call(&server, "schedule.get", filter.clone()).await;
        assert_eq!(names(&page).len(), found, "{filter}");
    }
    let sentence = refused(&server, "tgt.delete_target_group", json!({"tgt_uuid": web})).await;
    assert!(sentence.contains("in use by schedule \"nightly\""), "{sentence}");
    let sentence = refused(&server, "job.delete_job", json!({"job_uuid": job})).await;
    assert!(sentence.contains("in use by schedule \"nightly\""), "{sentence}");
    assert_eq!(call(&server, "schedule.remove", json!({"uuid": uuid})).await, true);
    assert!(refused(&server, "schedule.remove", json!({"uuid": uuid})).await.starts_with("404"));
    server.stop().await;
}

#[tokio::test]
async fn what_its_saver_could_not_run_is_not_scheduled() {
    let server = Server::start().await;
    let daily = json!({"days": 1});
    call(&server, "schedule.save", ping("daily", &daily)).await;
    let with = |more: Value| {
        let mut kwarg = ping("x", &daily);
        kwarg.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        kwarg
    };
    for (kwarg, said) in [
        (ping("daily", &daily), "409 there is a schedule \"daily\" already"),
        (with(json!({"schedule": {}})), "parameter \"schedule\" is without times"),
        (with(json!({"schedule": {"cron": "* * *"}})), "parameter \"schedule.cron\""),
        (with(json!({"schedule": {"hourly": 1}})), "hourly"),
        (with(json!({"tgt_uuid": Server::uuid()})), "exclude each other"),
        (with(json!({"tgt": {"*": {"tgt": "G@os", "tgt_type": "compound"}}})), "expected key:value"),
        (with(json!({"fun": null})), "parameter \"fun\" is missing"),
        (
            json!({"name": "x", "schedule": {"days": 1}, "job_uuid": Server::uuid()}),
            "404 there is no saved job",
        ),
        (
            json!({"name": "x", "schedule": {"days": 1}, "cmd": "wheel", "fun": "key.accept", "arg": {"arg": ["w1"]}, "masters": ["*"]}),
            "decides about keys",
        ),
    ] {
        let sentence = refused(&server, "schedule.save", kwarg.clone()).await;
        assert!(sentence.contains(said), "{kwarg} is refused with {sentence:?}, which lacks {said:?}");
    }
    call(
        &server,
        "auth.save_role",
        json!({"role_name": "planner", "perms": ["schedule-write", "schedule-read"]}),
    )
    .await;
    let planner = signed_in_as(&server, "planner").await;
    let sentence = refused_as(&planner, "schedule.save", ping("x", &daily)).await;
    assert!(sentence.contains("403") && sentence.contains("cmd-run"), "{sentence}");
    assert_eq!(
        call_as(&planner, "schedule.get", json!({})).await.unwrap()["count"],
        0,
        "others' are not theirs"
    );
    server.stop().await;
}

#[tokio::test]
async fn each_planned_time_fires_once_as_its_owner_and_is_history() {
    let server = Server::start().await;
    let [m1] = cluster(&server, Failover, ["m1"], MINIONS).await;
    let ann = signed_in_as(&server, "Administrator").await;
    let uuid = call_as(&ann, "schedule.save", ping("minutely", &json!({"seconds": 60}))).await.unwrap();
    pass(&server, 70, &[&m1]).await;
    let first = dealt_with(&server, 1).await.remove(0);
    assert_eq!(
        (&first["state"], &first["sched_uuid"], &first["fun"]),
        (&json!("fired"), &uuid, &json!("test.ping"))
    );
    let inflight = call_as(&ann, "schedule.get_inflight", json!({})).await.unwrap();
    assert_eq!((&inflight["count"], &inflight["results"][0]["jid"]), (&json!(1), &first["jid"]));
    finish(&server, &m1, &first["jid"]).await;
    assert_eq!(call_as(&ann, "schedule.get_inflight", json!({})).await.unwrap()["count"], 0);
    let found = call(&server, "cmd.get_cmds", json!({"sched_uuid": uuid})).await;
    let row = &found["results"][0];
    assert_eq!(
        (&row["user"], &row["origination"], &row["sched_name"]),
        (&json!("Administrator"), &json!("Scheduled"), &json!("minutely"))
    );
    pass(&server, 60, &[&m1]).await;
    let both = dealt_with(&server, 2).await;
    assert_eq!(states(&both), ["fired", "fired"]);
    assert_ne!(both[0]["start_time"], both[1]["start_time"]);
    let shown = call(&server, "schedule.get", json!({})).await["results"][0].clone();
    assert_eq!(shown["last_fire_time"], both[0]["start_time"]);
    assert_eq!(count(&server).await, 2);
    for (search, runs) in [
        (json!({"query": "PING"}), 2),
        (json!({"query": "minutely"}), 0),
        (json!({"query": "minutely", "name": true}), 2),
        (json!({"masters": "m?"}), 2),
        (json!({"masters": "m2"}), 0),
        (json!({"tgt": "eu-web", "query": "ping", "masters": "m1"}), 2),
        (json!({"tgt": "us-web"}), 0),
    ] {
        assert_eq!(call(&server, "schedule.search_history", search.clone()).await["count"], runs, "{search}");
    }
    server.stop().await;
}

#[tokio::test]
async fn runs_are_left_out_when_asked_for_or_when_too_many_are_under_way() {
    let server = Server::configured(|config| config.jobs.timeout_s = 3600).await;
    let [m1] = cluster(&server, Failover, ["m1"], MINIONS).await;
    let hourly = json!({"seconds": 60, "maxrunning": 1});
    call(&server, "schedule.save", ping("minutely", &hourly)).await;
    let futures = call(&server, "schedule.futures", json!({"limit": 2})).await;
    assert_eq!(futures["count"], 1000, "the first thousand of eight weeks");
    let (first, second) = (&futures["results"][0], &futures["results"][1]);
    assert_eq!((&first["state"], &first["fun"]), (&json!("scheduled"), &json!("test.ping")));
    let skip = json!({"uuids": [first["uuid"]], "skip": true});
    call(&server, "schedule.save_skip", skip).await;
    let skipping = call(&server, "schedule.futures", json!({"state": ["skipping"]})).await;
    assert_eq!((&skipping["count"], &skipping["results"][0]["uuid"]), (&json!(1), &first["uuid"]));
    assert!(
        refused(&server, "schedule.save_skip", json!({"uuids": [Server::uuid()]})).await.starts_with("404")
    );
    for (passes, state) in [(1, "skipped"), (2, "fired"), (3, "skipped")] {
        pass(&server, 60, &[&m1]).await;
        let newest = dealt_with(&server, passes).await.remove(0);
        assert_eq!(newest["state"], state, "{newest}");
        if state == "fired" {
            m1.publishes(&server, &["w1"]).await;
        }
    }
    let told = history(&server).await;
    assert!(told[0]["reason"].as_str().unwrap().contains("maxrunning is 1"), "{told:?}");
    assert_eq!(told[1]["start_time"], second["start_time"]);
    assert!(told[2]["reason"].as_str().unwrap().contains("save_skip"), "{told:?}");
    server.stop().await;
}

#[tokio::test]
async fn after_a_pause_the_newest_run_is_made_up_and_the_others_are_missed() {
    let db = Arc::new(TestDb::new().await.unwrap());
    let before = Server::on(db.clone(), Arc::default(), |_| {}).await;
    let [mut m1] = cluster(&before, Failover, ["m1"], MINIONS).await;
    call(&before, "schedule.save", ping("minutely", &json!({"seconds": 60}))).await;
    let clock = before.clock.clone();
    before.stop().await;
    clock.advance(160);
    let after = Server::on(db, clock, |_| {}).await;
    m1.plugin.url.clone_from(&after.url);
    m1.beat().await;
    let told = dealt_with(&after, 2).await;
    assert_eq!(states(&told), ["fired", "missed"]);
    assert!(told[1]["reason"].as_str().unwrap().contains("a newer run"), "{told:?}");
    assert_eq!(count(&after).await, 1);
    after.stop().await;
}

#[tokio::test]
async fn two_servers_and_a_crash_fire_each_planned_time_once() {
    let db = Arc::new(TestDb::new().await.unwrap());
    let first = Server::on(db.clone(), Arc::default(), |_| {}).await;
    let second = Server::on(db, first.clock.clone(), |_| {}).await;
    let [m1] = cluster(&second, Failover, ["m1"], MINIONS).await;
    call(&second, "schedule.save", ping("minutely", &json!({"seconds": 60}))).await;
    pass(&second, 60, &[&m1]).await;
    dealt_with(&second, 1).await;
    first.kill();
    pass(&second, 60, &[&m1]).await;
    let told = dealt_with(&second, 2).await;
    assert_eq!(states(&told), ["fired", "fired"]);
    assert_eq!(count(&second).await, 2, "one command for each planned time");
    second.stop().await;
}

#[tokio::test]
async fn a_planned_time_is_taken_once_whoever_believes_to_lead() {
    let server = Server::start().await;
    let [m1] = cluster(&server, Failover, ["m1"], MINIONS).await;
    let uuid = call(&server, "schedule.save", ping("minutely", &json!({"seconds": 60}))).await;
    let uuid: uuid::Uuid = serde_json::from_value(uuid).unwrap();
    pass(&server, 60, &[&m1]).await;
    let planned = dealt_with(&server, 1).await[0]["start_time"].clone();
    // The crash came after the commit and before the schedule went on: its next time is still this one.
    let client = server.db.db().client().await.unwrap();
    let row = raas_db::schedule::get(&client, uuid).await.unwrap().unwrap();
    let again = serde_json::from_value(planned).unwrap();
    assert!(raas_db::schedule::go_on(&client, uuid, row.changed_at, Some(again), None).await.unwrap());
    until("the schedule goes on", async || {
        wake(&server).await;
        let row = raas_db::schedule::get(&client, uuid).await.unwrap().unwrap();
        if row.next_at > Some(again) { Ok(()) } else { Err(format!("{:?}", row.next_at)) }
    })
    .await;
    assert_eq!((count(&server).await, history(&server).await.len()), (json!(1), 1));
    server.stop().await;
}

#[tokio::test]
async fn a_schedule_is_shared_as_jobs_are() {
    let server = Server::start().await;
    let [_m1] = cluster(&server, Failover, ["m1"], MINIONS).await;
    let ann = signed_in_as(&server, "Administrator").await;
    let uuid = call(&server, "schedule.save", ping("minutely", &json!({"seconds": 60}))).await;
    let sentence = refused_as(&ann, "schedule.get_schedule_access", json!({"uuid": uuid})).await;
    assert!(sentence.contains("404 there is no schedule"), "{sentence}");
    assert_eq!(call_as(&ann, "schedule.futures", json!({})).await.unwrap()["count"], 0);

    let give = |rights: Value| json!({"uuid": uuid, "access_payload": {"Administrator": rights}});
    call(&server, "schedule.save_schedule_access", give(json!(["discover"]))).await;
    let futures = call_as(&ann, "schedule.futures", json!({"limit": 1})).await.unwrap();
    assert_eq!(futures["count"], 1000);
    assert_eq!(futures["results"][0]["fun"], Value::Null, "when, and not what");
    let sentence = refused_as(&ann, "schedule.save_schedule_access", give(json!(["read", "write"]))).await;
    assert!(sentence.contains("its owner \"root\" and superusers may"), "{sentence}");
    let sentence = refused_as(&ann, "schedule.update", json!({"uuid": uuid, "enabled": false})).await;
    assert!(sentence.contains("may not write the schedule \"minutely\""), "{sentence}");

    call(&server, "schedule.save_schedule_access", give(json!(["read", "delete"]))).await;
    let shown = call_as(&ann, "schedule.get_schedule_access", json!({"uuid": uuid})).await.unwrap();
    let rights = json!({"read": true, "write": false, "discover": false, "delete": true});
    assert_eq!((&shown["access"]["Administrator"], &shown["owner"]["username"]), (&rights, &json!("root")));
    let futures = call_as(&ann, "schedule.futures", json!({"limit": 1})).await.unwrap();
    assert_eq!(futures["results"][0]["fun"], "test.ping");
    assert_eq!(call_as(&ann, "schedule.remove", json!({"uuid": uuid})).await.unwrap(), true);
    let unknown = json!({"uuid": uuid, "access_payload": {"Nobody": ["read"]}});
    assert!(refused(&server, "schedule.save_schedule_access", unknown).await.starts_with("404"));
    server.stop().await;
}

#[tokio::test]
async fn a_limited_account_sees_the_runs_that_reached_its_own_minions() {
    let server = Server::start().await;
    let minions: &[(&str, &[&str])] = &[("web1", &["m1"]), ("db1", &["m1"])];
    let [m1] = cluster(&server, Failover, ["m1"], minions).await;
    let webber = limited(&server, "webber", "web*", &[Permission::ScheduleRead]).await;
    for (name, glob) in [("webs", "web*"), ("dbs", "db*")] {
        let schedule = json!({"name": name, "schedule": {"seconds": 60}, "cmd": "local", "fun": "test.ping", "tgt": {"eu-web": {"tgt": glob}}});
        let uuid = call(&server, "schedule.save", schedule).await;
        let share = json!({"uuid": uuid, "access_payload": {"webber's role": ["read"]}});
        call(&server, "schedule.save_schedule_access", share).await;
    }
    pass(&server, 60, &[&m1]).await;
    dealt_with(&server, 2).await;
    for method in ["schedule.search_history", "schedule.get_inflight"] {
        let shown = call_as(&webber, method, json!({})).await.unwrap();
        let names: Vec<&str> = shown["results"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| one["sched_name"].as_str().unwrap())
            .collect();
        assert_eq!(
            (&shown["count"], names.as_slice()),
            (&json!(1), ["webs"].as_slice()),
            "{method}: {shown}"
        );
    }
    assert_eq!(call(&server, "schedule.get_inflight", json!({})).await["count"], 2);
    server.stop().await;
}
