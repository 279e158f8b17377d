//! Signing in: sessions that are listed and ended, tokens of programs, and who guesses locks out nobody but themselves.

use std::net::IpAddr;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use raas_api::{
    Permission,
    auth::{
        ChangePassword, ChangePasswordParams, DeleteToken, DeleteTokenParams, EndSession, EndSessionParams,
        GetJwt, GetSessions, GetSessionsParams, GetTokens, GetTokensParams, GetUser, GetUserParams,
        SaveToken, SaveTokenParams, SignedIn,
    },
    master::{DeleteMaster, DeleteMasterParams, GetMasterKeys, GetMasterKeysParams},
};
use raas_client::{Client, ClientError, Credentials, Options};
use serde_json::json;

use super::{client, signed_in_as};
use crate::support::{PASSWORD, Server};

pub(super) fn with_token(server: &Server, token: &str) -> Client {
    Client::new(Options::new(&server.url, Credentials::Token(token.to_owned()))).unwrap()
}

async fn own_sessions(client: &Client) -> Vec<SignedIn> {
    client.call::<GetSessions>(&GetSessionsParams::default()).await.unwrap().ret
}

async fn may_look(client: &Client) -> Result<(), String> {
    let looked = client.call::<GetMasterKeys>(&GetMasterKeysParams::default()).await;
    looked.map(drop).map_err(|error| error.to_string())
}

/// The status of a call with this name and password, from this address.
async fn from(server: &Server, address: &str, user: &str, password: &str) -> u16 {
    let address: IpAddr = address.parse().unwrap();
    let http = reqwest::Client::builder().local_address(address).build().unwrap();
    let call = json!({"resource": "test", "method": "echo", "kwarg": {"message": "hello"}});
    let basic = format!("Basic {}", STANDARD.encode(format!("{user}:{password}")));
    let request = http.post(format!("{}/rpc", server.url)).header("authorization", basic).json(&call);
    request.send().await.unwrap().status().as_u16()
}

#[tokio::test]
async fn sessions_are_listed_and_an_ended_one_is_worth_nothing() {
    let server = Server::start().await;
    let (laptop, desk) =
        (signed_in_as(&server, "Administrator").await, client(&server, "Administrator", PASSWORD));
    let token = laptop.token().await.unwrap();
    desk.token().await.unwrap();
    let sessions = own_sessions(&desk).await;
    assert_eq!((sessions.len(), sessions.iter().filter(|one| one.current).count()), (2, 1));
    assert_eq!(sessions[0].address.as_deref(), Some("127.0.0.1"));
    let other = sessions.iter().find(|one| !one.current).unwrap().uuid;
    let end = EndSessionParams { session_uuid: Some(other), account_uuid: None };
    assert_eq!(desk.call::<EndSession>(&end).await.unwrap().ret, 1);
    let refused = may_look(&with_token(&server, &token)).await.unwrap_err();
    assert!(refused.contains("the session of this token has ended: sign in again"), "{refused}");
    assert_eq!(own_sessions(&desk).await.len(), 1);

    let roots = server.call::<GetSessions>(&GetSessionsParams::default()).await;
    let end = EndSessionParams { session_uuid: Some(roots[0].uuid), account_uuid: None };
    let Err(ClientError::Method { error, .. }) = desk.call::<EndSession>(&end).await else {
        panic!("root was signed out")
    };
    assert!(error.code == 403 && error.message.contains("metadata-auth-write"), "{}", error.message);
    let everybody = GetSessionsParams { everybody: true, ..GetSessionsParams::default() };
    assert_eq!(server.call::<GetSessions>(&everybody).await.len(), 2);
    desk.call::<EndSession>(&EndSessionParams::default()).await.unwrap();
    let left = server.call::<GetSessions>(&everybody).await;
    assert!(left.iter().all(|one| one.username == "root"), "whoever signs out is signed out: {left:?}");
    server.stop().await;
}

#[tokio::test]
async fn a_new_password_ends_the_other_sessions() {
    let server = Server::start().await;
    let first = signed_in_as(&server, "User").await;
    let token = first.token().await.unwrap();
    let second = client(&server, "User", PASSWORD);
    let account_uuid = second.call::<GetUser>(&GetUserParams::default()).await.unwrap().ret.uuid;
    let change = ChangePasswordParams { account_uuid, password: "a quite different one".to_owned().into() };
    second.call::<ChangePassword>(&change).await.unwrap();
    may_look(&second).await.unwrap();
    assert!(may_look(&with_token(&server, &token)).await.unwrap_err().contains("has ended"));
    server.stop().await;
}

#[tokio::test]
async fn a_token_of_a_program_may_do_what_it_was_given_until_it_ends_or_is_revoked() {
    let server = Server::start().await;
    let params = SaveTokenParams {
        name: "dashboard".to_owned(),
        perms: Some(vec![Permission::MasterRead]),
        days: Some(1),
        scope: None,
    };
    let made = server.call::<SaveToken>(&params).await;
    let text = made.token.expose().to_owned();
    assert!(text.starts_with("raas_") && !format!("{made:?}").contains(&text), "{made:?}");
    let program = with_token(&server, &text);
    may_look(&program).await.unwrap();
    let bearer =
        server.http.post(format!("{}/rpc", server.url)).header("authorization", format!("Bearer {text}"));
    let call = json!({"resource": "test", "method": "echo", "kwarg": {"message": "hello"}});
    assert_eq!(bearer.json(&call).send().await.unwrap().status(), 200);
    let forget = DeleteMasterParams { master_id: Some("m1".to_owned()), master_uuid: None };
    let Err(ClientError::Method { error, .. }) = program.call::<DeleteMaster>(&forget).await else {
        panic!("root's token did what it was not given");
    };
    assert_eq!(error.code, 403, "{}", error.message);

    let listed = server.call::<GetTokens>(&GetTokensParams::default()).await;
    let [shown] = listed.as_slice() else { panic!("{listed:?}") };
    assert_eq!((shown.name.as_str(), shown.expired, shown.last_used.is_some()), ("dashboard", false, true));
    assert!(!serde_json::to_string(&listed).unwrap().contains(&text[5..]), "nobody sees it again");
    server.clock.advance(24 * 3600 + 1);
    assert!(may_look(&program).await.unwrap_err().contains("the token has expired"));

    let made = server.call::<SaveToken>(&SaveTokenParams { name: "other".to_owned(), ..params }).await;
    let program = with_token(&server, made.token.expose());
    may_look(&program).await.unwrap();
    server.call::<DeleteToken>(&DeleteTokenParams { token_uuid: made.uuid }).await;
    assert!(may_look(&program).await.unwrap_err().contains("is not known, or was revoked"));
    server.stop().await;
}

#[tokio::test]
async fn a_token_cannot_become_more_than_it_is() {
    let server = Server::start().await;
    let params = SaveTokenParams { name: "all".to_owned(), ..SaveTokenParams::default() };
    let made = server.call::<SaveToken>(&params).await;
    let program = with_token(&server, made.token.expose());
    may_look(&program).await.unwrap();
    let account_uuid = program.call::<GetUser>(&GetUserParams::default()).await.unwrap().ret.uuid;
    let change = ChangePasswordParams { account_uuid, password: "a quite different one".to_owned().into() };
    for refused in [
        program.call::<SaveToken>(&SaveTokenParams { name: "more".to_owned(), ..params }).await.map(drop),
        program.call::<GetJwt>(&raas_api::NoParams {}).await.map(drop),
        program.call::<ChangePassword>(&change).await.map(drop),
    ] {
        let refused = refused.unwrap_err().to_string();
        assert!(
            refused.contains("a token may not") && refused.contains("sign in with the password"),
            "{refused}"
        );
    }
    let user = signed_in_as(&server, "User").await;
    let greedy = SaveTokenParams {
        name: "x".to_owned(),
        perms: Some(vec![Permission::CmdRun]),
        ..SaveTokenParams::default()
    };
    let refused = user.call::<SaveToken>(&greedy).await.unwrap_err().to_string();
    assert!(refused.contains("may not give these permissions: it holds cmd-run"), "{refused}");
    server.stop().await;
}

#[tokio::test]
async fn who_guesses_locks_nobody_out_at_another_address() {
    let server = Server::configured(|config| config.auth.attempts = 3).await;
    for _ in 0..3 {
        assert_eq!(from(&server, "127.0.0.2", "root", "guess").await, 401);
    }
    assert_eq!(from(&server, "127.0.0.2", "root", PASSWORD).await, 429, "the right password, too");
    assert_eq!(from(&server, "127.0.0.3", "root", PASSWORD).await, 200, "but root gets in from elsewhere");
    let second = Server::on(server.db.clone(), server.clock.clone(), |config| config.auth.attempts = 3).await;
    assert_eq!(from(&second, "127.0.0.2", "root", PASSWORD).await, 429, "at every server of the database");

    // Many names from one address: it is locked out whatever the name.
    for n in 0..15 {
        assert_eq!(from(&server, "127.0.0.4", &format!("name{n}"), "guess").await, 401);
    }
    assert_eq!(from(&server, "127.0.0.4", "root", PASSWORD).await, 429);
    server.clock.advance(31);
    assert_eq!(from(&server, "127.0.0.4", "root", PASSWORD).await, 200);
    second.stop().await;
    server.stop().await;
}
