//! Who did what: acts and refusals are written, secrets are not, and nobody changes a row unseen.

use raas_api::{
    audit::{AuditedEvent, GetAudit, GetAuditParams},
    auth::{SaveUser, SaveUserParams},
};
use raas_client::audit::{Verdict, verify};
use raas_db::Session as _;
use raas_wire::ClusterKind::Failover;
use serde_json::json;

use super::{client, sign_in::with_token, signed_in_as};
use crate::{
    commands::{hands::cluster, watch::send},
    support::{Server, until},
};

async fn audited(server: &Server, params: GetAuditParams) -> Vec<AuditedEvent> {
    server.call::<GetAudit>(&params).await.results
}

async fn of(server: &Server, event_name: &str) -> Vec<AuditedEvent> {
    audited(server, GetAuditParams { event_name: Some(event_name.to_owned()), ..GetAuditParams::default() })
        .await
}

/// Runs a statement as somebody who has the database.
async fn tamper(server: &Server, sql: &str) {
    server.db.db().client().await.unwrap().batch(sql).await.unwrap();
}

/// The verdict once everything is linked.
async fn verdict(server: &Server) -> Verdict {
    until("the chain is made", async || match verify(&server.root, None).await.unwrap() {
        Verdict::Whole { unchained: 1.., .. } => Err("rows wait for their places".to_owned()),
        verdict => Ok(verdict),
    })
    .await
}

#[tokio::test]
async fn an_act_is_written_with_who_from_where_and_its_parameters() {
    let server = Server::start().await;
    let _masters = cluster(&server, Failover, ["m1", "m2"], &[("w1", &["m1"])]).await;
    send(&server, "eu-web", "*").await;
    let acts = of(&server, "cmd.route_cmd").await;
    let [act] = acts.as_slice() else { panic!("{acts:?}") };
    assert_eq!((act.username.as_str(), act.failed, act.event_type.as_str()), ("root", false, "rpc"));
    assert_eq!(act.address.as_deref(), Some("127.0.0.1"));
    assert!(act.account_uuid.is_some() && act.session_uuid.is_some(), "{act:?}");
    assert_eq!(act.event_data["params"]["fun"], "test.ping");
    let logins = of(&server, "login").await;
    assert!(logins.iter().any(|login| !login.failed && login.username == "root"), "{logins:?}");
    assert_eq!(of(&server, "startup").await.len(), 1);
    assert!(of(&server, "cmd.get_cmds").await.is_empty(), "who only looks is not written down");
    server.stop().await;
}

#[tokio::test]
async fn a_refusal_is_written_and_so_is_a_wrong_password() {
    let server = Server::start().await;
    let viewer = signed_in_as(&server, "User").await;
    let call = raas_api::Call {
        resource: "master".to_owned(),
        method: "delete_master".to_owned(),
        arg: Some(vec![json!("m1")]),
        ..raas_api::Call::default()
    };
    viewer.raw(&call).await.unwrap_err();
    let refused = of(&server, "master.delete_master").await;
    let [refused] = refused.as_slice() else { panic!("{refused:?}") };
    assert_eq!((refused.username.as_str(), refused.failed), ("User", true));
    assert!(refused.event_data["error"].as_str().unwrap().contains("master-write"), "{refused:?}");

    server.raw("master.delete_master", json!(["nobody"]), json!({})).await.unwrap_err();
    let failed = of(&server, "master.delete_master").await;
    assert_eq!(
        (failed.len(), failed[0].username.as_str(), failed[0].failed),
        (2, "root", true),
        "an act that failed, too"
    );

    client(&server, "root", "guess").token().await.unwrap_err();
    let guesses = audited(
        &server,
        GetAuditParams {
            failed: Some(true),
            event_name: Some("login".to_owned()),
            ..GetAuditParams::default()
        },
    )
    .await;
    assert_eq!((guesses.len(), guesses[0].username.as_str()), (1, "root"));
    assert!(!guesses[0].event_data.to_string().contains("guess"), "{guesses:?}");
    server.stop().await;
}

#[tokio::test]
async fn no_secret_is_written() {
    let server = Server::start().await;
    let params = SaveUserParams {
        username: Some("ann".to_owned()),
        password: Some("hunter2 hunter2".to_owned().into()),
        ..SaveUserParams::default()
    };
    server.call::<SaveUser>(&params).await;
    let _masters = cluster(&server, Failover, ["m1", "m2"], &[("w1", &["m1"])]).await;
    let arg = json!({"kwarg": {"name": "ann", "password": "hunter2"}});
    let run = json!({"fun": "user.add", "arg": arg, "tgt": {"eu-web": {"tgt": "*"}}});
    server.raw("cmd.route_cmd", json!([]), run).await.unwrap();
    let all = audited(&server, GetAuditParams { limit: -1, ..GetAuditParams::default() }).await;
    let text = serde_json::to_string(&all).unwrap();
    assert!(text.contains("user.add") && text.contains("****") && !text.contains("hunter2"), "{text}");
    server.stop().await;
}

#[tokio::test]
async fn the_audit_is_searched_page_by_page() {
    let server = Server::start().await;
    for name in ["ann", "bob", "cid"] {
        let params = SaveUserParams { username: Some(name.to_owned()), ..SaveUserParams::default() };
        server.call::<SaveUser>(&params).await;
    }
    let page = |page| GetAuditParams {
        event_name: Some("auth.save_user".to_owned()),
        username: Some("root".to_owned()),
        limit: 2,
        page: Some(page),
        ..GetAuditParams::default()
    };
    let first = server.call::<GetAudit>(&page(0)).await;
    let names = |rows: &[AuditedEvent]| -> Vec<String> {
        rows.iter().map(|row| row.event_data["params"]["username"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(
        (first.count, names(&first.results)),
        (3, vec!["cid".to_owned(), "bob".to_owned()]),
        "newest first"
    );
    assert_eq!(names(&audited(&server, page(1)).await), ["ann"]);
    let now = server.now();
    let later = GetAuditParams {
        daterange: Some((
            now.checked_add(jiff::SignedDuration::from_hours(1)).unwrap(),
            now.checked_add(jiff::SignedDuration::from_hours(2)).unwrap(),
        )),
        ..GetAuditParams::default()
    };
    assert!(audited(&server, later).await.is_empty());
    let both = json!({"username": "root", "account_uuid": Server::uuid()});
    assert_eq!(server.raw("audit.get_audit", json!([]), both).await.unwrap_err().code, 422);
    server.stop().await;
}

#[tokio::test]
async fn a_changed_row_is_named_and_so_are_missing_ones() {
    let server = Server::start().await;
    for name in ["ann", "bob", "cid", "dan"] {
        let params = SaveUserParams { username: Some(name.to_owned()), ..SaveUserParams::default() };
        server.call::<SaveUser>(&params).await;
    }
    let Verdict::Whole { first, end, .. } = verdict(&server).await else { panic!("it is not whole") };
    assert!(first == 1 && end.number >= 5, "{first} {end:?}");
    assert!(matches!(verify(&server.root, Some(&end)).await.unwrap(), Verdict::Whole { .. }));
    let other = raas_api::audit::Head { hash: "00".repeat(32), ..end.clone() };
    let Verdict::Broken(said) = verify(&server.root, Some(&other)).await.unwrap() else {
        panic!("another chain")
    };
    assert!(said.contains("written anew"), "{said}");

    let rows = of(&server, "auth.save_user").await;
    let victim = rows.iter().find(|row| row.event_data["params"]["username"] == "bob").unwrap();
    let number = victim.number.unwrap();
    tamper(&server, &format!("UPDATE audit SET username = 'nobody' WHERE audit_id = {}", victim.id)).await;
    let Verdict::Broken(said) = verdict(&server).await else { panic!("nobody noticed") };
    assert_eq!(
        said,
        format!(
            "audit row {number} (id {}): it was changed after it was written: its hash does not fit",
            victim.id
        )
    );

    tamper(&server, &format!("DELETE FROM audit WHERE audit_id = {}", victim.id)).await;
    let Verdict::Broken(said) = verdict(&server).await else { panic!("nobody noticed") };
    assert!(said.starts_with(&format!("audit row {} ", number + 1)) && said.contains("is missing"), "{said}");
    server.stop().await;
}

#[tokio::test]
async fn rows_taken_from_the_end_are_noticed() {
    let server = Server::start().await;
    server
        .call::<SaveUser>(&SaveUserParams { username: Some("ann".to_owned()), ..SaveUserParams::default() })
        .await;
    let Verdict::Whole { end, .. } = verdict(&server).await else { panic!("it is not whole") };
    tamper(&server, &format!("DELETE FROM audit WHERE number = {}", end.number)).await;
    let Verdict::Broken(said) = verify(&server.root, None).await.unwrap() else { panic!("nobody noticed") };
    assert!(said.contains("taken away from the end"), "{said}");
    server.stop().await;
}

#[tokio::test]
async fn every_method_that_acts_leaves_a_row_whoever_is_refused() {
    let server = Server::start().await;
    let viewer = signed_in_as(&server, "User").await;
    let acts: Vec<_> = raas_server::rpc::table().values().filter(|row| row.entry.acts).collect();
    for row in &acts {
        let call = raas_api::Call {
            resource: row.entry.resource.to_owned(),
            method: row.entry.name.to_owned(),
            kwarg: Some(serde_json::Map::from_iter([("no_method_has_this".to_owned(), json!(1))])),
            ..raas_api::Call::default()
        };
        viewer.raw(&call).await.unwrap_err();
        let [written] =
            of(&server, row.name).await.try_into().unwrap_or_else(|rows| panic!("{}: {rows:?}", row.name));
        assert!(written.failed && written.username == "User", "{written:?}");
    }
    assert!(acts.len() > 15, "{}", acts.len());
    server.stop().await;
}

#[tokio::test]
async fn what_cannot_be_written_down_is_not_done() {
    let server = Server::start().await;
    let [m1] = cluster(&server, Failover, ["m1"], &[("w1", &["m1"])]).await;
    let root = server.raw("auth.get_user", json!([]), json!({"username": "root"})).await.unwrap();
    let ann = server.raw("auth.save_user", json!([]), json!({"username": "ann"})).await.unwrap();
    server.raw("job.save_job", json!([]), json!({"name": "own", "fun": "test.ping"})).await.unwrap();
    tamper(
        &server,
        "ALTER TABLE audit ADD CONSTRAINT nothing_more CHECK (failed OR event_type <> 'rpc') NOT VALID",
    )
    .await;
    for (name, kwarg) in [
        ("auth.save_user", json!({"username": "eve"})),
        ("auth.save_role", json!({"role_name": "eves", "perms": ["cmd-run"]})),
        ("auth.save_group", json!({"group_name": "eves"})),
        ("auth.save_token", json!({"name": "eve"})),
        ("cmd.route_cmd", json!({"fun": "test.ping", "tgt": {"eu-web": {"tgt": "*"}}})),
        ("minions.set_minion_key_state", json!({"state": "delete", "minions": [["eu-web", "w1"]]})),
        ("master.delete_master", json!({"master_id": "m1"})),
        ("admin.trim_database", json!({"jobs": 0})),
        ("auth.transfer_resources", json!({"from_user_uuid": root["uuid"], "to_user_uuid": ann})),
    ] {
        server.raw(name, json!([]), kwarg).await.expect_err(name);
    }
    tamper(&server, "ALTER TABLE audit DROP CONSTRAINT nothing_more").await;
    for name in ["auth.get_all_users", "auth.get_all_roles", "auth.get_all_groups", "auth.get_tokens"] {
        let shown = server.raw(name, json!([]), json!({})).await.unwrap().to_string();
        assert!(!shown.contains("eve"), "{name}: {shown}");
    }
    let commands = server.raw("cmd.get_cmds", json!([]), json!({})).await.unwrap();
    assert_eq!(commands["count"], 0, "{commands}");
    let jobs = server.raw("job.get_jobs", json!([]), json!({})).await.unwrap();
    assert_eq!(jobs["results"][0]["metadata"]["auth"]["owner"]["username"], "root", "{jobs}");
    assert!(m1.waiting().await.is_empty(), "and the master is still known");
    server.stop().await;
}

#[tokio::test]
async fn a_token_that_nobody_has_is_written_down_and_a_flood_of_them_is_one_row() {
    let server = Server::start().await;
    let token = server.raw("auth.save_token", json!([]), json!({"name": "backup"})).await.unwrap();
    let program = with_token(&server, token["token"].as_str().unwrap());
    let look = async || program.call::<GetAudit>(&GetAuditParams::default()).await;
    look().await.unwrap();
    server.raw("auth.delete_token", json!([token["uuid"]]), json!({})).await.unwrap();
    for _ in 0..20 {
        assert!(look().await.unwrap_err().to_string().contains("was revoked"));
    }
    let [row] = of(&server, "token").await.try_into().unwrap();
    assert_eq!((row.username.as_str(), row.failed), ("unknown", true), "{row:?}");
    assert_eq!(row.address.as_deref(), Some("127.0.0.1"));
    assert!(!row.event_data.to_string().contains(token["token"].as_str().unwrap()), "{row:?}");
    server.clock.advance(60);
    look().await.unwrap_err();
    let rows = of(&server, "token").await;
    assert!(rows.len() == 2 && rows[0].event_data.to_string().contains("19 more"), "{rows:?}");
    server.stop().await;
}

#[tokio::test]
async fn whoever_is_locked_out_is_written_down_once_and_not_at_every_try() {
    let server = Server::configured(|config| config.auth.attempts = 2).await;
    let guess = async || client(&server, "root", "guess").token().await.unwrap_err().to_string();
    for _ in 0..2 {
        assert!(guess().await.contains("wrong"));
    }
    for _ in 0..5 {
        assert!(guess().await.contains("too many failed logins"));
    }
    let rows = server.db.db().client().await.unwrap();
    let sql = "SELECT count(*) FROM audit WHERE event_name = 'login' AND failed";
    let count: i64 = rows.query_one(sql, &[]).await.unwrap().try_get(0).unwrap();
    assert_eq!(count, 3, "two guesses, and that the address is locked out");
    server.stop().await;
}

#[tokio::test]
async fn the_audit_is_kept_by_a_rule_of_its_own_and_a_chain_that_begins_later_is_whole() {
    let server = Server::configured(|config| {
        config.retention.history_days = 0;
        config.retention.audit_days = 0;
    })
    .await;
    let Verdict::Whole { first: 1, end, .. } = verdict(&server).await else { panic!("it is not whole") };
    let day = 24 * 3600;
    server.clock.advance(3 * day);
    let trim = async |kwarg| server.raw("admin.trim_database", json!([]), kwarg).await.unwrap();
    assert_eq!(trim(json!({"jobs": 0})).await["audit"], json!(null));
    assert!(!of(&server, "startup").await.is_empty(), "jobs take no audit with them");
    let rows = trim(json!({"audit": 2, "test": true})).await["audit"].as_i64().unwrap();
    assert!(rows >= end.number && !of(&server, "startup").await.is_empty(), "{rows}");
    assert_eq!(trim(json!({"audit": 2})).await["audit"], json!(rows));
    assert!(of(&server, "startup").await.is_empty());
    assert_eq!(of(&server, "admin.trim_database").await.len(), 3, "who trimmed is written down");
    let Verdict::Whole { first, .. } = verdict(&server).await else { panic!("it is not whole") };
    assert_eq!(first, rows + 1);
    server.stop().await;
}
