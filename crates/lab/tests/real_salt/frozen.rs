//! Frozen masters (SIGSTOP): seen as such, and whatever they wake up with is neither run twice nor too late.

use std::time::Instant;

use raas_api::cluster::ClusterMaster;
use raas_api::{Jid, OutcomeState, Presence};
use raas_lab::{Stage, wait};

use super::trace::Trace;
use super::{DB, MINIONS, PATIENCE, WEB};

/// Of eu-web only Salt freezes, of eu-db the plugin too. Jobs are sent before anybody can know it, and after.
pub(super) async fn a_frozen_master_is_shown_and_does_nothing_late_when_it_wakes(stage: &mut Stage) {
    let traces = [WEB, DB].map(|cluster| Trace::new(stage, &format!("frozen-{cluster}")));
    let runs = Trace::new(stage, "frozen-run");
    let frozen = Instant::now();
    stage.salt.cluster(WEB).unwrap().master(1).freeze_salt();
    stage.salt.cluster(DB).unwrap().master(1).freeze();
    let mut jobs = Vec::new();
    for (cluster, trace) in [WEB, DB].into_iter().zip(&traces) {
        jobs.push((cluster, trace.job(stage, cluster, "say early", 5).await));
    }
    let run = on_the_frozen_one(stage, &runs).await;

    let silent = lost(stage, WEB).await;
    eprintln!("         Salt frozen: shown after {:.1} s: {}", frozen.elapsed().as_secs_f64(), silent.reason);
    assert!(silent.reason.contains("does not answer"), "{silent:?}");
    let gone = lost(stage, DB).await;
    eprintln!("         all frozen: shown after {:.1} s: {}", frozen.elapsed().as_secs_f64(), gone.reason);
    assert!(gone.reason.contains("last called"), "{gone:?}");
    for (cluster, trace) in [WEB, DB].into_iter().zip(&traces) {
        jobs.push((cluster, trace.job(stage, cluster, "say later", 5).await));
    }
    let moved = stage.api.all_succeeded(&run, 1, PATIENCE).await.unwrap();
    assert_eq!(moved[0].minion_id, "eu-db-m2", "an unclaimed run moves");
    let mut before = Vec::new();
    for (cluster, jid) in &jobs {
        before.push(ends(stage, cluster, jid).await);
    }
    let ran = ["early", "later"].map(|word| [0, 1].map(|at: usize| traces[at].who(word)));
    eprintln!("         all ended after {:.1} s: {before:?}", frozen.elapsed().as_secs_f64());

    wake(stage).await;
    let now = ["early", "later"].map(|word| [0, 1].map(|at: usize| traces[at].who(word)));
    assert_eq!(now, ran, "nothing ran when it woke");
    for (trace, word) in [(0, "early"), (0, "later"), (1, "early"), (1, "later")] {
        traces[trace].assert_once(word);
    }
    for (_, jid) in &jobs {
        let outcomes = stage.api.outcomes(jid).await.unwrap();
        assert!(outcomes.iter().all(|one| one.state.is_final() && !one.ran_twice), "{outcomes:?}");
    }
    assert_eq!(runs.who("ran").len(), 1);
    runs.assert_once("ran");
}

/// Both masters go on, and what waited for them was looked at by the time that a job after it is answered.
async fn wake(stage: &mut Stage) {
    for cluster in [WEB, DB] {
        stage.salt.cluster(cluster).unwrap().master(1).thaw();
        stage.api.wait_present(cluster, 2, 3, PATIENCE).await.unwrap();
        let next = stage.api.run(cluster, "test.ping", &[]).await.unwrap();
        stage.api.all_succeeded(&next, MINIONS, PATIENCE).await.unwrap();
    }
}

/// A runner that goes to the frozen master, as nobody knows yet.
async fn on_the_frozen_one(stage: &Stage, trace: &Trace) -> Jid {
    let jid = trace.run(stage, DB, "say ran").await;
    let outcomes = stage.api.outcomes(&jid).await.unwrap();
    assert_eq!(outcomes[0].minion_id, "eu-db-m1", "it goes to the first of two equal masters: {outcomes:?}");
    jid
}

/// The first master of a cluster, once it is not present any more.
async fn lost(stage: &Stage, cluster: &str) -> ClusterMaster {
    wait::until(&format!("the first master of {cluster} to be lost"), PATIENCE, || async {
        let cluster = stage.api.cluster(cluster).await.map_err(|error| error.to_string())?;
        let first = cluster.masters.into_iter().next().unwrap();
        if first.status == Presence::Lost { Ok(first) } else { Err(format!("{first:?}")) }
    })
    .await
    .unwrap()
}

/// Every outcome ends; what ended without an answer says why.
async fn ends(stage: &Stage, cluster: &str, jid: &Jid) -> Vec<&'static str> {
    let outcomes = stage.api.ended(jid, MINIONS, 2 * PATIENCE).await.unwrap();
    let good =
        |one: &raas_api::cmd::CmdDetail| one.state == OutcomeState::Succeeded || !one.reason.is_empty();
    assert!(outcomes.iter().all(good), "{cluster}: {outcomes:?}");
    outcomes.iter().map(|one| one.state.as_str()).collect()
}
