//! Accounts, roles, tokens and the audit.

use crate::support::{Server, finish};

#[tokio::test(flavor = "multi_thread")]
async fn an_account_is_made_limited_used_and_deleted() {
    let server = Server::start().await;
    let password = server.file("password", "a long walk by the sea\n");
    let password = password.to_str().unwrap();
    let said =
        server.says(&["roles", "save", "webbers", "--perm", "minion-read", "--scope", "eu-web=web*"]).await;
    assert!(said.starts_with("Role webbers is saved ("), "{said}");
    let save = ["users", "save", "ann", "--role", "webbers", "--new-password-file", password];
    let saved = server.json(&save).await;
    assert!(saved["user"] == "ann" && saved["uuid"].is_string(), "{saved}");

    let table = server.says(&["users"]).await;
    assert!(table.starts_with("USER") || table.contains(" USER"), "{table}");
    assert!(table.lines().any(|line| line.contains("ann") && line.contains("webbers")), "{table}");
    let roles = server.says(&["roles", "list"]).await;
    assert!(roles.contains("eu-web=\"web*\" (glob)"), "{roles}");

    let mut as_ann = server.raas(&["users"]);
    as_ann.args(["--user", "ann", "--password-file", password]);
    let refused = finish(as_ann).await;
    assert_eq!(refused.code, 1);
    assert!(refused.err.contains("metadata-auth-read"), "what is missing is named: {}", refused.err);

    let sessions = server.json(&["users", "sessions", "--everybody"]).await;
    assert!(sessions.as_array().unwrap().iter().any(|one| one["username"] == "ann"), "{sessions}");
    let ended = server.json(&["users", "sign-out", "ann"]).await;
    assert!(ended["ended"].as_u64().unwrap() >= 1, "{ended}");
    assert_eq!(server.says(&["users", "delete", "ann"]).await, "Account ann is deleted.\n");
    assert!(server.refuses(&["users", "delete", "ann"]).await.contains("\"ann\""));
    assert_eq!(server.json(&["roles", "delete", "webbers"]).await["deleted"][0], "webbers");
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_is_told_with_what_is_right_and_exit_code_1() {
    let server = Server::start().await;
    for (arguments, told) in [
        (vec!["roles", "save", "x", "--perm", "fly"], "expected one of "),
        (vec!["tokens", "save", "x", "--perm", "fly"], "expected one of "),
        (vec!["users", "save", "ann", "--scope", "web*"], "no new password: use --new-password-file"),
        (vec!["roles", "save", "x", "--scope", "web*"], "expected CLUSTER=TARGET, as eu-web='web*'"),
        (vec!["tokens", "delete", "nothing"], "look at raas tokens"),
        (vec!["audit", "verify", "--since", "7"], "expected NUMBER:HASH"),
        (vec!["jobs", "stop", "20260102030405000678"], "20260102030405000678"),
        (vec!["jobs", "pause", "20260102030405000678"], "20260102030405000678"),
        (vec!["jobs", "resume", "7"], "20 digits"),
        (vec!["users", "sort"], "unrecognized subcommand"),
    ] {
        let said = server.refuses(&arguments).await;
        assert!(said.contains(told), "raas {arguments:?}: {said}");
    }
    let mut away = server.raas(&["users"]);
    away.env("RAAS_URL", "http://127.0.0.1:1");
    let away = finish(away).await;
    assert_eq!(away.code, 1);
    assert!(away.err.contains("cannot reach http://127.0.0.1:1"), "{}", away.err);
    let mut nobody = server.raas(&["users"]);
    nobody.env_remove("RAAS_PASSWORD");
    let nobody = finish(nobody).await;
    assert!(nobody.code == 1 && nobody.err.contains("run raas login"), "{}", nobody.err);
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_works_in_the_place_of_a_password_until_it_is_revoked() {
    let server = Server::start().await;
    let token = server.says(&["tokens", "save", "backup", "--perm", "audit-read", "--days", "1"]).await;
    let with_token = |arguments: &[&str]| {
        let mut command = server.raas(arguments);
        command.env_remove("RAAS_PASSWORD").env("RAAS_TOKEN", token.trim());
        command
    };
    let audit = finish(with_token(&["audit", "--output", "yaml"])).await;
    assert!(
        audit.code == 0 && audit.out.contains("event_name: auth.save_token"),
        "{} {}",
        audit.out,
        audit.err
    );
    assert!(!audit.out.contains(token.trim()), "the token is not in the audit");
    assert_eq!(finish(with_token(&["users"])).await.code, 1, "it holds one permission");
    let listed = server.json(&["tokens"]).await;
    assert_eq!(listed[0]["name"], "backup", "{listed}");
    assert_eq!(server.says(&["tokens", "delete", "backup"]).await, "Token backup is revoked.\n");
    let revoked = finish(with_token(&["audit"])).await;
    assert!(revoked.code == 1 && revoked.err.contains("was revoked"), "{}", revoked.err);
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_audit_is_listed_and_verified() {
    let server = Server::start().await;
    server.says(&["roles", "save", "empty", "--perm", "cmd-read"]).await;
    let table = server.says(&["audit", "list", "--name", "auth.save_role", "--limit", "-1"]).await;
    assert!(table.lines().any(|line| line.contains("root") && line.contains("auth.save_role")), "{table}");
    let verdict = server.json(&["audit", "verify"]).await;
    assert_eq!(verdict["whole"], true, "{verdict}");
    let end = verdict["end"].as_str().unwrap();
    let said = server.says(&["audit", "verify", "--since", end]).await;
    assert!(said.starts_with("The audit is whole: rows 1 to "), "{said}");
    server.stop().await;
}
