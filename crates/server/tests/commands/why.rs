//! Why is an answer what it is? Its timeline: who asked, what was planned, delivered, asked, changed and seen, in order.

use raas_api::{
    CommandState, Jid, OutcomeState, TimelineKind,
    cmd::{GetOutcomeTimeline, GetOutcomeTimelineParams, OutcomeTimeline},
};
use raas_wire::{ClusterKind::Failover, HandBack, Report, ReturnSource};
use serde_json::json;

use super::{
    hands::{Master, a_return, cluster},
    watch::{becomes, ends, pass, run, send},
};
use crate::support::Server;

const MINIONS: &[(&str, &[&str])] = &[("w1", &["m1"]), ("w2", &["m2"])];

fn params(jid: &Jid, minion: &str) -> GetOutcomeTimelineParams {
    GetOutcomeTimelineParams { jid: jid.clone(), minion_id: minion.to_owned(), cluster: None }
}

async fn why(server: &Server, jid: &Jid, minion: &str) -> OutcomeTimeline {
    let told = server.call::<GetOutcomeTimeline>(&params(jid, minion)).await;
    let times: Vec<_> = told.entries.iter().map(|entry| entry.at).collect();
    assert!(times.is_sorted(), "in time order: {:?}", sentences(&told));
    told
}

fn sentences(told: &OutcomeTimeline) -> Vec<&str> {
    told.entries.iter().map(|entry| entry.sentence.as_str()).collect()
}

/// These words come in this order, each in an entry after the one before.
fn tells(told: &OutcomeTimeline, words: &[&str]) {
    let said = sentences(told);
    let mut rest = said.iter();
    for word in words {
        assert!(
            rest.any(|sentence| sentence.contains(word)),
            "{word:?} does not come in its place: {said:#?}"
        );
    }
}

/// The story of w1, which is asked twice, given up, and returns after all, also something else.
const LATE: &[&str] = &[
    "root asked for test.ping on \"*\" (glob) of \"eu-web\"",
    "an answer is expected through master \"m1\": seen on master \"m1\"",
    "queued for master \"m1\": publish to the target",
    "master \"m1\" fetched the job",
    "master \"m1\" published it",
    "delivered: published by master \"m1\"",
    "asked through master \"m1\" whether it still runs",
    "queued for master \"m1\": ask the minion",
    "master \"m1\" fetched the question",
    "master \"m1\" told what the minion said",
    "did not answer",
    "queued for master \"m1\": ask the minion",
    "no answer: the minion did not return",
    "master \"m1\" saw the return",
    "succeeded: returned late; before that: the minion did not return",
    "master \"m2\" saw the same return",
    "master \"m2\" saw a different return",
    "it ran twice",
];

/// w1 is asked twice through the first of these masters, says nothing, and is given up.
async fn stays_silent(server: &Server, masters: &[&Master], jid: &Jid) {
    pass(server, 31, masters).await;
    for _ in 0..2 {
        let ask = masters[0].ask(server).await;
        let waits = why(server, jid, "w1").await.waits_for.unwrap();
        assert!(waits.sentence.contains("master \"m1\" asks it"), "{waits:?}");
        masters[0].answers(&ask, |said| said.silent.clone_from(&ask.minions)).await;
    }
    becomes(server, jid, "w1", OutcomeState::NoAnswer).await;
}

#[tokio::test]
async fn a_silent_minion_that_answers_late_has_its_whole_story() {
    let server = Server::start().await;
    let [m1, m2] = cluster(&server, Failover, ["m1", "m2"], MINIONS).await;
    let jid = send(&server, "eu-web", "*").await;
    let waits = why(&server, &jid, "w1").await.waits_for.unwrap();
    assert!(
        waits.sentence.contains(" or master ") && waits.sentence.ends_with(" to publish the job"),
        "{waits:?}"
    );
    m1.publishes(&server, &["w1", "w2"]).await;
    m2.publishes(&server, &["w1", "w2"]).await;
    m2.returns(&jid, "w2", json!(true)).await;
    let told = why(&server, &jid, "w1").await;
    assert!(
        told.waits_for
            .is_some_and(|waits| waits.sentence.starts_with("the return") && waits.until > server.now())
    );
    stays_silent(&server, &[&m1, &m2], &jid).await;
    m1.returns(&jid, "w1", json!(true)).await;
    server.clock.advance(1);
    m2.returns(&jid, "w1", json!(true)).await;
    server.clock.advance(1);
    m2.returns(&jid, "w1", json!("another")).await;

    let told = why(&server, &jid, "w1").await;
    assert_eq!(
        (told.state, told.late, told.ran_twice, told.witnesses),
        (OutcomeState::Succeeded, true, true, 2)
    );
    assert_eq!(told.waits_for, None, "it ended");
    tells(&told, LATE);
    let late = told.entries.iter().find(|entry| entry.late).unwrap();
    assert_eq!(
        (late.kind, late.state.as_deref(), late.ran_twice),
        (TimelineKind::Change, Some("succeeded"), false)
    );
    assert!(sentences(&told).iter().all(|said| !said.contains("w2")), "the story of w1 only");
    server.stop().await;
}

#[tokio::test]
async fn what_was_handed_back_and_planned_anew_is_told_with_its_reason() {
    let server = Server::start().await;
    let [m1, m2] = cluster(&server, Failover, ["m1", "m2"], MINIONS).await;
    let jid = send(&server, "eu-web", "*").await;
    let (first, second) = (m1.publish(&server).await, m2.publish(&server).await);
    m2.published(&second, &["w2"]).await;
    m1.hands_back(first.delivery_id, HandBack::Unreachable).await;
    let again = m1.publish(&server).await;
    m1.published(&again, &["w1"]).await;
    m1.returns(&jid, "w1", json!(true)).await;
    m2.returns(&jid, "w2", json!(true)).await;
    ends(&server, &jid, CommandState::CompletedAllSuccessful).await;
    let told = why(&server, &jid, "w1").await;
    tells(
        &told,
        &[
            "master \"m1\" fetched the job",
            "master \"m1\" handed the job back: Unreachable",
            "taken back from master \"m1\": certainly not carried out",
            "queued: planned anew: master \"m1\": Unreachable",
            "queued for master \"m1\": publish to a list of 1, with this minion",
            "master \"m1\" published it",
            "succeeded: returned",
        ],
    );
    let ids: Vec<_> = told.entries.iter().filter_map(|entry| entry.delivery_id).collect();
    assert!(
        ids.contains(&first.delivery_id)
            && ids.contains(&again.delivery_id)
            && ids.contains(&second.delivery_id)
    );
    let other = why(&server, &jid, "w2").await;
    assert!(
        !other.entries.iter().any(|entry| entry.delivery_id == Some(again.delivery_id)),
        "a list without it does not concern it: {:?}",
        sentences(&other)
    );
    server.stop().await;
}

#[tokio::test]
async fn a_run_that_moved_is_told_where_it_is_now() {
    let server = Server::start().await;
    let minions: &[(&str, &[&str])] = &[("w1", &["m1"]), ("w2", &["m1"]), ("w3", &["m2"])];
    let [m1, m2] = cluster(&server, Failover, ["m1", "m2"], minions).await;
    let jid = run(&server, "eu-web").await;
    let waits = why(&server, &jid, "m1").await.waits_for.unwrap();
    assert!(waits.sentence.contains("master \"m1\" to claim"), "{waits:?}");
    m1.run(&server).await;
    pass(&server, 28, &[&m2]).await;
    let work = m2.run(&server).await;
    assert!(m2.plugin.claim(work.delivery_id, Server::uuid()).await.unwrap().go);
    let waits = why(&server, &jid, "m2").await.waits_for.unwrap();
    assert!(waits.sentence.starts_with("the result from master \"m2\""), "{waits:?}");
    m2.starts(&work).await;
    m2.ran(&work, json!(["w3"])).await;
    ends(&server, &jid, CommandState::CompletedAllSuccessful).await;
    tells(
        &why(&server, &jid, "m2").await,
        &[
            "root asked for the runner manage.up on \"eu-web\"",
            "an answer is expected through master \"m1\": to run on master \"m1\"",
            "queued for master \"m1\": run it there",
            "master \"m1\" fetched the run",
            "master \"m1\" certainly did not carry the run out: its master did not claim it in time",
            "queued: planned anew: master \"m1\"",
            "queued for master \"m2\": run it there",
            "master \"m2\" claimed the run: it may have started",
            "delivered: claimed by master \"m2\": may have started",
            "master \"m2\" started it as Salt's job",
            "master \"m2\" told its result",
            "succeeded: returned",
        ],
    );
    let gone = server.refused::<GetOutcomeTimeline>(&params(&jid, "m1")).await;
    assert!(
        gone.code == 404 && gone.message.contains("moved") && gone.message.contains("\"m2\""),
        "{gone:?}"
    );
    server.stop().await;
}

#[tokio::test]
async fn what_is_not_there_is_named_and_what_is_there_twice_wants_a_cluster() {
    let server = Server::start().await;
    let [m1] = cluster(&server, Failover, ["m1"], &[("w1", &["m1"])]).await;
    let [h1] = cluster(&server, raas_wire::ClusterKind::Hot, ["h1"], &[("w1", &["h1"])]).await;
    let jid = send(&server, "*", "*").await;
    m1.publishes(&server, &["w1"]).await;
    h1.publishes(&server, &["w1"]).await;

    let unknown: Jid = "20200101000000000001".parse().unwrap();
    let error = server.refused::<GetOutcomeTimeline>(&params(&unknown, "w1")).await;
    assert!(error.code == 404 && error.message.contains(unknown.as_str()), "{error:?}");
    let error = server.refused::<GetOutcomeTimeline>(&params(&jid, "nobody")).await;
    assert!(error.code == 404 && error.message.contains("\"nobody\""), "{error:?}");
    let error = server.refused::<GetOutcomeTimeline>(&params(&jid, "w1")).await;
    assert!(
        error.code == 409 && error.message.contains("\"eu-web\"") && error.message.contains("\"hot\""),
        "{error:?}"
    );
    let here = GetOutcomeTimelineParams { cluster: Some("hot".to_owned()), ..params(&jid, "w1") };
    let told = server.call::<GetOutcomeTimeline>(&here).await;
    tells(&told, &["of every cluster", "queued for master \"h1\""]);
    assert!(sentences(&told).iter().all(|said| !said.contains("\"m1\"")), "{:?}", sentences(&told));
    server.stop().await;
}

#[tokio::test]
async fn a_long_story_keeps_its_beginning_and_its_end_and_counts_the_rest() {
    let server = Server::start().await;
    let [m1] = cluster(&server, Failover, ["m1"], &[("w1", &["m1"])]).await;
    let jid = send(&server, "eu-web", "*").await;
    m1.publishes(&server, &["w1"]).await;
    pass(&server, 31, &[&m1]).await;
    for _ in 0..20 {
        let ask = m1.ask(&server).await;
        m1.answers(&ask, |said| said.running.clone_from(&ask.minions)).await;
        pass(&server, 61, &[&m1]).await;
    }
    m1.ask(&server).await;
    m1.returns(&jid, "w1", json!(true)).await;
    let told = why(&server, &jid, "w1").await;
    let changes = |kind| told.entries.iter().filter(|entry| entry.kind == kind).count();
    assert_eq!((changes(TimelineKind::Planned), changes(TimelineKind::LeftOut)), (1, 1));
    // Planned, delivered, 21 questions, 20 answers and the return are 44; 33 are kept: 32 that were, and what is.
    assert_eq!(changes(TimelineKind::Planned) + changes(TimelineKind::Change), 33);
    tells(
        &told,
        &[
            "an answer is expected",
            "delivered: published",
            "11 more changes came here",
            "succeeded: returned",
        ],
    );
    server.stop().await;
}

#[tokio::test]
async fn a_job_of_somebody_else_and_a_return_that_salt_cut_are_told_as_such() {
    let server = Server::start().await;
    let [m1] = cluster(&server, Failover, ["m1"], &[("w1", &["m1"])]).await;
    let jid = Jid::at(server.now());
    let job = raas_wire::JobSeen {
        jid: jid.to_string(),
        fun: "test.ping".to_owned(),
        arg: json!([]).into(),
        tgt: json!("*").into(),
        tgt_type: "glob".to_owned(),
        user: "alice".to_owned(),
        minions: vec!["w1".to_owned()],
    };
    m1.plugin.report([Report::Job(job)]).await;
    let Report::Return(mut cut) = a_return(&jid, "w1", json!("VALUE_TRIMMED"), ReturnSource::Bus) else {
        panic!("a return is a return")
    };
    cut.trimmed = true;
    m1.plugin.report([Report::Return(cut)]).await;
    let told = why(&server, &jid, "w1").await;
    assert!(told.trimmed, "{told:?}");
    tells(
        &told,
        &[
            "alice sent test.ping on \"*\" (glob) through Salt itself",
            "delivered: published on master \"m1\" by somebody else",
            "master \"m1\" saw the return, but Salt had cut its value",
            "succeeded: returned",
        ],
    );
    server.stop().await;
}
