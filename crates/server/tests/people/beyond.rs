//! Ways around a limit, each of them closed: giving oneself more, other methods, wheels, tokens.

use std::collections::BTreeMap;

use raas_api::{
    CommandKind, Permission, Scope,
    auth::{
        ChangePassword, ChangePasswordParams, GetUser, GetUserParams, SaveRole, SaveRoleParams, SaveToken,
        SaveTokenParams, SaveUser, SaveUserParams,
    },
    cmd::{PlanCmd, RouteCmd, RouteCmdParams, RouteTarget},
    minions::{
        GetMinionKeyMatrix, GetMinionKeyMatrixParams, GetMinionPresence, GetMinionPresenceParams,
        MinionKeyAction, SetMinionKeyState,
    },
};
use raas_client::{Client, ClientError};
use raas_wire::ClusterKind::Failover;
use serde_json::{Value, json};

use super::{
    client,
    scopes::{MINIONS, PASSWORD, limited, only, ping},
    sign_in::with_token,
};
use crate::{
    commands::{
        hands::cluster,
        watch::{ends, pass, send},
    },
    fleet::keys::act,
    support::Server,
};

/// A call by its names as somebody: its reply, or what it was refused with.
async fn raw(client: &Client, name: &str, kwarg: Value) -> Result<(Value, Vec<String>), (u16, String)> {
    let (resource, method) = name.split_once('.').unwrap();
    let call = raas_api::Call {
        resource: resource.to_owned(),
        method: method.to_owned(),
        kwarg: serde_json::from_value(kwarg).unwrap(),
        ..raas_api::Call::default()
    };
    match client.raw(&call).await {
        Ok(answer) => Ok((answer.ret, answer.warnings)),
        Err(ClientError::Method { error, .. }) => Err((error.code, error.message)),
        Err(error) => panic!("{name}: {error}"),
    }
}

async fn seen(client: &Client) -> Vec<String> {
    let page = client.call::<GetMinionPresence>(&GetMinionPresenceParams::default()).await.unwrap().ret;
    page.results.into_iter().map(|one| one.minion).collect()
}

/// Somebody who may manage accounts, but whose account is limited to the minions of this glob.
async fn clerk(server: &Server, glob: &str) -> (Client, uuid::Uuid) {
    let role = SaveRoleParams {
        role_name: Some("clerks".to_owned()),
        perms: Some(vec![
            Permission::MetadataAuthWrite,
            Permission::MetadataAuthRead,
            Permission::CmdRun,
            Permission::MinionRead,
        ]),
        ..SaveRoleParams::default()
    };
    server.call::<SaveRole>(&role).await;
    let user = SaveUserParams {
        username: Some("clerk".to_owned()),
        password: Some(PASSWORD.to_owned().into()),
        roles: Some(vec!["clerks".to_owned()]),
        scope: Some(only(glob)),
        ..SaveUserParams::default()
    };
    let uuid = server.call::<SaveUser>(&user).await;
    (client(server, "clerk", PASSWORD), uuid)
}

#[tokio::test]
async fn whoever_is_limited_cannot_give_themselves_or_others_more() {
    let server = Server::start().await;
    let _masters = cluster(&server, Failover, ["m1", "m2"], MINIONS).await;
    let (clerk, own) = clerk(&server, "web*").await;
    let bob = SaveUserParams {
        username: Some("bob".to_owned()),
        roles: Some(vec!["Administrator".to_owned()]),
        ..SaveUserParams::default()
    };
    let bob = server.call::<SaveUser>(&bob).await;
    for (name, kwarg, why) in [
        (
            "auth.save_user",
            json!({"account_uuid": own, "scope": {}}),
            "may not change the scope of their own",
        ),
        ("auth.save_user", json!({"account_uuid": own, "perms": ["cmd-run"]}), "for some minions only"),
        ("auth.save_role", json!({"role_name": "mine", "perms": ["cmd-run"]}), "for some minions only"),
        (
            "auth.save_role",
            json!({"role_name": "mine", "perms": ["minion-read"], "scope": {"*": {"tgt": "*"}}}),
            "some minions only",
        ),
        ("auth.save_role", json!({"role_name": "clerks", "perms": ["superuser"]}), "for some minions only"),
        ("auth.save_user", json!({"username": "eve", "roles": ["clerks"]}), "for some minions only"),
        ("auth.save_group", json!({"group_name": "eves", "roles": ["clerks"]}), "for some minions only"),
        ("auth.save_user", json!({"account_uuid": bob, "roles": []}), "may not change the account \"bob\""),
        (
            "auth.change_password",
            json!({"account_uuid": bob, "password": PASSWORD}),
            "may not change the account",
        ),
        ("auth.end_session", json!({"account_uuid": bob}), "may not change the account"),
        ("auth.delete_role", json!({"role_name": "clerks"}), "for some minions only"),
    ] {
        let (code, said) = raw(&clerk, name, kwarg.clone()).await.expect_err(&format!("{name} {kwarg}"));
        assert!(code == 403 && said.contains(why), "{name} {kwarg}: {code} {said}");
    }
    assert_eq!(seen(&clerk).await, ["web1", "web2"]);
    let change = ChangePasswordParams { account_uuid: own, password: "quite another one".to_owned().into() };
    clerk.call::<ChangePassword>(&change).await.expect("their own password is theirs to change");
    server.stop().await;
}

#[tokio::test]
async fn a_limit_on_somebody_who_may_do_everything_would_only_pretend_and_is_refused() {
    let server = Server::start().await;
    let scope = json!({"eu-web": {"tgt": "web*"}});
    for (name, kwarg) in [
        ("auth.save_user", json!({"username": "eve", "roles": ["Superuser"], "scope": scope})),
        ("auth.save_role", json!({"role_name": "eves", "perms": ["superuser"], "scope": scope})),
        ("auth.save_token", json!({"name": "t", "scope": scope})),
        ("auth.save_token", json!({"name": "t", "scope": scope, "perms": ["superuser"]})),
    ] {
        let refused = server.raw(name, json!([]), kwarg.clone()).await.unwrap_err();
        assert!(refused.code == 422 && refused.message.contains("superuser"), "{name} {kwarg}: {refused:?}");
    }
    let user = GetUserParams { username: Some("eve".to_owned()), ..GetUserParams::default() };
    assert_eq!(server.refused::<GetUser>(&user).await.code, 404, "nothing of it is left");
    let broken =
        json!({"username": "eve", "scope": {"eu-web": {"tgt": "web* and (", "tgt_type": "compound"}}});
    let refused = server.raw("auth.save_user", json!([]), broken).await.unwrap_err();
    assert!(refused.message.contains("scope.eu-web"), "{refused:?}");
    server.stop().await;
}

#[tokio::test]
async fn keys_of_others_are_neither_shown_nor_changed_not_by_a_wheel_either() {
    let server = Server::start().await;
    let [m1, m2] = cluster(&server, Failover, ["m1", "m2"], MINIONS).await;
    let keeper = limited(&server, "keeper", "web*", &[Permission::MinionKeyWrite]).await;
    for whom in [&[("eu-web", "db1")][..], &[("eu-web", "web1"), ("m1", "db1")]] {
        let refused = keeper.call::<SetMinionKeyState>(&act(MinionKeyAction::Delete, whom)).await;
        let refused = refused.unwrap_err().to_string();
        assert!(refused.contains("may not change keys of these minions: db1"), "{refused}");
    }
    for fun in ["key.delete", "key.reject", "key.gen_accept"] {
        let wheel = RouteCmdParams {
            cmd: Some(CommandKind::Wheel),
            fun: Some(fun.to_owned()),
            arg: serde_json::from_value(json!({"arg": ["db1"]})).unwrap(),
            masters: Some(vec!["eu-web".to_owned()]),
            ..RouteCmdParams::default()
        };
        let refused = keeper.call::<RouteCmd>(&wheel).await.unwrap_err().to_string();
        assert!(refused.contains("the account is limited to some minions"), "{fun}: {refused}");
    }
    assert!(m1.waiting().await.is_empty() && m2.waiting().await.is_empty(), "no master is troubled");
    let rows = keeper.call::<GetMinionKeyMatrix>(&GetMinionKeyMatrixParams::default()).await.unwrap().ret;
    let ids: Vec<&str> = rows.results.iter().map(|row| row.minion_id.as_str()).collect();
    assert_eq!((rows.count, ids), (2, vec!["web1", "web2"]));
    let own = keeper.call::<SetMinionKeyState>(&act(MinionKeyAction::Delete, &[("eu-web", "web1")])).await;
    assert!(own.unwrap().ret.results[0].done, "their own they may");
    server.stop().await;
}

#[tokio::test]
async fn a_plan_shows_no_more_than_the_job_would_reach() {
    let server = Server::start().await;
    let _masters = cluster(&server, Failover, ["m1", "m2"], MINIONS).await;
    let webber = limited(&server, "webber", "web*", &[]).await;
    let shown = webber.call::<PlanCmd>(&ping(RouteTarget::glob("*"))).await.unwrap();
    assert!(shown.warnings[0].contains("is left out, because user \"webber\" may not reach it"), "{shown:?}");
    let text = serde_json::to_string(&shown.ret).unwrap();
    assert!(text.contains("web1") && text.contains("web2") && !text.contains("db1"), "{text}");
    let refused = webber.call::<PlanCmd>(&ping(RouteTarget::glob("db*"))).await.unwrap_err().to_string();
    assert!(refused.contains("may not run \"test.ping\" on this target"), "{refused}");
    let nowhere = RouteCmdParams {
        tgt: Some(BTreeMap::from([("eu-wep".to_owned(), RouteTarget::glob("*"))])),
        ..ping(RouteTarget::glob("*"))
    };
    let refused = webber.call::<PlanCmd>(&nowhere).await.unwrap_err().to_string();
    assert!(refused.contains("no cluster called \"eu-wep\""), "a typing error stays one: {refused}");
    server.stop().await;
}

#[tokio::test]
async fn what_happened_to_others_is_not_told_by_any_method() {
    let server = Server::start().await;
    let [m1, m2] = cluster(&server, Failover, ["m1", "m2"], MINIONS).await;
    let webber = limited(&server, "webber", "web*", &[Permission::AuditRead, Permission::MasterRead]).await;
    let jid = send(&server, "eu-web", "db*").await;
    for master in [&m1, &m2] {
        master.publishes(&server, &["db1"]).await;
    }
    m1.returns(&jid, "db1", json!("a secret")).await;
    ends(&server, &jid, raas_api::CommandState::CompletedAllSuccessful).await;
    for (name, kwarg) in [
        ("cmd.get_outcome_timeline", json!({"jid": jid, "minion_id": "db1"})),
        ("ret.get_load", json!({"jid": jid, "master_id": "m1"})),
        ("cluster.check_minions", json!({"cluster_id": "eu-web"})),
        ("audit.get_chain", json!({})),
    ] {
        let (code, said) = raw(&webber, name, kwarg).await.expect_err(name);
        assert!([403, 404].contains(&code) && !said.contains("a secret"), "{name}: {code} {said}");
    }
    for (name, kwarg, nothing) in [
        ("cmd.get_cmd_status", json!({"jids": [jid]}), json!([])),
        ("cmd.get_cmd_details", json!({"jid": jid}), json!({"count": 0, "limit": 50, "results": []})),
        ("ret.get_jid", json!({"jid": jid}), json!({})),
    ] {
        assert_eq!(raw(&webber, name, kwarg).await.unwrap().0, nothing, "{name}");
    }
    let (checks, _) =
        raw(&webber, "cluster.get_minion_checks", json!({"cluster_id": "eu-web"})).await.unwrap();
    assert!(!checks.to_string().contains("db1"), "{checks}");
    let (rows, said) = raw(&webber, "audit.get_audit", json!({})).await.unwrap();
    assert!(said[0].contains("only your own rows"), "{said:?}");
    let names = rows["results"].as_array().unwrap().iter().map(|row| row["username"].as_str());
    assert!(
        rows["count"].as_i64() > Some(0) && names.into_iter().all(|name| name == Some("webber")),
        "{rows}"
    );
    server.stop().await;
}

#[tokio::test]
async fn a_token_with_a_scope_reaches_what_it_names_and_cannot_give_itself_more() {
    let server = Server::start().await;
    let _masters = cluster(&server, Failover, ["m1", "m2"], MINIONS).await;
    let token = async |name: &str, perms: &[Permission], scope: Option<Scope>| {
        let params =
            SaveTokenParams { name: name.to_owned(), perms: Some(perms.to_vec()), scope, days: None };
        with_token(&server, server.call::<SaveToken>(&params).await.token.expose())
    };
    let all = token("all", &[Permission::MinionRead], None).await;
    assert_eq!(seen(&all).await, ["db1", "web1", "web2"], "root's token with few permissions reaches all");
    let perms = [Permission::MinionRead, Permission::CmdRun, Permission::MetadataAuthWrite];
    let web = token("web", &perms, Some(only("web*"))).await;
    assert_eq!(seen(&web).await, ["web1", "web2"]);
    let answer = web.call::<RouteCmd>(&ping(RouteTarget::glob("*"))).await.unwrap();
    assert!(answer.warnings[0].contains("left out"), "{:?}", answer.warnings);
    for (name, kwarg) in [
        ("auth.save_user", json!({"username": "eve", "password": PASSWORD, "roles": ["Superuser"]})),
        ("auth.save_user", json!({"username": "eve", "password": PASSWORD, "perms": ["cmd-run"]})),
        ("auth.save_user", json!({"username": "root", "custom_data": {"a": 1}})),
        ("auth.save_role", json!({"role_name": "eves", "perms": ["minion-read"]})),
        ("auth.save_token", json!({"name": "more"})),
        ("auth.get_jwt", json!({})),
        ("master.set_master_key_state", json!({"state": "accept", "masters": []})),
    ] {
        let (code, said) = raw(&web, name, kwarg.clone()).await.expect_err(name);
        assert_eq!(code, 403, "{name} {kwarg}: {said}");
    }
    server.stop().await;
}

#[tokio::test]
async fn a_saved_job_reaches_what_its_runner_may_reach_and_a_saved_group_shows_no_more() {
    let server = Server::start().await;
    let [m1, m2] = cluster(&server, Failover, ["m1", "m2"], MINIONS).await;
    let save = async |name: &str, kwarg| server.raw(name, json!([]), kwarg).await.unwrap();
    let group = save("tgt.save_target_group", json!({"name": "all", "tgt": {"eu-web": {"tgt": "*"}}})).await;
    let job = save("job.save_job", json!({"name": "ping", "fun": "test.ping", "tgt_uuid": group})).await;
    let perms = [Permission::JobRun, Permission::JobRead, Permission::TargetRead];
    let runner = limited(&server, "runner", "web*", &perms).await;
    let read = json!({"runner's role": ["read"]});
    save("job.save_job_access", json!({"job_uuid": job, "access_payload": read})).await;
    save("tgt.save_target_group_access", json!({"tgt_uuid": group, "access_payload": read})).await;

    let (_, warnings) = raw(&runner, "cmd.route_cmd", json!({"job_uuid": job})).await.unwrap();
    assert!(warnings[0].contains("is left out, because user \"runner\" may not reach it"), "{warnings:?}");
    for master in [&m1, &m2] {
        let published = master.publishes(&server, &["web1", "web2"]).await;
        assert_eq!((published.tgt_type.as_str(), published.tgt.value()), ("list", json!(["web1", "web2"])));
    }
    for whom in [json!({"tgt_uuid": group}), json!({"tgt": {"*": {"tgt": "*"}}})] {
        let (shown, _) = raw(&runner, "tgt.get_target_group_minions", whom).await.unwrap();
        assert!(shown.to_string().contains("web1") && !shown.to_string().contains("db1"), "{shown}");
    }
    server.stop().await;
}

#[tokio::test]
async fn a_schedule_reaches_what_its_owner_may_reach_when_it_fires() {
    let server = Server::start().await;
    let [m1, m2] = cluster(&server, Failover, ["m1", "m2"], MINIONS).await;
    let planner =
        limited(&server, "planner", "web*", &[Permission::ScheduleWrite, Permission::ScheduleRead]).await;
    let runner = json!({"name": "up", "schedule": {"seconds": 60}, "cmd": "runner", "fun": "manage.up", "masters": ["*"]});
    let (code, said) =
        raw(&planner, "schedule.save", runner).await.expect_err("a runner acts on a whole master");
    assert!(code == 403 && said.contains("limited to some minions"), "{code} {said}");
    let ping = json!({"name": "ping", "schedule": {"seconds": 60}, "cmd": "local", "fun": "test.ping", "tgt": {"eu-web": {"tgt": "*"}}});
    raw(&planner, "schedule.save", ping).await.unwrap();
    pass(&server, 61, &[&m1, &m2]).await;
    for master in [&m1, &m2] {
        let published = master.publishes(&server, &["web1", "web2"]).await;
        assert_eq!((published.tgt_type.as_str(), published.tgt.value()), ("list", json!(["web1", "web2"])));
    }
    server.stop().await;
}
