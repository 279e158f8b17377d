//! Masters that die, and what their cluster does then.

use std::time::Duration;

use raas_api::Presence;
use raas_lab::{Stage, wait};

use super::{DB, MINIONS, PATIENCE, WEB};

/// One minion of the hot-hot cluster is connected to one master only; whichever master a job goes to, it answers.
pub(super) async fn hot_hot_cluster_misses_nobody_whom_only_one_master_holds(stage: &mut Stage) {
    for holder in [1, 2] {
        let cluster = stage.salt.cluster(DB).unwrap();
        let address = cluster.master(holder).ip();
        let minion = cluster.minion(3);
        minion.stop();
        let extra = minion.dir().join("conf/minion.d/one-master.conf");
        std::fs::write(&extra, format!("master: {address}\n")).unwrap();
        minion.start().unwrap();
        cluster.one_ready(3).await.unwrap();
        for _ in 0..3 {
            let jid = stage.api.run(DB, "test.ping", &[]).await.unwrap();
            stage.api.all_succeeded(&jid, MINIONS, PATIENCE).await.unwrap();
        }
    }
    let cluster = stage.salt.cluster(DB).unwrap();
    cluster.minion(3).stop();
    std::fs::remove_file(cluster.minion(3).dir().join("conf/minion.d/one-master.conf")).unwrap();
    cluster.minion(3).start().unwrap();
    cluster.minions_ready().await.unwrap();
    stage.api.wait_present(DB, 2, 3, PATIENCE).await.unwrap();
}

pub(super) async fn hot_hot_cluster_answers_after_one_of_its_masters_is_killed(stage: &mut Stage) {
    stage.salt.cluster(DB).unwrap().master(1).kill_tree();
    let jid = stage.api.run(DB, "test.ping", &[]).await.unwrap();
    stage.api.all_succeeded(&jid, MINIONS, PATIENCE).await.unwrap();
    let db = stage.api.wait_present(DB, 1, 3, PATIENCE).await.unwrap();
    let lost = db.masters.iter().find(|master| master.status != Presence::Present).unwrap();
    assert_eq!(lost.master_id, "eu-db-m1");
    assert!(!lost.reason.is_empty(), "{lost:?}");
}

pub(super) async fn failover_cluster_answers_after_its_first_master_is_killed(stage: &mut Stage) {
    stage.salt.cluster(WEB).unwrap().master(1).kill_tree();
    wait::until("all minions of eu-web on eu-web-m2", PATIENCE, || async {
        let now = stage.api.whereabouts(WEB).await.map_err(|error| error.to_string())?;
        if now.values().all(|master| master == "eu-web-m2") { Ok(()) } else { Err(format!("{now:?}")) }
    })
    .await
    .unwrap();
    let jid = stage.api.run(WEB, "test.ping", &[]).await.unwrap();
    let outcomes = stage.api.all_succeeded(&jid, MINIONS, PATIENCE).await.unwrap();
    assert!(outcomes.iter().all(|one| one.master_id.as_deref() == Some("eu-web-m2")), "{outcomes:?}");
    stage.api.wait_present(WEB, 1, 3, PATIENCE).await.unwrap();
}

pub(super) async fn a_master_that_comes_back_is_present_without_a_new_acceptance(stage: &mut Stage) {
    for cluster in [WEB, DB] {
        let master = stage.salt.cluster(cluster).unwrap().master(1);
        master.start().unwrap();
        master.ready().await.unwrap();
        stage.api.wait_present(cluster, 2, 3, PATIENCE).await.unwrap();
        let jid = stage.api.run(cluster, "test.ping", &[]).await.unwrap();
        stage.api.all_succeeded(&jid, MINIONS, PATIENCE).await.unwrap();
    }
}

pub(super) async fn the_plugin_goes_when_only_the_main_process_of_its_master_was_killed(stage: &mut Stage) {
    let master = stage.salt.cluster(DB).unwrap().master(2);
    assert_eq!(master.processes_of("raas-plugin").len(), 1, "one plugin per master");
    master.kill_main_only().unwrap();
    wait::until_true("the plugin to go with its master", Duration::from_secs(30), || {
        master.processes_of("raas-plugin").is_empty()
    })
    .await
    .unwrap();
    master.kill_tree();
    master.start().unwrap();
    master.ready().await.unwrap();
    stage.api.wait_present(DB, 2, 3, PATIENCE).await.unwrap();
}

/// The server is killed while a job runs; the plugins keep the returns until it is back.
pub(super) async fn returns_of_the_time_without_a_server_arrive_afterwards(stage: &mut Stage) {
    let jid = stage.api.run(WEB, "test.sleep", &[serde_json::json!(4)]).await.unwrap();
    wait::until("the job to reach a master", PATIENCE, || async {
        let outcomes = stage.api.outcomes(&jid).await.map_err(|error| error.to_string())?;
        let taken = outcomes.len() == MINIONS && outcomes.iter().all(|one| one.state.as_str() != "queued");
        if taken { Ok(()) } else { Err(format!("{outcomes:?}")) }
    })
    .await
    .unwrap();
    stage.server.kill().unwrap();
    stage.server.start().await.unwrap();
    stage.api.all_succeeded(&jid, MINIONS, PATIENCE).await.unwrap();
}
