//! Accounts, groups and roles of one's own: made, changed, deleted; and nobody gets more than they may give.

use raas_api::{
    ErrorBody, Method, Permission,
    auth::{
        ChangePassword, ChangePasswordParams, DeleteRole, DeleteRoleParams, DeleteUser, DeleteUserParams,
        GetAllGroups, GetAllGroupsParams, GetAllRoles, GetAllRolesParams, GetAllUsers, GetAllUsersParams,
        GetRole, GetRoleParams, GetUser, GetUserParams, SaveGroup, SaveGroupParams, SaveRole, SaveRoleParams,
        SaveUser, SaveUserParams, SortOrder,
    },
    master::{GetMasterKeys, GetMasterKeysParams},
};
use raas_client::{Client, ClientError};
use serde_json::json;
use uuid::Uuid;

use super::{client, signed_in_as};
use crate::support::Server;

const PASSWORD: &str = "a long walk by the sea";

/// Calls as somebody; it must be refused.
async fn refused<M: Method>(client: &Client, params: &M::Params) -> ErrorBody {
    match client.call::<M>(params).await {
        Err(ClientError::Method { error, .. }) => *error,
        other => panic!("{}.{} was not refused: {:?}", M::RESOURCE, M::NAME, other.map(|_| "a reply")),
    }
}

fn role(name: &str, perms: &[Permission]) -> SaveRoleParams {
    SaveRoleParams {
        role_name: Some(name.to_owned()),
        perms: Some(perms.to_vec()),
        ..SaveRoleParams::default()
    }
}

fn user(name: &str, roles: &[&str]) -> SaveUserParams {
    SaveUserParams {
        username: Some(name.to_owned()),
        password: Some(PASSWORD.to_owned().into()),
        roles: Some(roles.iter().map(|role| (*role).to_owned()).collect()),
        ..SaveUserParams::default()
    }
}

async fn get_user(server: &Server, name: &str) -> raas_api::auth::User {
    server
        .call::<GetUser>(&GetUserParams { username: Some(name.to_owned()), ..GetUserParams::default() })
        .await
}

#[tokio::test]
async fn an_account_has_the_permissions_of_its_roles_and_of_its_groups_from_the_next_call_on() {
    let server = Server::start().await;
    let uuid = server.call::<SaveUser>(&user("ann", &[])).await;
    let ann = client(&server, "ann", PASSWORD);
    let keys = GetMasterKeysParams::default();
    let error = refused::<GetMasterKeys>(&ann, &keys).await;
    assert_eq!(error.code, 403);
    assert!(error.message.contains("needs the permission master-read"), "{}", error.message);

    server.call::<SaveRole>(&role("watch", &[Permission::MasterRead])).await;
    let group = SaveGroupParams {
        group_name: Some("night shift".to_owned()),
        roles: Some(vec!["watch".to_owned()]),
        ..SaveGroupParams::default()
    };
    server.call::<SaveGroup>(&group).await;
    let join = SaveUserParams {
        account_uuid: Some(uuid),
        groups: Some(vec!["night shift".to_owned()]),
        ..SaveUserParams::default()
    };
    assert_eq!(server.call::<SaveUser>(&join).await, uuid);
    ann.call::<GetMasterKeys>(&keys).await.unwrap();
    let shown = get_user(&server, "ann").await;
    assert_eq!((shown.roles, shown.groups), (vec!["watch".to_owned()], vec!["night shift".to_owned()]));
    assert_eq!(shown.perms, ["master-read"]);

    let role = DeleteRoleParams { role_name: Some("watch".to_owned()), role_uuid: None };
    assert!(server.call::<DeleteRole>(&role).await);
    assert_eq!(refused::<GetMasterKeys>(&ann, &keys).await.code, 403, "at once, with the same token");
    let gone = DeleteUserParams { username: Some("ann".to_owned()), ..DeleteUserParams::default() };
    assert!(server.call::<DeleteUser>(&gone).await);
    let refused = ann.call::<GetMasterKeys>(&keys).await.unwrap_err().to_string();
    assert!(refused.contains("user name or password is wrong"), "{refused}");
    server.stop().await;
}

#[tokio::test]
async fn lists_show_accounts_groups_and_roles_as_they_were_asked_for() {
    let server = Server::start().await;
    server.call::<SaveUser>(&SaveUserParams { roles: None, ..user("bob", &[]) }).await;
    let all = GetAllUsersParams {
        include_roles: true,
        include_perms: true,
        include_groups: true,
        include_deleted_user: true,
        ..GetAllUsersParams::default()
    };
    let page = server.call::<GetAllUsers>(&all).await;
    let names: Vec<&str> = page.results.iter().map(|one| one.username.as_str()).collect();
    assert_eq!((page.count, names), (3, vec!["bob", "deleted", "root"]));
    assert_eq!(page.results[0].roles, Some(vec!["User".to_owned()]), "a new account is a User");
    assert_eq!(page.results[2].perms, Some(vec!["superuser".to_owned()]));
    let second = GetAllUsersParams { limit: 1, page: Some(1), reverse: true, ..GetAllUsersParams::default() };
    let page = server.call::<GetAllUsers>(&second).await;
    assert_eq!((page.count, page.results[0].username.as_str()), (2, "bob"));
    assert_eq!(page.results[0].roles, None, "what was not asked for is left out");

    let nobody = GetAllGroupsParams { include_users: true, ..GetAllGroupsParams::default() };
    let groups = server.call::<GetAllGroups>(&nobody).await;
    assert_eq!((groups.count, &groups.results[0].name), (1, &None), "those who are in no group");
    assert_eq!(groups.results[0].users.as_ref().map(Vec::len), Some(2));

    let roles = server.call::<GetAllRoles>(&GetAllRolesParams { sort_order: Some(SortOrder::Desc) }).await;
    let names: Vec<&String> = roles.0.keys().collect();
    assert_eq!(names, ["User", "Superuser", "Salt Master", "Administrator"]);
    let superuser = GetRoleParams { role_name: Some("Superuser".to_owned()), role_uuid: None };
    let one = server.call::<GetRole>(&superuser).await;
    assert_eq!(one.0["Superuser"]["perms"], json!(["superuser"]));
    server.stop().await;
}

#[tokio::test]
async fn nobody_gives_more_than_they_have_or_changes_who_may_do_more() {
    let server = Server::start().await;
    let perms = [Permission::MetadataAuthRead, Permission::MetadataAuthWrite, Permission::CmdRead];
    server.call::<SaveRole>(&role("clerk", &perms)).await;
    let clerk = signed_in_as(&server, "clerk").await;
    clerk.call::<SaveUser>(&user("temp", &["clerk"])).await.unwrap();

    let said = |error: ErrorBody| {
        assert_eq!(error.code, 403, "{}", error.message);
        error.message
    };
    let message = said(refused::<SaveUser>(&clerk, &user("evil", &["Superuser"])).await);
    assert!(message.contains("may not give the role \"Superuser\": it holds superuser"), "{message}");
    said(refused::<SaveRole>(&clerk, &role("mine", &[Permission::CmdRun])).await);
    said(
        refused::<SaveUser>(
            &clerk,
            &SaveUserParams { perms: Some(vec![Permission::CmdRun]), ..user("evil", &[]) },
        )
        .await,
    );
    let root = get_user(&server, "root").await.uuid;
    let takeover = ChangePasswordParams { account_uuid: root, password: PASSWORD.to_owned().into() };
    let message = said(refused::<ChangePassword>(&clerk, &takeover).await);
    assert!(message.contains("may not change the account \"root\""), "{message}");
    said(
        refused::<SaveUser>(
            &clerk,
            &SaveUserParams { account_uuid: Some(root), roles: Some(vec![]), ..SaveUserParams::default() },
        )
        .await,
    );
    let own_role = SaveRoleParams {
        role_name: Some("clerk".to_owned()),
        perms: Some(vec![Permission::Superuser]),
        ..SaveRoleParams::default()
    };
    said(refused::<SaveRole>(&clerk, &own_role).await);
    server.stop().await;
}

#[tokio::test]
async fn somebody_who_may_do_everything_is_always_left() {
    let server = Server::start().await;
    let root = get_user(&server, "root").await.uuid;
    let demote =
        SaveUserParams { account_uuid: Some(root), roles: Some(vec![]), ..SaveUserParams::default() };
    let error = server.refused::<SaveUser>(&demote).await;
    assert_eq!(error.code, 409);
    assert!(
        error.message.contains("no account with a password and the permission superuser"),
        "{}",
        error.message
    );
    let gone = DeleteUserParams { account_uuid: Some(root), ..DeleteUserParams::default() };
    assert_eq!(server.refused::<DeleteUser>(&gone).await.code, 409);

    // Two at once: one of them finds nobody left, whichever is first.
    let second = server.call::<SaveUser>(&user("deputy", &["Superuser"])).await;
    let deputy = client(&server, "deputy", PASSWORD);
    let without = |uuid: Uuid| SaveUserParams {
        account_uuid: Some(uuid),
        roles: Some(vec![]),
        ..SaveUserParams::default()
    };
    deputy.token().await.unwrap();
    let (one, other) = (without(second), without(root));
    let (first, last) = tokio::join!(server.root.call::<SaveUser>(&one), deputy.call::<SaveUser>(&other));
    assert!(first.is_ok() != last.is_ok(), "{:?} {:?}", first.err(), last.err());
    server.stop().await;
}

#[tokio::test]
async fn a_password_must_not_be_easy_and_everybody_may_change_their_own() {
    let server = Server::start().await;
    for (password, said) in
        [("short", "10 to 1024 characters"), ("Password123!", "tries first"), ("christina1", "not the name")]
    {
        let params =
            SaveUserParams { password: Some(password.to_owned().into()), ..user("christina", &["User"]) };
        let error = server.refused::<SaveUser>(&params).await;
        assert_eq!(error.code, 422);
        assert!(error.message.contains(said) && !error.message.contains(password), "{}", error.message);
    }
    let uuid = server.call::<SaveUser>(&user("christina", &["User"])).await;
    let christina = client(&server, "christina", PASSWORD);
    let other = "another walk, by the river";
    let change = ChangePasswordParams { account_uuid: uuid, password: other.to_owned().into() };
    christina.call::<ChangePassword>(&change).await.unwrap();
    client(&server, "christina", other).token().await.unwrap();
    assert!(client(&server, "christina", PASSWORD).token().await.is_err());
    let again = SaveUserParams {
        account_uuid: Some(uuid),
        password: Some(other.to_owned().into()),
        ..SaveUserParams::default()
    };
    assert!(server.refused::<SaveUser>(&again).await.message.contains("use auth.change_password"));
    server.stop().await;
}

#[tokio::test]
async fn built_in_roles_stay_and_names_are_unique() {
    let server = Server::start().await;
    let error = server.refused::<SaveRole>(&role("User", &[Permission::CmdRun])).await;
    assert!(error.message.contains("built in"), "{}", error.message);
    let error = server
        .refused::<DeleteRole>(&DeleteRoleParams {
            role_name: Some("Administrator".to_owned()),
            role_uuid: None,
        })
        .await;
    assert!(error.message.contains("built in"), "{}", error.message);
    let uuid = server.call::<SaveRole>(&role("ops", &[Permission::CmdRun])).await;
    server.call::<SaveRole>(&role("net", &[])).await;
    let rename = |name: &str| SaveRoleParams {
        role_uuid: Some(uuid),
        role_name: Some(name.to_owned()),
        ..SaveRoleParams::default()
    };
    assert_eq!(server.refused::<SaveRole>(&rename("net")).await.code, 409);
    assert_eq!(server.call::<SaveRole>(&rename("operators")).await, uuid);
    let shown = server.call::<GetRole>(&GetRoleParams { role_uuid: Some(uuid), role_name: None }).await;
    assert_eq!(shown.0["operators"]["perms"], json!(["cmd-run"]), "what is left out stays");
    let error = server.raw("auth.save_role", json!(["x"]), json!({"perms": ["fly"]})).await.unwrap_err();
    assert!(error.code == 422 && error.message.contains("perms"), "{}", error.message);
    assert_eq!(server.raw("auth.get_role", json!([]), json!({})).await.unwrap_err().code, 422);
    assert_eq!(server.raw("auth.get_role", json!(["nobody"]), json!({})).await.unwrap_err().code, 404);
    server.stop().await;
}
