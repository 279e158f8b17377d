//! Jobs and their answers: one outcome per (jid, minion), whatever number of masters saw it.

use std::collections::BTreeMap;
use std::time::Duration;

use raas_api::cmd::{GetCmdDetails, GetCmdDetailsParams, RouteCmd, RouteCmdParams, RouteTarget, TargetText};
use raas_api::ret::{GetJid, GetJidParams};
use raas_api::{CommandKind, Jid, OutcomeState};
use raas_lab::Stage;
use serde_json::{Value, json};

use super::{DB, MINIONS, PATIENCE, WEB, ids};

pub(super) async fn a_job_gets_one_answer_per_minion(stage: &mut Stage) {
    for cluster in [WEB, DB] {
        let jid = stage.api.run(cluster, "test.ping", &[]).await.unwrap();
        let outcomes = stage.api.all_succeeded(&jid, MINIONS, PATIENCE).await.unwrap();
        assert_eq!(ids(&outcomes), [1, 2, 3].map(|n| format!("{cluster}-{n}")));
        assert!(outcomes.iter().all(|one| !one.ran_twice && !one.late && !one.unexpected), "{outcomes:?}");
        let params = GetJidParams { jid, master_id: None };
        let returns = stage.api.call::<GetJid>(&params).await.unwrap();
        assert_eq!(returns.len(), MINIONS);
        assert!(returns.values().all(|value| *value == json!(true)), "{returns:?}");
    }
}

pub(super) async fn a_state_run_is_stored_whole(stage: &mut Stage) {
    let jid = stage.api.run(WEB, "state.apply", &[json!("ok")]).await.unwrap();
    stage.api.all_succeeded(&jid, MINIONS, PATIENCE).await.unwrap();
    let states = whole_return(stage, &jid, "eu-web-1").await;
    let file =
        states.as_object().unwrap().iter().find(|(name, _)| name.starts_with("file_|-ok_file")).unwrap().1;
    assert_eq!(file["result"], json!(true), "{states}");
    for minion in stage.salt.cluster(WEB).unwrap().minions() {
        let path = minion.dir().join(format!("ok-{}", minion.id()));
        assert!(path.exists(), "{} was not written", path.display());
    }
}

async fn whole_return(stage: &Stage, jid: &Jid, minion: &str) -> Value {
    let params: GetCmdDetailsParams =
        serde_json::from_value(json!({"jid": jid, "minion_id_exact": minion})).unwrap();
    let page = stage.api.call::<GetCmdDetails>(&params).await.unwrap();
    assert_eq!(page.results.len(), 1, "{:?}", page.results);
    page.results.into_iter().next().unwrap().ret.unwrap()
}

/// Both masters of the hot-hot cluster reach every minion; a second execution would leave a second line.
pub(super) async fn a_job_runs_once_on_each_minion(stage: &mut Stage) {
    for cluster in [WEB, DB] {
        let trace = stage.salt.dir().join(format!("runs-of-minions-{cluster}"));
        std::fs::write(&trace, "").unwrap(); // file.append wants a file
        let jid = stage.api.run(cluster, "file.append", &[json!(trace), json!("it ran")]).await.unwrap();
        stage.api.all_succeeded(&jid, MINIONS, PATIENCE).await.unwrap();
        // A second run of it would have begun before this job.
        let ping = stage.api.run(cluster, "test.ping", &[]).await.unwrap();
        stage.api.all_succeeded(&ping, MINIONS, PATIENCE).await.unwrap();
        assert_eq!(std::fs::read_to_string(&trace).unwrap().lines().count(), MINIONS, "{cluster}");
    }
}

pub(super) async fn grain_list_and_compound_targets_reach_whom_they_name(stage: &mut Stage) {
    let list = TargetText::List(vec!["eu-web-1".to_owned(), "eu-web-3".to_owned()]);
    for (tgt, tgt_type, expected) in [
        (TargetText::Text("number:2".to_owned()), "grain", &["eu-web-2"][..]),
        (list, "list", &["eu-web-1", "eu-web-3"]),
        (TargetText::Text("G@number:1 or L@eu-web-2".to_owned()), "compound", &["eu-web-1", "eu-web-2"]),
        (TargetText::Text("*-3".to_owned()), "glob", &["eu-web-3"]),
    ] {
        let target = RouteTarget { tgt, tgt_type: tgt_type.to_owned() };
        let jid = ping(stage, target, None).await;
        let outcomes = stage.api.all_succeeded(&jid, expected.len(), PATIENCE).await.unwrap();
        assert_eq!(ids(&outcomes), expected, "{tgt_type}");
    }
}

async fn ping(stage: &Stage, target: RouteTarget, timeout: Option<u32>) -> Jid {
    let params = RouteCmdParams {
        cmd: Some(CommandKind::Local),
        fun: Some("test.ping".to_owned()),
        tgt: Some(BTreeMap::from([(WEB.to_owned(), target)])),
        timeout,
        ..Default::default()
    };
    stage.api.call::<RouteCmd>(&params).await.unwrap()
}

pub(super) async fn a_failing_state_is_failed_not_lost(stage: &mut Stage) {
    let jid = stage.api.run(DB, "state.apply", &[json!("bad")]).await.unwrap();
    let outcomes = stage.api.ended(&jid, MINIONS, PATIENCE).await.unwrap();
    assert!(
        outcomes.iter().all(|one| one.state == OutcomeState::Failed && one.retcode == Some(2)),
        "{outcomes:?}"
    );
}

pub(super) async fn an_unknown_function_fails_in_salts_own_words(stage: &mut Stage) {
    let jid = stage.api.run(WEB, "nothing.like_this", &[]).await.unwrap();
    let outcomes = stage.api.ended(&jid, MINIONS, PATIENCE).await.unwrap();
    assert!(outcomes.iter().all(|one| one.state == OutcomeState::Failed), "{outcomes:?}");
    let words = whole_return(stage, &jid, "eu-web-1").await;
    assert!(words.as_str().unwrap_or_default().contains("is not available"), "{words}");
}

pub(super) async fn a_target_that_matches_nothing_ends_at_once(stage: &mut Stage) {
    let target = json!({WEB: {"tgt": "nobody*", "tgt_type": "glob"}});
    let call = json!({"cmd": "local", "fun": "test.ping", "tgt": target});
    let said = match stage.api.raw("cmd", "route_cmd", call).await {
        Ok(answer) => answer.warnings.join(" "),
        Err(error) => error.to_string(),
    };
    assert!(said.contains("nobody*"), "the reply names the target that matched nothing: {said:?}");
}

pub(super) async fn a_minion_that_never_answers_ends_as_no_answer(stage: &mut Stage) {
    stage.salt.cluster(WEB).unwrap().minion(2).freeze();
    let jid = ping(stage, RouteTarget::glob("*"), Some(3)).await;
    let outcomes = stage.api.ended(&jid, MINIONS, Duration::from_mins(3)).await.unwrap();
    let silent: Vec<&str> = outcomes
        .iter()
        .filter(|one| one.state == OutcomeState::NoAnswer)
        .map(|one| one.minion_id.as_str())
        .collect();
    assert_eq!(silent, ["eu-web-2"], "{outcomes:?}");
    assert!(
        outcomes.iter().all(|one| !one.reason.is_empty() || one.state == OutcomeState::Succeeded),
        "{outcomes:?}"
    );

    stage.salt.cluster(WEB).unwrap().minion(2).thaw();
    let outcomes = stage.api.all_succeeded_late(&jid, MINIONS, PATIENCE).await.unwrap();
    let late: Vec<&str> = outcomes.iter().filter(|one| one.late).map(|one| one.minion_id.as_str()).collect();
    assert_eq!(late, ["eu-web-2"], "a late return upgrades the outcome and is marked");
    stage.api.wait_present(WEB, 2, 3, PATIENCE).await.unwrap();
}
