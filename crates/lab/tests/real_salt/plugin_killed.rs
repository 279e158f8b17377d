//! The plugin dies and its master lives: nothing is published twice, no return is lost, no run is run again.

use std::collections::BTreeMap;

use raas_api::OutcomeState;
use raas_api::ret::{GetReturns, GetReturnsParams};
use raas_api::{Jid, cmd::CmdDetail};
use raas_lab::{Stage, wait};

use super::trace::Trace;
use super::{MINIONS, PATIENCE, WEB};

/// Jobs on their way when the plugin is killed.
const JOBS: usize = 12;

/// Twelve jobs, and a SIGKILL to the plugin of the minions' master before, during and after their publication.
pub(super) async fn what_ran_is_known_and_nothing_ran_twice_while_plugins_are_killed(stage: &mut Stage) {
    let mut jobs: Vec<(Trace, Jid)> = Vec::new();
    for n in 0..JOBS {
        let trace = Trace::new(stage, &format!("plugin-killed-{n}"));
        let jid = trace.job(stage, WEB, "say ran", 5).await;
        jobs.push((trace, jid));
        if n % 4 == 1 {
            let master = stage.salt.cluster(WEB).unwrap().master(1);
            master.kill_plugin();
            wait::until_true("Salt to start the plugin again", PATIENCE, || !master.plugin().is_empty())
                .await
                .unwrap();
        }
    }
    let mut ended = BTreeMap::new();
    for (trace, jid) in &jobs {
        let outcomes = stage.api.ended(jid, MINIONS, PATIENCE).await.unwrap();
        trace.assert_once("ran");
        for one in outcomes {
            is_true(&one, trace.who("ran").contains_key(&one.minion_id));
            *ended.entry(one.state.as_str()).or_insert(0) += 1;
        }
        let params = GetReturnsParams { jid: Some(jid.to_string()), ..Default::default() };
        let returns = stage.api.call::<GetReturns>(&params).await.unwrap();
        assert_eq!(returns.results.len(), trace.who("ran").len(), "each return once: {returns:?}");
    }
    eprintln!("         of {} outcomes: {ended:?}", JOBS * MINIONS);
}

/// What ran has its return; what did not run is not said to have run.
fn is_true(one: &CmdDetail, ran: bool) {
    match one.state {
        OutcomeState::Succeeded => assert!(ran && !one.ran_twice, "{one:?}"),
        OutcomeState::ResultUnknown | OutcomeState::NotDelivered | OutcomeState::NoAnswer => {
            assert!(!ran && !one.reason.is_empty(), "it ran: {one:?}");
        }
        _ => panic!("{one:?}"),
    }
}

/// The plugin gets a job while it is frozen, and is killed before it can publish it.
pub(super) async fn a_job_whose_plugin_dies_before_it_is_published_is_not_published_later(stage: &mut Stage) {
    let trace = Trace::new(stage, "before-publishing");
    stage.salt.cluster(WEB).unwrap().master(1).freeze_plugin();
    let jid = trace.job(stage, WEB, "say ran", 5).await;
    // The other master has it by now, and so has this one.
    wait::until("the job to be published by the other master", PATIENCE, || async {
        let outcomes = stage.api.outcomes(&jid).await.map_err(|error| error.to_string())?;
        let out = outcomes.iter().all(|one| one.state == OutcomeState::Delivered);
        if out { Ok(()) } else { Err(format!("{outcomes:?}")) }
    })
    .await
    .unwrap();
    let master = stage.salt.cluster(WEB).unwrap().master(1);
    master.kill_plugin();
    let outcomes = stage.api.ended(&jid, MINIONS, PATIENCE).await.unwrap();
    assert!(outcomes.iter().all(|one| one.state == OutcomeState::ResultUnknown), "{outcomes:?}");
    assert!(trace.who("ran").is_empty());
    stage.api.wait_present(WEB, 2, 3, PATIENCE).await.unwrap();
}

/// The result of the run is found by the delivery in its `user`.
pub(super) async fn a_run_goes_on_when_its_plugin_is_killed_and_its_result_is_found(stage: &mut Stage) {
    let trace = Trace::new(stage, "run-of-a-killed-plugin");
    let jid = trace.run(stage, WEB, "say ran; sleep 6").await;
    trace.wait("ran", 1).await;
    let outcomes = stage.api.outcomes(&jid).await.unwrap();
    let number = if outcomes[0].minion_id.ends_with("m1") { 1 } else { 2 };
    stage.salt.cluster(WEB).unwrap().master(number).kill_plugin();
    let outcomes = stage.api.all_succeeded(&jid, 1, PATIENCE).await.unwrap();
    assert!(!outcomes[0].ran_twice, "{outcomes:?}");
    trace.assert_once("ran");
}
