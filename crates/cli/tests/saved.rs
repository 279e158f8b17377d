//! Saved things: target groups, schedules, jobs.

use serde_json::json;

use crate::support::Server;

#[tokio::test(flavor = "multi_thread")]
async fn a_target_group_is_saved_listed_and_deleted() {
    let server = Server::start().await;
    let said = server.says(&["targets", "save", "webs", "web*", "-t", "glob", "--desc", "the shop"]).await;
    assert!(said.starts_with("Target group webs is saved ("), "{said}");
    let table = server.says(&["targets"]).await;
    assert!(table.contains("*: web* (glob)") && table.contains("the shop"), "{table}");
    assert_eq!(server.json(&["targets", "minions", "webs"]).await, json!({}));
    let wrong = server.refuses(&["targets", "save", "odd", "G@"]).await;
    assert!(wrong.contains("G@"), "{wrong}");
    assert!(server.refuses(&["targets", "minions", "nothing"]).await.contains("raas targets lists them"));
    assert_eq!(server.says(&["targets", "delete", "webs"]).await, "Target group webs is deleted.\n");
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_schedule_is_saved_looked_ahead_disabled_and_deleted() {
    let server = Server::start().await;
    let nightly =
        ["schedules", "save", "nightly", "--fun", "state.apply", "base", "test=True", "--target", "web*"];
    let said =
        server.says(&[&nightly[..], &["--cron", "0 2 * * *", "--timezone", "Europe/Berlin"]].concat()).await;
    assert!(said.starts_with("Schedule nightly is saved (") && said.contains("it fires at 2"), "{said}");
    let listed = server.json(&["schedules"]).await;
    let one = &listed[0];
    assert_eq!(one["schedule"], json!({"cron": "0 2 * * *", "timezone": "Europe/Berlin"}), "{one}");
    assert_eq!(one["arg"], json!({"arg": ["base"], "kwarg": {"test": true}}), "{one}");
    let next = server.json(&["schedules", "next", "nightly", "--limit", "3"]).await;
    assert_eq!(next.as_array().unwrap().len(), 3, "{next}");

    server.says(&[&nightly[..], &["--every", "15m"]].concat()).await;
    assert_eq!(server.json(&["schedules"]).await[0]["schedule"], json!({"minutes": 15}), "it is replaced");
    assert_eq!(
        server.says(&["schedules", "disable", "nightly"]).await,
        "Schedule nightly is disabled: it does not fire.\n"
    );
    assert!(server.says(&["schedules"]).await.contains("disabled"));
    assert_eq!(server.json(&["schedules", "enable", "nightly"]).await["enabled"], true);
    assert_eq!(server.says(&["schedules", "delete", "nightly"]).await, "Schedule nightly is deleted.\n");
    assert_eq!(server.json(&["schedules", "history"]).await, json!([]));
    for (arguments, told) in [
        (vec!["schedules", "save", "x", "--fun", "test.ping", "--target", "*", "--every", "15"], "as 15m"),
        (vec!["schedules", "save", "x", "--fun", "test.ping", "--target", "*"], "--cron"),
        (vec!["schedules", "save", "x", "--every", "1h"], "--job"),
        (vec!["schedules", "save", "x", "--job", "none", "--every", "1h"], "raas jobs saved lists them"),
        (vec!["schedules", "save", "x", "--fun", "test.ping", "--target", "*", "--cron", "soon"], "cron"),
        (vec!["schedules", "enable", "none"], "raas schedules lists them"),
    ] {
        let said = server.refuses(&arguments).await;
        assert!(said.contains(told), "raas {arguments:?}: {said}");
    }
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn saved_jobs_are_listed_and_what_is_not_there_is_named() {
    let server = Server::start().await;
    let save = ["jobs", "save", "deploy", "state.apply", "shop", "test=True"];
    let inputs = ["--input", "saltenv", "--input", "stage:dev|prod=dev", "--desc", "the shop"];
    let said = server.says(&[&save[..], &inputs[..]].concat()).await;
    assert!(said.starts_with("Job deploy is saved (") && said.ends_with("raas jobs run deploy\n"), "{said}");
    let job = server.json(&["jobs", "saved"]).await[0].clone();
    assert_eq!(job["arg"]["arg"], json!(["shop"]), "{job}");
    assert_eq!(job["arg"]["kwarg"]["stage"]["select"], json!(["dev", "prod"]), "{job}");
    let table = server.says(&["jobs", "saved"]).await;
    let row = table.lines().find(|line| line.contains("deploy")).unwrap();
    assert!(row.contains("state.apply") && row.contains("saltenv") && row.contains("the shop"), "{table}");
    assert!(server.refuses(&["jobs", "run", "none"]).await.contains("raas jobs saved lists them"));
    assert!(server.refuses(&["jobs", "run", "deploy", "mood"]).await.contains("give name=value"));
    server.says(&["jobs", "save", "deploy", "state.highstate"]).await;
    let changed = server.json(&["jobs", "saved"]).await;
    assert_eq!((changed.as_array().unwrap().len(), &changed[0]["fun"]), (1, &json!("state.highstate")));
    assert_eq!(changed[0]["desc"], "the shop", "what is not given stays as it is");
    let wrong = server.refuses(&["jobs", "save", "x", "test.sleep", "--input", "length:number=long"]).await;
    assert!(wrong.contains("is no number"), "{wrong}");
    let elsewhere = server.refuses(&["jobs", "save", "x", "test.ping", "--master", "m1"]).await;
    assert!(elsewhere.contains("add --runner or --wheel"), "{elsewhere}");
    server.says(&["jobs", "save", "hosts", "manage.up", "--runner"]).await;
    assert_eq!(server.says(&["jobs", "delete", "hosts"]).await, "Job hosts is deleted.\n");
    assert_eq!(server.json(&["jobs", "--limit", "-1"]).await, json!([]));
    server.stop().await;
}
