//! Limited accounts: they reach and see their own minions, and the reply says what was left out.

use std::collections::BTreeMap;

use raas_api::{
    CommandKind, CommandState, Permission, Scope,
    auth::{SaveRole, SaveRoleParams, SaveUser, SaveUserParams},
    cmd::{
        GetCmdDetails, GetCmdDetailsParams, GetCmds, GetCmdsParams, RouteCmd, RouteCmdParams, RouteTarget,
        TargetText,
    },
    minions::{GetMinionKeyState, GetMinionKeyStateParams, GetMinionPresence, GetMinionPresenceParams},
    ret::{GetReturns, GetReturnsParams},
};
use raas_client::{Client, ClientError};
use raas_wire::ClusterKind::Failover;
use serde_json::json;

use super::client;
use crate::{
    commands::{
        hands::cluster,
        watch::{ends, send},
    },
    support::Server,
};

pub(super) const PASSWORD: &str = "a long walk by the sea";
pub(super) const MINIONS: &[(&str, &[&str])] = &[("web1", &["m1"]), ("web2", &["m2"]), ("db1", &["m1"])];

pub(super) fn only(glob: &str) -> Scope {
    BTreeMap::from([("eu-web".to_owned(), RouteTarget::glob(glob))])
}

/// An account whose role reaches only the minions of this glob.
pub(crate) async fn limited(server: &Server, name: &str, glob: &str, more: &[Permission]) -> Client {
    let role = SaveRoleParams {
        role_name: Some(format!("{name}'s role")),
        perms: Some(
            [
                Permission::CmdRun,
                Permission::CmdRunMaster,
                Permission::CmdRead,
                Permission::MinionRead,
                Permission::ReturnerRead,
            ]
            .into_iter()
            .chain(more.iter().copied())
            .collect(),
        ),
        scope: Some(only(glob)),
        ..SaveRoleParams::default()
    };
    server.call::<SaveRole>(&role).await;
    let user = SaveUserParams {
        username: Some(name.to_owned()),
        password: Some(PASSWORD.to_owned().into()),
        roles: role.role_name.map(|role| vec![role]),
        ..SaveUserParams::default()
    };
    server.call::<SaveUser>(&user).await;
    client(server, name, PASSWORD)
}

pub(super) fn ping(target: RouteTarget) -> RouteCmdParams {
    RouteCmdParams {
        fun: Some("test.ping".to_owned()),
        tgt: Some(BTreeMap::from([("*".to_owned(), target)])),
        ..RouteCmdParams::default()
    }
}

fn list(ids: &[&str]) -> RouteTarget {
    let ids = ids.iter().map(|id| (*id).to_owned()).collect();
    RouteTarget { tgt: TargetText::List(ids), tgt_type: "list".to_owned() }
}

#[tokio::test]
async fn a_limited_account_reaches_its_own_minions_as_a_list_and_is_told_who_was_left_out() {
    let server = Server::start().await;
    let [m1, m2] = cluster(&server, Failover, ["m1", "m2"], MINIONS).await;
    let webber = limited(&server, "webber", "web*", &[]).await;
    let answer = webber.call::<RouteCmd>(&ping(RouteTarget::glob("*"))).await.unwrap();
    let [warning] = answer.warnings.as_slice() else { panic!("{:?}", answer.warnings) };
    assert!(
        warning.starts_with("1 minion of cluster \"eu-web\" that \"*\" (glob) matches is left out"),
        "{warning}"
    );
    assert!(!warning.contains("db1"), "whose name is not theirs to know: {warning}");
    for master in [&m1, &m2] {
        let published = master.publishes(&server, &["web1", "web2"]).await;
        assert_eq!((published.tgt_type.as_str(), published.tgt.value()), ("list", json!(["web1", "web2"])));
    }
    m1.returns(&answer.ret, "web1", json!(true)).await;
    m2.returns(&answer.ret, "web2", json!(true)).await;
    assert_eq!(ends(&server, &answer.ret, CommandState::CompletedAllSuccessful).await.expected, 2);

    let answer = webber.call::<RouteCmd>(&ping(list(&["web1", "db1"]))).await.unwrap();
    assert!(
        answer.warnings[0].ends_with("left out, because user \"webber\" may not reach it: db1"),
        "{:?}",
        answer.warnings
    );
    server.stop().await;
}

#[tokio::test]
async fn nobody_is_reached_beyond_the_limit_whatever_is_asked() {
    let server = Server::start().await;
    let [m1, m2] = cluster(&server, Failover, ["m1", "m2"], MINIONS).await;
    let webber = limited(&server, "webber", "web*", &[]).await;
    let pillar = RouteTarget { tgt: TargetText::Text("role:db".to_owned()), tgt_type: "pillar".to_owned() };
    for target in [RouteTarget::glob("db*"), list(&["db1"]), pillar] {
        let Err(ClientError::Method { error, .. }) = webber.call::<RouteCmd>(&ping(target)).await else {
            panic!("it went beyond its limit");
        };
        assert_eq!(error.code, 403, "{}", error.message);
        assert!(
            error.message.contains("user \"webber\" may not run \"test.ping\" on this target"),
            "{}",
            error.message
        );
    }
    let run = RouteCmdParams {
        cmd: Some(CommandKind::Runner),
        fun: Some("manage.up".to_owned()),
        masters: Some(vec!["eu-web".to_owned()]),
        ..RouteCmdParams::default()
    };
    let refused = webber.call::<RouteCmd>(&run).await.unwrap_err().to_string();
    assert!(refused.contains("the account is limited to some minions"), "{refused}");
    assert!(m1.waiting().await.is_empty() && m2.waiting().await.is_empty(), "no master is troubled");
    server.stop().await;
}

#[tokio::test]
async fn a_limited_account_sees_its_own_minions_their_keys_jobs_and_returns() {
    let server = Server::start().await;
    let [m1, m2] = cluster(&server, Failover, ["m1", "m2"], MINIONS).await;
    let webber = limited(&server, "webber", "web*", &[]).await;
    let jid = send(&server, "eu-web", "*").await;
    for master in [&m1, &m2] {
        master.publishes(&server, &["db1", "web1", "web2"]).await;
    }
    for (master, minion) in [(&m1, "web1"), (&m1, "db1"), (&m2, "web2")] {
        master.returns(&jid, minion, json!(true)).await;
    }
    let others = send(&server, "eu-web", "db*").await;
    m1.publishes(&server, &["db1"]).await;
    m2.publishes(&server, &["db1"]).await;
    m1.returns(&others, "db1", json!(true)).await;
    ends(&server, &others, CommandState::CompletedAllSuccessful).await;

    let minions = webber.call::<GetMinionPresence>(&GetMinionPresenceParams::default()).await.unwrap().ret;
    let names: Vec<&str> = minions.results.iter().map(|one| one.minion.as_str()).collect();
    assert_eq!((minions.count, names), (2, vec!["web1", "web2"]));
    let keys = webber.call::<GetMinionKeyState>(&GetMinionKeyStateParams::default()).await.unwrap().ret;
    assert!(keys.count > 0 && keys.results.iter().all(|key| key.minion_id.starts_with("web")), "{keys:?}");
    let returns = webber.call::<GetReturns>(&GetReturnsParams::default()).await.unwrap().ret;
    assert_eq!(returns.count, 2, "{returns:?}");
    assert!(returns.results.iter().all(|one| one.minion_id.starts_with("web")), "{returns:?}");
    let details =
        GetCmdDetailsParams { jid: jid.clone(), ..serde_json::from_value(json!({"jid": jid})).unwrap() };
    let details = webber.call::<GetCmdDetails>(&details).await.unwrap().ret;
    assert_eq!(details.count, 2, "{details:?}");
    let commands = webber.call::<GetCmds>(&GetCmdsParams::default()).await.unwrap().ret;
    let jids: Vec<String> = commands.results.iter().map(|one| one.jid.to_string()).collect();
    assert_eq!(jids, [jid.to_string()], "a job of others' minions only is not theirs to see");
    for method in ["ret.get_minions", "minions.get_minion_cache", "ret.get_jid"] {
        let arg = if method == "ret.get_jid" { json!([others]) } else { json!([]) };
        let call = raas_api::Call {
            resource: method.split('.').next().unwrap().to_owned(),
            method: method.split('.').next_back().unwrap().to_owned(),
            arg: serde_json::from_value(arg).unwrap(),
            ..raas_api::Call::default()
        };
        let shown = webber.raw(&call).await.unwrap().ret.to_string();
        assert!(!shown.contains("db1"), "{method}: {shown}");
    }
    server.stop().await;
}

#[tokio::test]
async fn an_account_never_gets_beyond_its_own_limit_whatever_its_roles_reach() {
    let server = Server::start().await;
    let _masters = cluster(&server, Failover, ["m1", "m2"], MINIONS).await;
    let user = SaveUserParams {
        username: Some("eve".to_owned()),
        password: Some(PASSWORD.to_owned().into()),
        roles: Some(vec!["Administrator".to_owned()]),
        scope: Some(only("db*")),
        ..SaveUserParams::default()
    };
    let account_uuid = server.call::<SaveUser>(&user).await;
    let eve = client(&server, "eve", PASSWORD);
    let shown = async || {
        let page = eve.call::<GetMinionPresence>(&GetMinionPresenceParams::default()).await.unwrap().ret;
        page.results.into_iter().map(|one| one.minion).collect::<Vec<_>>()
    };
    assert_eq!(shown().await, ["db1"]);
    let free = SaveUserParams {
        account_uuid: Some(account_uuid),
        scope: Some(Scope::new()),
        ..SaveUserParams::default()
    };
    server.call::<SaveUser>(&free).await;
    assert_eq!(shown().await, ["db1", "web1", "web2"]);
    server.stop().await;
}
