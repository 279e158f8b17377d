//! What `/stream` tells whom, and when it ends: nobody hears of jobs and clusters that are not theirs to see.

use std::time::Duration;

use raas_api::{
    Permission, Scope,
    auth::{
        ChangePassword, ChangePasswordParams, DeleteToken, DeleteTokenParams, DeleteUser, DeleteUserParams,
        EndSession, EndSessionParams, GetAllUsers, GetAllUsersParams, SaveRole, SaveRoleParams, SaveToken,
        SaveTokenParams,
    },
    cmd::{RouteCmd, RouteTarget},
};
use raas_client::Client;
use raas_wire::ClusterKind::{Failover, Hot};

use super::{
    scopes::{MINIONS, limited, ping},
    sign_in::with_token,
    signed_in_as,
};
use crate::{
    commands::{hands::cluster, watch::send},
    support::{PATIENCE, Server, until},
};

/// An open stream, and what came of it.
struct Open {
    response: reqwest::Response,
    heard: String,
}

async fn open(server: &Server, client: &Client) -> Open {
    let token = client.token().await.unwrap();
    let request = server.http.get(format!("{}/stream", server.url));
    by(request.header("authorization", format!("Bearer {token}"))).await
}

async fn by(request: reqwest::RequestBuilder) -> Open {
    let response = request.send().await.unwrap();
    assert_eq!(response.status(), 200);
    let mut open = Open { response, heard: String::new() };
    open.hears("event: snapshot").await;
    open
}

impl Open {
    async fn hears(&mut self, wanted: &str) {
        let reading = async {
            while !self.heard.contains(wanted) {
                let chunk = self.response.chunk().await.unwrap();
                let chunk = chunk.unwrap_or_else(|| panic!("it ended without {wanted}: {}", self.heard));
                self.heard += std::str::from_utf8(&chunk).unwrap();
            }
        };
        let late = tokio::time::timeout(PATIENCE, reading).await.is_err();
        assert!(!late, "{wanted} never came: {}", self.heard);
    }

    /// Ends within a few seconds.
    async fn ends(mut self) {
        let reading = async { while self.response.chunk().await.unwrap().is_some() {} };
        tokio::time::timeout(Duration::from_secs(10), reading).await.expect("the stream goes on");
    }
}

#[tokio::test]
async fn a_limited_account_hears_of_its_own_jobs_and_clusters_only() {
    let server = Server::start().await;
    let _masters = cluster(&server, Failover, ["m1", "m2"], MINIONS).await;
    let webber = limited(&server, "webber", "web*", &[Permission::MasterRead]).await;
    let mut stream = open(&server, &webber).await;
    server.plugin("far").of("elsewhere", Hot).enroll().await.unwrap();
    let others = send(&server, "eu-web", "db*").await;
    let shared = send(&server, "eu-web", "web1").await;
    stream.hears(shared.as_str()).await;
    let own = webber.call::<RouteCmd>(&ping(RouteTarget::glob("web2"))).await.unwrap().ret;
    server.plugin("near").of("eu-web", Failover).enroll().await.unwrap();
    stream.hears(own.as_str()).await;
    stream.hears("\"masters\"").await;
    assert!(!stream.heard.contains(others.as_str()), "a job of others' minions: {}", stream.heard);
    assert!(!stream.heard.contains("elsewhere"), "a cluster of others: {}", stream.heard);

    let mut whole = open(&server, &server.root).await;
    server.plugin("far2").of("elsewhere", Hot).enroll().await.unwrap();
    whole.hears("elsewhere").await;
    server.stop().await;
}

#[tokio::test]
async fn nobody_hears_of_what_their_roles_cannot_read() {
    let server = Server::start().await;
    let _masters = cluster(&server, Failover, ["m1", "m2"], MINIONS).await;
    let role = SaveRoleParams {
        role_name: Some("Porter".to_owned()),
        perms: Some(vec![Permission::MasterRead]),
        ..SaveRoleParams::default()
    };
    server.call::<SaveRole>(&role).await;
    let porter = signed_in_as(&server, "Porter").await;
    let mut stream = open(&server, &porter).await;
    let jid = send(&server, "eu-web", "*").await;
    server.plugin("m3").of("eu-web", Failover).enroll().await.unwrap();
    stream.hears("eu-web").await;
    assert!(!stream.heard.contains(jid.as_str()), "who may not read commands: {}", stream.heard);
    server.stop().await;
}

#[tokio::test]
async fn a_limit_that_comes_later_holds_for_the_open_stream_too() {
    let server = Server::start().await;
    let _masters = cluster(&server, Failover, ["m1", "m2"], MINIONS).await;
    let webber = limited(&server, "webber", "*", &[]).await;
    let mut stream = open(&server, &webber).await;
    let first = send(&server, "eu-web", "db*").await;
    stream.hears(first.as_str()).await;
    let hearing = tokio::sync::Mutex::new(stream);
    let role = SaveRoleParams {
        role_name: Some("webber's role".to_owned()),
        scope: Some(Scope::from([("eu-web".to_owned(), RouteTarget::glob("web*"))])),
        ..SaveRoleParams::default()
    };
    server.call::<SaveRole>(&role).await;
    until("the open stream knows of the limit", async || {
        let later = send(&server, "eu-web", "db*").await;
        let theirs = send(&server, "eu-web", "web1").await;
        let mut stream = hearing.lock().await;
        stream.hears(theirs.as_str()).await;
        if stream.heard.contains(later.as_str()) { Err(later.to_string()) } else { Ok(()) }
    })
    .await;
    server.stop().await;
}

#[tokio::test]
async fn a_stream_ends_with_its_session_its_token_and_its_account() {
    let server = Server::start().await;
    let ann = signed_in_as(&server, "Administrator").await;
    let ticket = ann.raw(&call("auth.get_ws_ticket")).await.unwrap().ret;
    let url = format!("{}/stream?ticket={}", server.url, ticket.as_str().unwrap());
    let (own, by_ticket) = (open(&server, &ann).await, by(server.http.get(url)).await);
    ann.call::<EndSession>(&EndSessionParams::default()).await.unwrap();
    own.ends().await;
    by_ticket.ends().await;

    let ann = super::client(&server, "Administrator", crate::support::PASSWORD);
    let token = SaveTokenParams { name: "watcher".to_owned(), ..SaveTokenParams::default() };
    let token = ann.call::<SaveToken>(&token).await.unwrap().ret;
    let program = open(&server, &with_token(&server, token.token.expose())).await;
    ann.call::<DeleteToken>(&DeleteTokenParams { token_uuid: token.uuid }).await.unwrap();
    program.ends().await;

    let (deleted, expires) = (open(&server, &ann).await, open(&server, &server.root).await);
    let users = server.call::<GetAllUsers>(&GetAllUsersParams::default()).await.results;
    let ann = users.iter().find(|one| one.username == "Administrator").unwrap();
    let gone = DeleteUserParams { account_uuid: Some(ann.uuid), ..DeleteUserParams::default() };
    server.call::<DeleteUser>(&gone).await;
    deleted.ends().await;

    server.clock.advance(400 * 24 * 3600);
    expires.ends().await;
    server.stop().await;
}

#[tokio::test]
async fn a_stream_ends_when_the_password_it_was_opened_with_is_another_one() {
    let server = Server::start().await;
    let ann = signed_in_as(&server, "Administrator").await;
    let basic = server.http.get(format!("{}/stream", server.url));
    let with_password = by(basic.basic_auth("Administrator", Some(crate::support::PASSWORD))).await;
    let users = server.call::<GetAllUsers>(&GetAllUsersParams::default()).await.results;
    let account_uuid = users.iter().find(|one| one.username == "Administrator").unwrap().uuid;
    let change = ChangePasswordParams { account_uuid, password: "a quite different one".to_owned().into() };
    ann.call::<ChangePassword>(&change).await.unwrap();
    with_password.ends().await;
    server.stop().await;
}

fn call(name: &str) -> raas_api::Call {
    let (resource, method) = name.split_once('.').unwrap();
    raas_api::Call { resource: resource.to_owned(), method: method.to_owned(), ..raas_api::Call::default() }
}
