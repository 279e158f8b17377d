//! Pause, resume and stop of jobs that run on both clusters: minions do it, and the replies say what was done.

use std::collections::BTreeMap;
use std::path::Path;

use raas_api::cmd::{
    CmdDetail, GetCmdStatus, GetCmdStatusParams, RouteCmd, RouteCmdArg, RouteCmdParams, RouteTarget,
};
use raas_api::ret::{GetJid, GetJidParams};
use raas_api::{CommandState, Jid, OutcomeState};
use raas_lab::{Stage, wait};
use serde_json::{Value, json};

use super::trace::Trace;
use super::{DB, MINIONS, PATIENCE, WEB, call};

/// Minions of both clusters.
const ALL: usize = 2 * MINIONS;
/// States of `slow`, a second each.
const STEPS: usize = 30;

/// A job under way on each cluster.
type Jobs = [(&'static str, Jid); 2];

/// What became of a wish, per cluster: the jid of what tells the minions, and the words of the reply.
type Told = Vec<(&'static str, Jid, Vec<String>)>;

/// Asks for it on each cluster, and waits until every minion answered.
async fn ask(stage: &Stage, method: &str, jobs: &Jobs) -> Told {
    let mut told = Told::new();
    for (cluster, jid) in jobs {
        let answer = call(stage, method, json!({"jid": jid})).await;
        told.push((cluster, serde_json::from_value(answer.ret).unwrap(), answer.warnings));
    }
    for (_, jid, _) in &told {
        stage.api.all_succeeded(jid, MINIONS, PATIENCE).await.unwrap();
    }
    told
}

/// The masters that tell the minions are those that the reply names, with how many: all of a failover cluster, one of a
/// hot-hot cluster and any other that may reach somebody whom that one was not freshly seen to hold.
fn assert_masters_tell(stage: &mut Stage, told: &Told, fun: &str) {
    for (cluster, control, said) in told {
        let words = |id: &str, whom: &str| {
            said.iter().any(|one| *one == format!("master {id:?} tells {whom} ({fun})"))
        };
        let mut told_all = 0;
        for master in stage.salt.cluster(cluster).unwrap().masters() {
            let all = words(master.id(), &format!("{MINIONS} minions"));
            let some = all || words(master.id(), "1 minion") || words(master.id(), "2 minions");
            assert_eq!(some, master.knows_job(control.as_str()), "{}: {said:?}", master.id());
            told_all += usize::from(all);
        }
        assert!(told_all >= if *cluster == WEB { 2 } else { 1 }, "{said:?}");
    }
}

async fn refused(stage: &Stage, method: &str, jid: &Jid) -> String {
    match stage.api.raw("cmd", method, json!({"jid": jid})).await {
        Ok(answer) => panic!("{method} of {jid} was not refused: {answer:?}"),
        Err(error) => error.to_string(),
    }
}

async fn shows(stage: &Stage, jobs: &Jobs, state: CommandState) {
    for (cluster, jid) in jobs {
        wait::until(&format!("{jid} on {cluster} to be {state}"), PATIENCE, || async {
            let params = GetCmdStatusParams { jids: vec![jid.clone()] };
            let found = stage.api.call::<GetCmdStatus>(&params).await.map_err(|error| error.to_string())?;
            if found[0].state == state { Ok(()) } else { Err(format!("{found:?}")) }
        })
        .await
        .unwrap();
    }
}

async fn returns(stage: &Stage, jid: &Jid) -> BTreeMap<String, Value> {
    let params = GetJidParams { jid: jid.clone(), master_id: None };
    stage.api.call::<GetJid>(&params).await.unwrap().into_iter().collect()
}

pub(super) async fn what_salt_cannot_end_or_pause_is_refused_with_why(stage: &mut Stage) {
    let trace = Trace::new(stage, "cannot-be-stopped");
    let run = trace.run(stage, WEB, "say begins; sleep 4").await;
    let job = trace.job(stage, DB, "say begins; sleep 4", 60).await;
    trace.wait("begins", MINIONS + 1).await;
    let sentence = refused(stage, "stop_job", &run).await;
    assert!(sentence.contains("runs it: Salt cannot end a runner or wheel from outside"), "{sentence}");
    let sentence = refused(stage, "pause_job", &job).await;
    assert!(sentence.contains("runs cmd.run: Salt can pause and resume runs of states"), "{sentence}");
    stage.api.all_succeeded(&run, 1, PATIENCE).await.unwrap();
    stage.api.all_succeeded(&job, MINIONS, PATIENCE).await.unwrap();
}

/// Its shell and what the shell started.
pub(super) async fn a_stopped_job_is_dead_on_every_minion(stage: &mut Stage) {
    let trace = Trace::new(stage, "stopped");
    let script = "say \"shell $$\"; sleep 300 & say \"child $!\"; say begins; wait; say ends";
    let jobs = [(WEB, trace.job(stage, WEB, script, 60).await), (DB, trace.job(stage, DB, script, 60).await)];
    trace.wait("begins", ALL).await;
    let pids: Vec<u32> = ["shell", "child"].iter().flat_map(|word| trace.said(word).into_values()).collect();
    let lives = |pid: &&u32| Path::new(&format!("/proc/{pid}")).exists();
    assert_eq!(pids.iter().filter(lives).count(), 2 * ALL, "{pids:?}");

    let told = ask(stage, "cmd.stop_job", &jobs).await;
    assert_masters_tell(stage, &told, "saltutil.term_job");
    for ((_, jid), (_, control, _)) in jobs.iter().zip(&told) {
        let said = returns(stage, control).await;
        let signalled = |value: &Value| {
            value.as_str().is_some_and(|text| text.contains(&format!("Signal 15 sent to job {jid}")))
        };
        assert!(said.len() == MINIONS && said.values().all(signalled), "{said:?}");
    }
    wait::until_true("the processes of the job to be gone", PATIENCE, || !pids.iter().any(|pid| lives(&pid)))
        .await
        .unwrap();
    for (_, jid) in &jobs {
        let outcomes = stage.api.ended(jid, MINIONS, PATIENCE).await.unwrap();
        assert!(outcomes.iter().all(is_stopped), "{outcomes:?}");
        let sentence = refused(stage, "stop_job", jid).await;
        assert!(sentence.contains("has ended (stopped)"), "{sentence}");
    }
    shows(stage, &jobs, CommandState::Stopped).await;
    assert_eq!(trace.who("ends").len(), 0, "nobody came to its end");
}

/// Asked, the minion says that it does not run it. On a machine that is busy beyond measure it may be too slow to say so.
fn is_stopped(one: &CmdDetail) -> bool {
    one.reason.starts_with("stopped by root")
        && matches!(one.state, OutcomeState::Cancelled | OutcomeState::NoAnswer)
}

pub(super) async fn a_run_of_states_waits_goes_on_and_ends_before_its_next_state(stage: &mut Stage) {
    let trace = Trace::new(stage, "states");
    let jobs = [(WEB, slow(stage, WEB, &trace).await), (DB, slow(stage, DB, &trace).await)];
    after(&trace, &BTreeMap::new()).await;
    let told = ask(stage, "cmd.pause_job", &jobs).await;
    assert_masters_tell(stage, &told, "state.pause");
    shows(stage, &jobs, CommandState::Paused).await;
    witness(stage).await; // what had begun ends meanwhile
    let paused = trace.said("step");
    witness(stage).await;
    assert_eq!(trace.said("step"), paused, "no state began while something that takes longer was done");

    ask(stage, "cmd.resume_job", &jobs).await;
    shows(stage, &jobs, CommandState::Resumed).await;
    after(&trace, &paused).await;
    // Of a run that was resumed Salt keeps an empty pause: it cannot pause it again, nor end it softly.
    for (_, jid) in &jobs {
        let sentence = refused(stage, "pause_job", jid).await;
        assert!(sentence.contains("a second time"), "{sentence}");
    }
    let told = ask(stage, "cmd.stop_job", &jobs).await;
    assert_masters_tell(stage, &told, "saltutil.term_job");
    for (_, jid) in &jobs {
        stage.api.ended(jid, MINIONS, PATIENCE).await.unwrap();
    }

    let trace = Trace::new(stage, "states-stopped");
    let jobs = [(WEB, slow(stage, WEB, &trace).await), (DB, slow(stage, DB, &trace).await)];
    after(&trace, &BTreeMap::new()).await;
    let told = ask(stage, "cmd.stop_job", &jobs).await;
    assert_masters_tell(stage, &told, "state.soft_kill");
    for (_, jid) in &jobs {
        stage.api.ended(jid, MINIONS, PATIENCE).await.unwrap();
        for (minion, states) in returns(stage, jid).await {
            let done =
                states.as_object().unwrap().keys().filter(|key| key.starts_with("cmd_|-step-")).count();
            assert_eq!(
                done,
                usize::try_from(trace.said("step")[&minion]).unwrap(),
                "{minion} returns what it did"
            );
            assert!(done < STEPS, "{minion} came to the end");
        }
    }
    shows(stage, &jobs, CommandState::Stopped).await;
}

async fn slow(stage: &Stage, cluster: &str, trace: &Trace) -> Jid {
    let kwarg = json!({"pillar": {"trace": trace.path()}});
    let params = RouteCmdParams {
        fun: Some("state.apply".to_owned()),
        arg: Some(RouteCmdArg { arg: Some(vec![json!("slow")]), kwarg: kwarg.as_object().cloned() }),
        tgt: Some(BTreeMap::from([(cluster.to_owned(), RouteTarget::glob("*"))])),
        ..Default::default()
    };
    stage.api.call::<RouteCmd>(&params).await.unwrap()
}

/// Waits until every minion began a later state than then.
async fn after(trace: &Trace, then: &BTreeMap<String, u32>) {
    wait::until("every minion to begin a state", PATIENCE, || {
        let now = trace.said("step");
        let on = now.len() == ALL && now.iter().all(|(minion, step)| Some(step) > then.get(minion));
        std::future::ready(if on { Ok(()) } else { Err(format!("{now:?}")) })
    })
    .await
    .unwrap();
}

/// A job of both clusters that takes longer than a state of `slow` and a look at whether it is paused.
async fn witness(stage: &Stage) {
    let jobs = [
        stage.api.run(WEB, "test.sleep", &[json!(3)]).await,
        stage.api.run(DB, "test.sleep", &[json!(3)]).await,
    ];
    for jid in jobs {
        stage.api.all_succeeded(&jid.unwrap(), MINIONS, PATIENCE).await.unwrap();
    }
}
