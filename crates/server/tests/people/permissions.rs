//! Every method × every built-in role: who may call it. A method that is not in this table fails the story.

use std::collections::BTreeMap;

use raas_api::{BuiltInRole, Call, Permission};
use raas_client::{Client, ClientError};
use serde_json::{Map, json};

use super::signed_in_as;
use crate::support::Server;

/// Who may call it: U(ser), A(dministrator), S(uperuser), M(aster, the role "Salt Master").
const WHO: &[(&str, &str)] = &[
    ("admin.delete_dead_letters", ". . S ."),
    ("admin.get_dead_letters", ". . S ."),
    ("admin.replay_dead_letters", ". . S ."),
    ("admin.trim_database", ". . S ."),
    ("api.discover", "U A S M"),
    ("api.get_versions", "U A S M"),
    ("audit.get_audit", ". A S ."),
    ("audit.get_chain", ". A S ."),
    ("auth.change_password", "U A S M"), // one's own
    ("auth.delete_group", ". . S ."),
    ("auth.delete_role", ". . S ."),
    ("auth.delete_token", "U A S M"), // one's own
    ("auth.delete_user", ". . S ."),
    ("auth.end_session", "U A S M"), // one's own
    ("auth.get_all_groups", "U A S ."),
    ("auth.get_all_roles", "U A S ."),
    ("auth.get_all_users", "U A S ."),
    ("auth.get_auth_pubkey", "U A S M"),
    ("auth.get_group", "U A S ."),
    ("auth.get_jwt", "U A S M"),
    ("auth.get_role", "U A S ."),
    ("auth.get_sessions", "U A S M"), // one's own; others want metadata-auth-read
    ("auth.get_tokens", "U A S M"),   // one's own; others want metadata-auth-read
    ("auth.get_user", "U A S M"),     // one's own; others want metadata-auth-read
    ("auth.get_ws_ticket", "U A S M"),
    ("auth.save_group", ". . S ."),
    ("auth.save_role", ". . S ."),
    ("auth.save_token", "U A S M"), // for oneself
    ("auth.save_user", ". . S ."),
    ("auth.transfer_resources", ". . S ."),
    ("cluster.check_minions", ". A S ."),
    ("cluster.get_clusters", "U A S M"),
    ("cluster.get_minion_checks", "U A S M"),
    ("cmd.get_cmd_details", "U A S M"),
    ("cmd.get_cmd_status", "U A S M"),
    ("cmd.get_cmds", "U A S M"),
    ("cmd.get_highstate_minion_details", "U A S M"),
    ("cmd.get_highstate_minions", "U A S M"),
    ("cmd.get_highstate_state_details", "U A S M"),
    ("cmd.get_highstate_states", "U A S M"),
    ("cmd.get_highstate_stats", "U A S M"),
    ("cmd.get_outcome_timeline", "U A S M"),
    ("cmd.pause_job", ". A S ."),
    ("cmd.plan_cmd", "U A S ."),
    ("cmd.resume_job", ". A S ."),
    ("cmd.route_cmd", "U A S ."), // users: saved jobs only
    ("cmd.stop_job", ". A S ."),
    ("cmd.track_state", ". . S ."),
    ("job.delete_job", ". A S ."),
    ("job.get_job_access", "U A S ."),
    ("job.get_jobs", "U A S ."),
    ("job.save_job", ". A S ."),
    ("job.save_job_access", ". A S ."),
    ("kv.delete_key", "U A S M"), // one's own, as with the other keys
    ("kv.delete_system_key", ". . S ."),
    ("kv.get_key", "U A S M"),
    ("kv.list_keys", "U A S M"),
    ("kv.set_key", "U A S M"),
    ("kv.set_system_key", ". . S ."),
    ("master.delete_master", ". . S ."),
    ("master.get_master_deployments", "U A S M"),
    ("master.get_master_details", "U A S M"),
    ("master.get_master_grains", "U A S M"),
    ("master.get_master_keys", "U A S M"),
    ("master.get_master_presence", "U A S M"),
    ("master.get_plugin_status", "U A S M"),
    ("master.get_plugin_versions", "U A S M"),
    ("master.save_master", ". . S ."),
    ("master.save_master_key", ". . S ."),
    ("master.set_master_key_state", ". . S ."),
    ("master.set_plugin_status", ". . S ."),
    ("minions.delete_minion_cache", ". . S ."),
    ("minions.delete_minion_key_state", ". . S ."),
    ("minions.get_minion_cache", "U A S M"),
    ("minions.get_minion_deployments", "U A S M"),
    ("minions.get_minion_details", "U A S M"),
    ("minions.get_minion_grain_keys", "U A S M"),
    ("minions.get_minion_grain_values", "U A S M"),
    ("minions.get_minion_key_matrix", "U A S M"),
    ("minions.get_minion_key_state", "U A S M"),
    ("minions.get_minion_presence", "U A S M"),
    ("minions.save_minion_cache", ". . S ."),
    ("minions.save_minion_key_state", ". . S ."),
    ("minions.set_minion_key_state", ". A S ."),
    ("ret.get_fun", "U A S ."),
    ("ret.get_jid", "U A S ."),
    ("ret.get_jids", "U A S ."),
    ("ret.get_load", "U A S M"),
    ("ret.get_minions", "U A S M"),
    ("ret.get_returns", "U A S ."),
    ("schedule.futures", ". A S ."),
    ("schedule.get", ". A S ."),
    ("schedule.get_inflight", ". A S ."),
    ("schedule.get_schedule_access", ". A S ."),
    ("schedule.remove", ". A S ."),
    ("schedule.save", ". A S ."),
    ("schedule.save_schedule_access", ". A S ."),
    ("schedule.save_skip", ". A S ."),
    ("schedule.search_history", ". A S ."),
    ("schedule.update", ". A S ."),
    ("stats.db_health", ". A S ."),
    ("stats.get_queue_sizes", ". A S ."),
    ("stats.get_system_metric_sources", ". A S ."),
    ("stats.get_system_metrics", ". A S ."),
    ("stats.null", "U A S M"),
    ("test.echo", "U A S M"),
    ("test.error", "U A S M"),
    ("test.sleep", "U A S M"),
    ("test.warnings", "U A S M"),
    ("tgt.delete_target_group", ". A S ."),
    ("tgt.get_target_group", "U A S ."),
    ("tgt.get_target_group_access", "U A S ."),
    ("tgt.get_target_group_minions", "U A S ."),
    ("tgt.save_target_group", ". A S ."),
    ("tgt.save_target_group_access", ". A S ."),
];

const ROLES: [(BuiltInRole, &str); 4] = [
    (BuiltInRole::User, "U"),
    (BuiltInRole::Administrator, "A"),
    (BuiltInRole::Superuser, "S"),
    (BuiltInRole::SaltMaster, "M"),
];

/// Whether this caller is let in. No method has the parameter, so that nothing is done; being refused comes before it.
async fn let_in(client: &Client, resource: &str, method: &str) -> bool {
    let call = Call {
        resource: resource.to_owned(),
        method: method.to_owned(),
        kwarg: Some(Map::from_iter([("no_method_has_this".to_owned(), json!(1))])),
        ..Call::default()
    };
    match client.raw(&call).await {
        Err(ClientError::Method { error, .. }) if error.code == 403 => {
            assert!(error.message.contains("it needs"), "{}", error.message);
            assert!(error.detail["roles"].as_array().is_some_and(|roles| !roles.is_empty()), "{error:?}");
            false
        }
        Err(ClientError::Method { error, .. }) if error.message.contains("no_method_has_this") => true,
        other => panic!("{resource}.{method}: {other:?}"),
    }
}

#[tokio::test]
async fn every_method_is_open_to_the_roles_of_this_table_and_to_no_other() {
    let server = Server::start().await;
    let mut who: BTreeMap<String, Vec<&str>> =
        raas_server::rpc::table().values().map(|row| (row.name.to_owned(), Vec::new())).collect();
    for (role, letter) in ROLES {
        let client = signed_in_as(&server, role.as_str()).await;
        for row in raas_server::rpc::table().values() {
            let allowed = let_in(&client, row.entry.resource, row.entry.name).await;
            who.entry(row.name.to_owned()).or_default().push(if allowed { letter } else { "." });
        }
    }
    let told: BTreeMap<&str, &str> = WHO.iter().copied().collect();
    let mut wrong = Vec::new();
    for (method, letters) in &who {
        let letters = letters.join(" ");
        if told.get(method.as_str()) != Some(&letters.as_str()) {
            wrong.push(format!("    ({method:?}, {letters:?}),"));
        }
    }
    wrong.extend(
        told.keys().filter(|method| !who.contains_key(**method)).map(|method| format!("{method} is gone")),
    );
    assert!(wrong.is_empty(), "the server differs from the table; the server says:\n{}", wrong.join("\n"));
    server.stop().await;
}

#[test]
fn what_a_method_needs_is_known_and_somebody_but_superusers_may_only_look() {
    for row in raas_server::rpc::table().values() {
        let needs = row.entry.needs.permissions();
        // The database itself has no permission in the catalogue but this one.
        let whole = row.name.starts_with("admin.");
        assert!(
            whole || !needs.contains(&Permission::Superuser),
            "{}: a permission of its own is wanted",
            row.name
        );
        let user = BuiltInRole::User.permissions();
        if row.entry.acts && needs.iter().any(|need| user.contains(need)) {
            assert!(needs.contains(&Permission::JobRun), "{} lets every user act", row.name);
        }
    }
}

#[tokio::test]
async fn a_refusal_names_who_wanted_what_what_is_missing_and_who_has_it() {
    let server = Server::start().await;
    let viewer = signed_in_as(&server, "User").await;
    let call = Call {
        resource: "master".to_owned(),
        method: "delete_master".to_owned(),
        arg: Some(vec![json!("m1")]),
        ..Call::default()
    };
    let Err(ClientError::Method { error, .. }) = viewer.raw(&call).await else {
        panic!("a viewer forgot a master");
    };
    assert_eq!(
        error.message,
        "user \"User\" may not call master.delete_master: it needs the permission master-write, which the roles Superuser have"
    );
    assert_eq!(error.detail, json!({"permissions": ["master-write"], "roles": ["Superuser"]}));
    server.stop().await;
}
