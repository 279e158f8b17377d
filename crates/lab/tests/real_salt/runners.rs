//! Runners and wheels: on exactly one live master of a cluster, unless asked otherwise.

use raas_api::cmd::{GetCmds, GetCmdsParams, RouteCmd, RouteCmdArg, RouteCmdParams};
use raas_api::ret::{GetJid, GetJidParams};
use raas_api::{CommandKind, Disposition, OutcomeState};
use raas_lab::{Stage, wait};
use serde_json::json;

use super::{DB, MINIONS, PATIENCE, WEB};

/// Every master of a cluster could write the file: each run leaves a line.
pub(super) async fn a_runner_runs_once_per_cluster(stage: &mut Stage) {
    for cluster in [WEB, DB] {
        let trace = stage.salt.dir().join(format!("runs-of-runners-{cluster}"));
        std::fs::write(&trace, "").unwrap(); // file.append wants a file
        let arguments = [json!("file.append"), json!(trace), json!("it ran")];
        let jid = stage.api.run_runner(cluster, "salt.cmd", &arguments).await.unwrap();
        let outcomes = stage.api.all_succeeded(&jid, 1, PATIENCE).await.unwrap();
        assert!(outcomes[0].minion_id.starts_with(cluster), "its outcome is the master's own: {outcomes:?}");
        assert_eq!(std::fs::read_to_string(&trace).unwrap().lines().count(), 1, "{cluster}");
    }
}

pub(super) async fn a_runner_runs_on_every_master_when_asked_to(stage: &mut Stage) {
    let trace = stage.salt.dir().join("runs-of-runners-everywhere");
    std::fs::write(&trace, "").unwrap();
    let params = RouteCmdParams {
        cmd: Some(CommandKind::Runner),
        fun: Some("salt.cmd".to_owned()),
        arg: Some(RouteCmdArg {
            arg: Some(vec![json!("file.append"), json!(trace), json!("it ran")]),
            kwarg: None,
        }),
        masters: Some(vec![WEB.to_owned()]),
        disposition: Some(vec![Disposition::AllMasters, Disposition::AllInCluster]),
        ..Default::default()
    };
    let jid = stage.api.call::<RouteCmd>(&params).await.unwrap();
    stage.api.all_succeeded(&jid, 2, PATIENCE).await.unwrap();
    assert_eq!(std::fs::read_to_string(&trace).unwrap().lines().count(), 2);
}

pub(super) async fn a_wheel_answers(stage: &mut Stage) {
    let params = RouteCmdParams {
        cmd: Some(CommandKind::Wheel),
        fun: Some("config.values".to_owned()),
        masters: Some(vec!["eu-db-m2".to_owned()]),
        ..Default::default()
    };
    let jid = stage.api.call::<RouteCmd>(&params).await.unwrap();
    let outcomes = stage.api.all_succeeded(&jid, 1, PATIENCE).await.unwrap();
    assert_eq!(outcomes[0].minion_id, "eu-db-m2");
}

/// On one master of a failover cluster; the jobs that it publishes are of the history too.
pub(super) async fn an_orchestration_runs_once_and_its_jobs_are_in_the_history(stage: &mut Stage) {
    let trace = stage.salt.dir().join("orchestration");
    std::fs::write(&trace, "").unwrap();
    let kwarg = json!({"pillar": {"trace": trace}});
    let params = RouteCmdParams {
        cmd: Some(CommandKind::Runner),
        fun: Some("state.orchestrate".to_owned()),
        arg: Some(RouteCmdArg { arg: Some(vec![json!("orch")]), kwarg: kwarg.as_object().cloned() }),
        masters: Some(vec![WEB.to_owned()]),
        ..Default::default()
    };
    let jid = stage.api.call::<RouteCmd>(&params).await.unwrap();
    let outcomes = stage.api.ended(&jid, 1, PATIENCE).await.unwrap();
    let said = stage.api.call::<GetJid>(&GetJidParams { jid: jid.clone(), master_id: None }).await.unwrap();
    assert_eq!(outcomes[0].state, OutcomeState::Succeeded, "{said:?}");
    let lines = std::fs::read_to_string(&trace).unwrap();
    let count = |word: &str| lines.lines().filter(|line| *line == word).count();
    assert_eq!((count("minion"), count("master")), (MINIONS, 1), "{lines}");
    for fun in ["file.append", "state.sls"] {
        let jid = wait::until(&format!("the orchestration's {fun} in the history"), PATIENCE, || async {
            let params = GetCmdsParams {
                fun: Some(fun.to_owned()),
                cluster_id: Some(WEB.to_owned()),
                ..Default::default()
            };
            let found = stage.api.call::<GetCmds>(&params).await.map_err(|error| error.to_string())?.results;
            let newest = found.iter().max_by_key(|one| one.jid.to_string()).ok_or("none yet")?;
            if newest.jid > jid { Ok(newest.jid.clone()) } else { Err(format!("{newest:?}")) }
        })
        .await
        .unwrap();
        stage.api.all_succeeded(&jid, MINIONS, PATIENCE).await.unwrap();
    }
}
