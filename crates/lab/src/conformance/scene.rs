//! What the calls are about: accounts, a job with returns, and the names of what is there. Fitting values by parameter.

use std::time::Duration;

use anyhow::{Context as _, Result};
use raas_client::ClientError;
use raas_lab::{Api, wait};
use serde_json::{Value, json};

use super::values::Known;

/// Newest runs of the saved job that are looked at: of older ones none is open.
const SEVERAL: u32 = 20;
/// For a job of the scene to end.
const END: Duration = Duration::from_secs(60);

/// Makes it, and says which values mean something there.
pub(super) async fn set(api: &Api) -> Result<Known> {
    let jid = job(api).await?;
    let role =
        api.raw("auth", "save_role", json!({"role_name": "scenery", "perms": ["cmd-read"]})).await?.ret;
    let user = json!({"username": "scenery", "password": "a-Long-Sentence-7!"});
    let user = api.raw("auth", "save_user", user).await?.ret;
    api.raw("auth", "save_group", json!({"group_name": "scenery"})).await?;
    let group = api.raw("auth", "get_group", json!({"group_name": "scenery"})).await?.ret["uuid"].clone();
    let target = json!({"fo": {"tgt": "*", "tgt_type": "glob"}});
    let saved_target = json!({"name": "scenery", "tgt": target});
    let saved_target = api.raw("tgt", "save_target_group", saved_target).await?.ret;
    let saved_job =
        json!({"name": "scenery", "cmd": "local", "fun": "state.apply", "tgt_uuid": saved_target});
    let saved_job = api.raw("job", "save_job", saved_job).await?.ret;
    let masters = api.raw("master", "get_master_details", json!({})).await?.ret;
    let schedule = json!({"name": "scenery", "schedule": {"hours": 1}, "job_uuid": saved_job});
    let schedule = api.raw("schedule", "save", schedule).await?.ret;
    let other = json!({"name": "another", "schedule": {"hours": 1}, "cmd": "local", "fun": "test.ping", "tgt": target});
    let other = api.raw("schedule", "save", other).await?.ret;
    let token = json!({"name": "scenery", "perms": ["cmd-read"]});
    let token = api.raw("auth", "save_token", token).await?.ret["uuid"].clone();
    let mut known: Known = serde_yaml::from_str(include_str!("scene.yaml")).context("scene.yaml")?;
    let made = [
        ("jid", json!(jid)),
        ("jids", json!([jid])),
        ("role_uuid", role),
        ("account_uuid", user.clone()),
        ("from_user_uuid", user.clone()),
        ("to_user_uuid", user),
        ("group_uuid", group),
        ("job_uuid", saved_job),
        ("tgt_uuid", saved_target.clone()),
        ("match_tgt_uuid", saved_target),
        ("uuid", schedule.clone()),
        ("sched_uuid", schedule.clone()),
        ("token_uuid", token),
        ("master_uuid", masters["results"][0]["master_uuid"].clone()),
    ];
    known.insert("schedule.update uuid".to_owned(), vec![schedule.clone(), other]);
    known.extend(made.into_iter().map(|(name, value)| (name.to_owned(), vec![value])));
    Ok(known)
}

/// A job that has ended, with returns.
async fn job(api: &Api) -> Result<String> {
    let target = json!({"fo": {"tgt": "*", "tgt_type": "glob"}});
    let sent = api.raw("cmd", "route_cmd", json!({"fun": "test.ping", "tgt": target})).await?;
    let jid = sent.ret.as_str().unwrap_or_default().to_owned();
    wait::until("the job to end", END, || async {
        let asked = json!({"jid": jid, "limit": 1});
        let found = api.raw("cmd", "get_cmds", asked).await.map_err(|error| error.to_string())?;
        let state = found.ret["results"][0]["state"].clone();
        if state.as_str().is_some_and(|state| state.starts_with("completed")) {
            Ok(())
        } else {
            Err(format!("it is {state}"))
        }
    })
    .await?;
    Ok(jid)
}

/// What a call is about, in each of the ways in which it can be said: parameters that belong together, though none alone is
/// required.
pub(super) fn subjects(method: &str) -> &'static [&'static [&'static str]] {
    match method {
        "auth.get_group" | "auth.save_group" | "auth.delete_group" => &[&["group_name"], &[]],
        "auth.get_role" | "auth.save_role" | "auth.delete_role" => &[&["role_name"], &[]],
        "auth.save_user" | "auth.delete_user" => &[&["username"], &[]],
        "cmd.route_cmd" | "cmd.plan_cmd" => &[&["fun", "tgt"], &["cmd", "fun", "masters"], &["fun"], &[]],
        "cmd.pause_job" | "cmd.resume_job" | "cmd.stop_job" => &[&["jid"], &[]],
        "job.save_job" => &[&["name", "fun"], &["name", "cmd", "fun"]],
        "master.delete_master" | "master.get_master_grains" | "master.save_master" => &[&["master_id"], &[]],
        "tgt.save_target_group" => &[&["name"]],
        "master.save_master_key" => &[&["cluster_id"]],
        "auth.save_token" => &[&["name", "perms"]],
        "schedule.save" => &[&["name", "schedule", "job_uuid"], &["name", "schedule", "cmd", "fun", "tgt"]],
        "schedule.update" | "schedule.remove" => &[&["uuid"]],
        _ => &[],
    }
}

/// Whether it is about a job that runs now.
pub(super) fn wants_a_running_job(method: &str) -> bool {
    matches!(method, "cmd.pause_job" | "cmd.resume_job" | "cmd.stop_job")
}

/// A job that has just been sent; `alone`: when those before it have ended.
pub(super) async fn running(api: &Api, known: &Known, alone: bool) -> Result<Value, ClientError> {
    let saved = known.get("job_uuid").and_then(|all| all.first()).cloned().unwrap_or_default();
    if alone {
        // When they do not, the call itself says so.
        let _ = wait::until("its runs to end", END, || all_ended(api, &saved)).await;
    }
    Ok(api.raw("cmd", "route_cmd", json!({"job_uuid": saved})).await?.ret)
}

async fn all_ended(api: &Api, saved: &Value) -> Result<(), String> {
    let newest = json!({"job_uuid": saved, "limit": SEVERAL});
    let page = api.raw("cmd", "get_cmds", newest).await.map_err(|error| error.to_string())?.ret;
    let states = page["results"].as_array().into_iter().flatten().filter_map(|one| one["state"].as_str());
    let open: Vec<&str> =
        states.filter(|state| !state.starts_with("completed_") && *state != "stopped").collect();
    if open.is_empty() { Ok(()) } else { Err(open.join(", ")) }
}

/// What it is called with may be gone afterwards.
pub(super) fn takes_away(name: &str) -> bool {
    let method = name.split_once('.').map_or(name, |(_, method)| method);
    let words = ["delete", "remove", "trim", "end_", "set_master_key", "set_minion_key"];
    words.iter().any(|word| method.starts_with(word))
}

/// When a method is called: what reads, what changes, what takes away.
pub(super) fn order(name: &str) -> u8 {
    match name.split_once('.') {
        _ if name == "master.delete_master" => 3,
        _ if takes_away(name) => 2,
        Some((_, method)) if method.starts_with("get") => 0,
        _ => 1,
    }
}

/// Whether broken calls may hit it: not where a call takes long, or takes away the account that calls.
pub(super) fn may_be_broken(name: &str) -> bool {
    !matches!(name, "test.sleep" | "auth.end_session" | "auth.change_password")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_takes_away_comes_last() {
        let mut names = ["auth.delete_role", "cmd.route_cmd", "cmd.get_cmds", "master.set_master_key_state"];
        names.sort_by_key(|name| order(name));
        assert_eq!(names[..2], ["cmd.get_cmds", "cmd.route_cmd"]);
        assert!(!may_be_broken("test.sleep"));
    }
}
