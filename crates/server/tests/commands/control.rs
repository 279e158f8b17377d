//! Stop, pause and resume of a running job: what no master took is cancelled, whoever may run it is told, and the reply
//! says what was done.

use raas_api::{
    CommandState, ErrorBody, Jid, Method, OutcomeState,
    cmd::{
        PauseJob, PauseJobParams, ResumeJob, ResumeJobParams, StopJob, StopJobParams, TrackState,
        TrackStateParams,
    },
};
use raas_wire::{ClusterKind::Failover, HandBack};
use serde_json::json;

use super::{
    hands::{Master, cluster},
    watch::{becomes, details, ends, pass, run, send, send_fun, status, wake},
};
use crate::support::{Server, until};

const MINIONS: &[(&str, &[&str])] = &[("w1", &["m1"]), ("w2", &["m2"])];

/// The command that tells the minions, and what was said of it.
async fn asked<M: Method<Reply = Jid>>(server: &Server, params: &M::Params) -> (Jid, Vec<String>) {
    let answer = server.root.call::<M>(params).await.unwrap();
    (answer.ret, answer.warnings)
}

fn of(jid: &Jid) -> StopJobParams {
    StopJobParams { jid: Some(jid.clone()), ..StopJobParams::default() }
}

async fn stopped(server: &Server, jid: &Jid) -> (Jid, Vec<String>) {
    asked::<StopJob>(server, &of(jid)).await
}

async fn refused(server: &Server, jid: &Jid) -> ErrorBody {
    server.refused::<StopJob>(&of(jid)).await
}

/// Waits until the job is in this state.
async fn shows(server: &Server, jid: &Jid, state: CommandState) {
    until(&format!("{jid} shows {state}"), async || {
        wake(server).await;
        let status = status(server, jid).await;
        if status.state == state { Ok(()) } else { Err(format!("{status:?}")) }
    })
    .await;
}

/// Publishes what it is given for the control command, to these.
async fn tells(server: &Server, master: &Master, control: &Jid, fun: &str, job: &Jid, minions: &[&str]) {
    let publish = master.publishes(server, minions).await;
    assert_eq!((publish.jid.as_str(), publish.fun.as_str()), (control.as_str(), fun));
    assert_eq!((publish.arg.value(), publish.tgt_type.as_str()), (json!([job]), "list"));
}

#[tokio::test]
async fn a_stopped_job_ends_on_every_master_and_the_reply_says_what_was_done() {
    let server = Server::start().await;
    let [m1, m2] = cluster(&server, Failover, ["m1", "m2"], MINIONS).await;
    let jid = send(&server, "eu-web", "*").await;
    m1.publishes(&server, &["w1"]).await; // m2 has not fetched it yet
    let (control, said) = stopped(&server, &jid).await;
    for words in [
        "master \"m2\" had not fetched it: cancelled there",
        "1 minion had not been reached: cancelled",
        "master \"m1\" tells 1 minion (saltutil.term_job)",
    ] {
        assert!(said.iter().any(|one| one == words), "{words:?} is missing in {said:?}");
    }
    let w2 = &details(&server, &jid).await["w2"];
    assert_eq!(w2.state, OutcomeState::Cancelled);
    assert!(w2.reason.contains("cancelled by root"), "{w2:?}");
    assert_eq!(status(&server, &jid).await.state, CommandState::Stopping);
    tells(&server, &m1, &control, "saltutil.term_job", &jid, &["w1"]).await;
    tells(&server, &m2, &control, "saltutil.term_job", &jid, &[]).await;
    m1.returns(&control, "w1", json!("Signal 15 sent to job")).await;
    ends(&server, &control, CommandState::CompletedAllSuccessful).await;

    pass(&server, 12, &[&m1, &m2]).await;
    let ask = m1.ask(&server).await;
    assert_eq!((ask.jid.as_str(), ask.minions.as_slice()), (jid.as_str(), &["w1".to_owned()][..]));
    m1.answers(&ask, |said| said.not_found = vec!["w1".to_owned()]).await;
    let w1 = becomes(&server, &jid, "w1", OutcomeState::Cancelled).await;
    assert!(w1.reason.contains("stopped by root: the minion does not run it any more"), "{w1:?}");
    ends(&server, &jid, CommandState::Stopped).await;
    assert!(refused(&server, &jid).await.message.contains("has ended (stopped)"));
    assert_eq!(m2.waiting().await, [], "what was cancelled is given to nobody");
    server.stop().await;
}

#[tokio::test]
async fn a_minion_that_says_nothing_any_more_ends_with_who_stopped_it() {
    let server = Server::start().await;
    let [m1] = cluster(&server, Failover, ["m1"], &[("w1", &["m1"])]).await;
    let jid = send(&server, "eu-web", "*").await;
    m1.publishes(&server, &["w1"]).await;
    let (control, _) = stopped(&server, &jid).await;
    tells(&server, &m1, &control, "saltutil.term_job", &jid, &["w1"]).await;
    m1.returns(&control, "w1", json!("Signal 15 sent to job")).await;
    pass(&server, 12, &[&m1]).await;
    for _ in 0..2 {
        let ask = m1.ask(&server).await;
        m1.answers(&ask, |said| said.silent = vec!["w1".to_owned()]).await;
        pass(&server, 2, &[&m1]).await;
    }
    let w1 = becomes(&server, &jid, "w1", OutcomeState::NoAnswer).await;
    assert!(w1.reason.starts_with("stopped by root; the minion did not return"), "{w1:?}");
    ends(&server, &jid, CommandState::Stopped).await;
    server.stop().await;
}

#[tokio::test]
async fn a_job_that_no_master_fetched_is_over_at_once() {
    let server = Server::start().await;
    let [m1] = cluster(&server, Failover, ["m1"], &[("w1", &["m1"])]).await;
    let jid = send(&server, "eu-web", "*").await;
    let (control, said) = stopped(&server, &jid).await;
    assert_eq!(
        said,
        ["master \"m1\" had not fetched it: cancelled there", "1 minion had not been reached: cancelled"]
    );
    ends(&server, &jid, CommandState::Stopped).await;
    assert!(status(&server, &control).await.done, "nobody is told");
    assert_eq!(m1.waiting().await, []);
    server.stop().await;
}

#[tokio::test]
async fn what_is_handed_back_after_a_stop_is_not_planned_anew() {
    let server = Server::start().await;
    let [m1] = cluster(&server, Failover, ["m1"], &[("w1", &["m1"])]).await;
    let jid = send(&server, "eu-web", "*").await;
    let publish = m1.publish(&server).await;
    let (control, _) = stopped(&server, &jid).await;
    m1.hands_back(publish.delivery_id, HandBack::Unreachable).await;
    let w1 = becomes(&server, &jid, "w1", OutcomeState::Cancelled).await;
    assert!(w1.reason.starts_with("stopped by root; no master published it"), "{w1:?}");
    ends(&server, &jid, CommandState::Stopped).await;
    tells(&server, &m1, &control, "saltutil.term_job", &jid, &["w1"]).await;
    assert_eq!(m1.waiting().await, [], "only who may run it is told");
    server.stop().await;
}

#[tokio::test]
async fn a_run_of_states_is_paused_resumed_and_ended_softly() {
    let server = Server::start().await;
    let [m1] = cluster(&server, Failover, ["m1"], &[("w1", &["m1"])]).await;
    let jid = send_fun(&server, "eu-web", "*", "state.apply").await;
    m1.publishes(&server, &["w1"]).await;
    let pause = PauseJobParams { jid: Some(jid.clone()), ..PauseJobParams::default() };
    let (control, said) = asked::<PauseJob>(&server, &pause).await;
    assert_eq!(said, ["master \"m1\" tells 1 minion (state.pause)"]);
    assert_eq!(status(&server, &jid).await.state, CommandState::Pausing);
    tells(&server, &m1, &control, "state.pause", &jid, &["w1"]).await;
    m1.returns(&control, "w1", json!(null)).await;
    shows(&server, &jid, CommandState::Paused).await;

    let resume = ResumeJobParams { jid: Some(jid.clone()), ..ResumeJobParams::default() };
    let (control, _) = asked::<ResumeJob>(&server, &resume).await;
    assert_eq!(status(&server, &jid).await.state, CommandState::Resuming);
    tells(&server, &m1, &control, "state.resume", &jid, &["w1"]).await;
    m1.returns(&control, "w1", json!(null)).await;
    shows(&server, &jid, CommandState::Resumed).await;

    // Salt keeps an empty pause of it, which a second pause and a soft end stumble over.
    let sentence = server.refused::<PauseJob>(&pause).await.message;
    assert!(sentence.contains("cannot pause a run of states a second time"), "{sentence}");
    for _again in 0..2 {
        let (control, _) = stopped(&server, &jid).await;
        tells(&server, &m1, &control, "saltutil.term_job", &jid, &["w1"]).await;
    }

    let jid = send_fun(&server, "eu-web", "*", "state.apply").await;
    m1.publishes(&server, &["w1"]).await;
    let (control, _) = stopped(&server, &jid).await;
    let resume = ResumeJobParams { jid: Some(jid.clone()), ..ResumeJobParams::default() };
    let sentence = server.refused::<ResumeJob>(&resume).await.message;
    assert!(sentence.contains("is being stopped"), "Salt would forget the stop: {sentence}");
    tells(&server, &m1, &control, "state.soft_kill", &jid, &["w1"]).await;
    m1.returns(&jid, "w1", json!({"what": "was done so far"})).await;
    ends(&server, &jid, CommandState::Stopped).await;
    server.stop().await;
}

#[tokio::test]
async fn a_pause_that_no_minion_heard_changed_nothing() {
    let server = Server::start().await;
    let [m1] = cluster(&server, Failover, ["m1"], &[("w1", &["m1"])]).await;
    let jid = send_fun(&server, "eu-web", "*", "state.apply").await;
    m1.publishes(&server, &["w1"]).await;
    let pause = PauseJobParams { jid: Some(jid.clone()), ..PauseJobParams::default() };
    let (control, _) = asked::<PauseJob>(&server, &pause).await;
    let publish = m1.publish(&server).await;
    m1.published(&publish, &[]).await; // nothing matched on m1
    becomes(&server, &control, "w1", OutcomeState::NotDelivered).await;
    shows(&server, &jid, CommandState::Retrieved).await;
    server.stop().await;
}

#[tokio::test]
async fn what_salt_cannot_do_is_refused_with_why() {
    let server = Server::start().await;
    let [m1] = cluster(&server, Failover, ["m1"], &[("w1", &["m1"])]).await;
    let jid = send(&server, "eu-web", "*").await;
    let pause = PauseJobParams { jid: Some(jid.clone()), ..PauseJobParams::default() };
    let refusal = server.refused::<PauseJob>(&pause).await;
    assert!(refusal.message.contains("runs test.ping: Salt can pause"), "{}", refusal.message);
    assert_eq!(server.refused::<StopJob>(&StopJobParams::default()).await.code, 422);
    assert_eq!(refused(&server, &"20200101000000000000".parse().unwrap()).await.code, 404);

    let runner = run(&server, "eu-web").await;
    let work = m1.run(&server).await;
    assert!(m1.plugin.claim(work.delivery_id, Server::uuid()).await.unwrap().go);
    let refusal = refused(&server, &runner).await;
    assert!(
        refusal.message.contains("master \"m1\" runs it: Salt cannot end a runner"),
        "{}",
        refusal.message
    );
    server.stop().await;
}

#[tokio::test]
async fn a_runner_that_did_not_start_is_cancelled_and_never_starts() {
    let server = Server::start().await;
    let [m1] = cluster(&server, Failover, ["m1"], &[("w1", &["m1"])]).await;
    let jid = run(&server, "eu-web").await;
    let work = m1.run(&server).await; // fetched, not claimed
    let (_, said) = stopped(&server, &jid).await;
    assert!(said.contains(&"master \"m1\" had not started it: cancelled there".to_owned()), "{said:?}");
    ends(&server, &jid, CommandState::Stopped).await;
    assert!(!m1.plugin.claim(work.delivery_id, Server::uuid()).await.unwrap().go, "too late to start");
    server.stop().await;
}

#[tokio::test]
async fn what_is_told_of_a_job_from_outside_is_shown_and_decides_nothing() {
    let server = Server::start().await;
    let [_m1] = cluster(&server, Failover, ["m1"], &[("w1", &["m1"])]).await;
    let jid = send(&server, "eu-web", "*").await;
    let params = TrackStateParams {
        jid: jid.clone(),
        master: "m1".to_owned(),
        state: "retrieved".to_owned(),
        minions: Some(vec!["w1".to_owned()]),
        create_time: None,
    };
    assert!(server.call::<TrackState>(&params).await);
    let status = status(&server, &jid).await;
    assert_eq!((status.state, status.open), (CommandState::New, 1));
    let shown: Vec<_> =
        status.tracked.iter().map(|one| (one.master_id.as_str(), one.state.as_str())).collect();
    assert_eq!(shown, [("m1", "retrieved")]);
    let unknown = TrackStateParams { master: "m9".to_owned(), ..params };
    assert_eq!(server.refused::<TrackState>(&unknown).await.code, 404);
    server.stop().await;
}
