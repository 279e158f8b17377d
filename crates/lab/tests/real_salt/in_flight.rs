//! Masters that die and minions that move while a job is under way: each outcome ends with the truth, and nothing runs twice.

use raas_api::OutcomeState;
use raas_api::cmd::CmdDetail;
use raas_lab::{Stage, wait};

use super::trace::Trace;
use super::{DB, MINIONS, PATIENCE, WEB};

/// Seconds after which a minion is asked about a job.
const SOON: u32 = 5;

/// 1 chooses its master anew at each start, 2 goes back to its first master, 3 keeps no returns.
fn kinds(minion: usize) -> &'static str {
    match minion {
        1 => "random_master: true\nmaster_shuffle: true\n",
        2 => "master_failback: true\nmaster_failback_interval: 2\n",
        _ => "cache_jobs: false\n",
    }
}

/// Salt itself loses the return of a job whose master died meanwhile.
pub(super) async fn a_job_whose_master_is_killed_is_collected_through_the_next_one(stage: &mut Stage) {
    stage.salt.cluster(WEB).unwrap().restart_minions(kinds).await.unwrap();
    stage.api.wait_present(WEB, 2, 3, PATIENCE).await.unwrap();
    let trace = Trace::new(stage, "killed-master");
    let jid = trace.job(stage, WEB, "say begins; sleep 6; say ends", SOON).await;
    trace.wait("begins", MINIONS).await;
    stage.salt.cluster(WEB).unwrap().master(1).kill_tree();
    let outcomes = stage.api.ended(&jid, MINIONS, PATIENCE).await.unwrap();
    let [one, two, three] = &outcomes[..] else { panic!("{outcomes:?}") };
    for kept in [one, two] {
        assert_eq!(kept.state, OutcomeState::Succeeded, "{kept:?}");
        assert_eq!(kept.master_id.as_deref(), Some("eu-web-m2"), "{kept:?}");
    }
    assert_eq!(three.state, OutcomeState::ResultUnknown, "{three:?}");
    assert!(three.reason.contains("cache_jobs"), "{three:?}");
    trace.wait("ends", MINIONS).await;
    trace.assert_once("begins");
}

/// The first master is there again, and minion 2 goes back to it with the job that it runs.
pub(super) async fn a_minion_that_goes_back_to_its_first_master_takes_its_job_along(stage: &mut Stage) {
    let trace = Trace::new(stage, "failback");
    let jid = trace.job(stage, WEB, "say begins; sleep 20; say ends", SOON).await;
    trace.wait("begins", MINIONS).await;
    let first = stage.salt.cluster(WEB).unwrap().master(1);
    first.start().unwrap();
    first.ready().await.unwrap();
    wait::until("eu-web-2 back on its first master", PATIENCE, || async {
        let now = stage.api.whereabouts(WEB).await.map_err(|error| error.to_string())?;
        if now["eu-web-2"] == "eu-web-m1" { Ok(()) } else { Err(format!("{now:?}")) }
    })
    .await
    .unwrap();
    stage.api.all_succeeded(&jid, MINIONS, PATIENCE).await.unwrap();
    assert_eq!(trace.who("ends").len(), MINIONS);
    trace.assert_once("begins");
    stage.api.wait_present(WEB, 2, 3, PATIENCE).await.unwrap();
}

/// As a reboot does. Then its master dies too, and the minions come back on the other one, with no memory of the job.
pub(super) async fn a_job_that_kills_its_minion_is_never_run_again(stage: &mut Stage) {
    stage.salt.cluster(WEB).unwrap().restart_minions(|_| "").await.unwrap();
    stage.api.wait_present(WEB, 2, 3, PATIENCE).await.unwrap();
    let trace = Trace::new(stage, "reboot");
    let jid = trace.job(stage, WEB, "say reboots; kill -KILL 0", SOON).await;
    trace.wait("reboots", MINIONS).await;
    let web = stage.salt.cluster(WEB).unwrap();
    wait::until_true("the minions to be dead", PATIENCE, || web.minions().iter_mut().all(|one| !one.runs()))
        .await
        .unwrap();
    web.master(1).kill_tree();
    web.restart_minions(|_| "").await.unwrap();
    let outcomes = stage.api.ended(&jid, MINIONS, PATIENCE).await.unwrap();
    assert!(outcomes.iter().all(is_open_question), "{outcomes:?}");
    let first = stage.salt.cluster(WEB).unwrap().master(1);
    first.start().unwrap();
    first.ready().await.unwrap();
    stage.api.wait_present(WEB, 2, 3, PATIENCE).await.unwrap();
    // Whatever was left to be delivered would be delivered before this.
    let next = stage.api.run(WEB, "test.ping", &[]).await.unwrap();
    stage.api.all_succeeded(&next, MINIONS, PATIENCE).await.unwrap();
    assert_eq!(trace.who("reboots").len(), MINIONS);
    trace.assert_once("reboots");
}

/// It ran, or may have; nobody can say with what result.
fn is_open_question(one: &CmdDetail) -> bool {
    matches!(one.state, OutcomeState::ResultUnknown | OutcomeState::NoAnswer) && !one.reason.is_empty()
}

/// The master that published dies; its minions are connected to the other one all the time.
pub(super) async fn hot_hot_minions_are_asked_through_the_master_that_is_left(stage: &mut Stage) {
    let trace = Trace::new(stage, "hot");
    let jid = trace.job(stage, DB, "say begins; sleep 6; say ends", SOON).await;
    trace.wait("begins", MINIONS).await;
    let outcomes = stage.api.outcomes(&jid).await.unwrap();
    let through = outcomes[0].master_id.clone().unwrap();
    let number = if through.ends_with("m1") { 1 } else { 2 };
    stage.salt.cluster(DB).unwrap().master(number).kill_tree();
    let outcomes = stage.api.all_succeeded(&jid, MINIONS, PATIENCE).await.unwrap();
    assert!(outcomes.iter().all(|one| one.master_id.as_deref() != Some(&through)), "{outcomes:?}");
    trace.assert_once("begins");
    let dead = stage.salt.cluster(DB).unwrap().master(number);
    dead.start().unwrap();
    dead.ready().await.unwrap();
    stage.api.wait_present(DB, 2, 3, PATIENCE).await.unwrap();
    let outcomes = stage.api.all_succeeded(&jid, MINIONS, PATIENCE).await.unwrap();
    assert!(
        outcomes.iter().all(|one| !one.ran_twice),
        "a return that Salt sends again is a witness: {outcomes:?}"
    );
}
