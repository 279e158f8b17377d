//! The ledger itself: counters and outcomes tell the same, every change is kept, and the database refuses what must not be.

use raas_api::{
    CommandState, Jid, OutcomeState,
    cmd::{Cmd, GetCmds},
};
use raas_db::Session as _;
use raas_wire::{ClusterKind::Failover, HandBack, Report, ReturnSource};
use serde_json::json;

use super::{
    hands::{Master, a_return, cluster},
    watch::{becomes, details, ends, pass, send, status},
};
use crate::support::Server;

const MINIONS: &[(&str, &[&str])] = &[
    ("good", &["m1"]),
    ("bad", &["m1"]),
    ("silent", &["m1"]),
    ("late", &["m1"]),
    ("moved", &["m2"]),
    ("twice", &["m2"]),
];
/// Counters of the command, and the same counted over its outcomes.
const RECOUNT: &str = "
    SELECT ARRAY[c.expected, c.open, c.returned_good, c.returned_failed] AS counters,
           ARRAY[count(*), count(*) FILTER (WHERE o.deadline IS NOT NULL), count(*) FILTER (WHERE o.state = 'succeeded'),
                 count(*) FILTER (WHERE o.state = 'failed')] AS counted
    FROM command c JOIN outcome o ON o.jid = c.jid AND o.day = c.day
    WHERE c.jid = $1 GROUP BY c.jid";

async fn counters_agree(server: &Server, jid: &Jid) {
    let client = server.db.db().client().await.unwrap();
    let row = client.query_one(RECOUNT, &[&jid.as_str()]).await.unwrap();
    let (counters, counted): (Vec<i64>, Vec<i64>) = (row.get("counters"), row.get("counted"));
    assert_eq!(counters, counted, "counters of the command and its outcomes, recounted");
}

async fn cmd(server: &Server, jid: &Jid) -> Cmd {
    let found = server.call::<GetCmds>(&serde_json::from_value(json!({"jid": jid})).unwrap()).await;
    found.results.into_iter().next().unwrap()
}

/// m2 hands back and is asked again; returns come twice, failed, different, and from a stranger.
async fn mess(server: &Server, m1: &Master, m2: &Master, jid: &Jid) {
    let (one, two) = (m1.publish(server).await, m2.publish(server).await);
    m1.published(&one, &["good", "bad", "silent", "late"]).await;
    m2.hands_back(two.delivery_id, HandBack::Unreachable).await;
    counters_agree(server, jid).await;
    assert_eq!(cmd(server, jid).await.masters_done, ["m1"], "m2 has not answered yet");
    let again = m2.publish(server).await;
    m2.published(&again, &["moved", "twice"]).await;
    let under_way = cmd(server, jid).await;
    assert_eq!((under_way.state, under_way.masters_done.len()), (CommandState::Retrieved, 2));

    for master in [m1, m2] {
        master.returns(jid, "good", json!(true)).await;
        master.returns(jid, "good", json!(true)).await;
    }
    let Report::Return(mut bad) = a_return(jid, "bad", json!("no such function"), ReturnSource::Bus) else {
        panic!("a return is a return")
    };
    (bad.success, bad.retcode) = (false, 254);
    m1.plugin.report([Report::Return(bad)]).await;
    m2.returns(jid, "moved", json!(true)).await;
    m2.returns(jid, "twice", json!(1)).await;
    m2.returns(jid, "twice", json!(2)).await;
    m1.returns(jid, "stranger", json!(true)).await;
}

/// Late, failed, silent, doubled, handed back, unexpected, ran twice: and still everything is counted once.
#[tokio::test]
async fn after_a_messy_job_every_count_follows_from_the_outcomes() {
    let server = Server::start().await;
    let [m1, m2] = cluster(&server, Failover, ["m1", "m2"], MINIONS).await;
    let jid = send(&server, "eu-web", "*").await;
    let started = cmd(&server, &jid).await;
    assert_eq!((started.expected, started.not_returned, started.state), (6, 6, CommandState::New));
    assert_eq!((started.masters_to, started.masters_done.len()), (vec!["m1".to_owned(), "m2".to_owned()], 0));

    mess(&server, &m1, &m2, &jid).await;
    counters_agree(&server, &jid).await;
    pass(&server, 31, &[&m1, &m2]).await;
    let ask = m1.ask(&server).await;
    m1.answers(&ask, |said| said.not_found = vec!["silent".to_owned(), "late".to_owned()]).await;
    becomes(&server, &jid, "late", OutcomeState::ResultUnknown).await;
    let missing = ends(&server, &jid, CommandState::CompletedMissingReturns).await;
    assert_eq!(
        (missing.expected, missing.returned, missing.returned_good, missing.returned_failed),
        (7, 5, 4, 1)
    );
    counters_agree(&server, &jid).await;
    m1.returns(&jid, "late", json!(true)).await;
    m1.returns(&jid, "late", json!(true)).await;
    counters_agree(&server, &jid).await;

    let found = details(&server, &jid).await;
    let silent = &found["silent"];
    assert!(!silent.has_return && silent.has_errors.is_none() && !silent.reason.is_empty(), "{silent:?}");
    let marks = |id: &str| (found[id].late, found[id].ran_twice, found[id].unexpected);
    assert_eq!(marks("late"), (true, false, false));
    assert_eq!(marks("twice"), (false, true, false));
    assert_eq!(marks("stranger"), (false, false, true));
    assert_eq!(
        (found["good"].witnesses, found["good"].has_return, found["bad"].has_errors),
        (2, true, Some(true))
    );
    let last = cmd(&server, &jid).await;
    assert_eq!((last.expected, last.returned, last.returned_good, last.returned_failed), (7, 6, 5, 1));
    assert_eq!((last.not_returned, last.state), (1, CommandState::CompletedMissingReturns));
    let status = status(&server, &jid).await;
    assert_eq!((status.returned, status.open, status.done), (6, 0, true));
    server.stop().await;
}

#[tokio::test]
async fn the_database_refuses_an_open_outcome_without_deadline_a_final_one_with_and_unknown_states() {
    let server = Server::start().await;
    let [_m1] = cluster(&server, Failover, ["m1"], &[("w1", &["m1"])]).await;
    let jid = send(&server, "eu-web", "*").await;
    let client = server.db.db().client().await.unwrap();
    for wrong in [
        "UPDATE outcome SET deadline = NULL",
        "UPDATE outcome SET state = 'succeeded'",
        "UPDATE outcome SET state = 'lost', deadline = NULL",
        "UPDATE command SET state = 'finished'",
        "UPDATE delivery SET state = 'sent'",
    ] {
        let refused = client.batch(wrong).await.unwrap_err();
        assert!(refused.internal().contains("constraint"), "{wrong}: {}", refused.internal());
    }
    assert_eq!(details(&server, &jid).await["w1"].state, OutcomeState::Queued);
    server.stop().await;
}

/// No statement can change a state or a reason and forget the one before; only the deadline moves silently.
#[tokio::test]
async fn every_change_of_an_outcome_is_kept_whatever_statement_makes_it() {
    let server = Server::start().await;
    let [_m1] = cluster(&server, Failover, ["m1"], &[("w1", &["m1"])]).await;
    send(&server, "eu-web", "*").await;
    let client = server.db.db().client().await.unwrap();
    client
        .batch(
            "UPDATE outcome SET deadline = deadline + '1 s'::interval;
             UPDATE outcome SET state = 'delivered', reason = 'told', changed_at = changed_at + '1 s'::interval;
             UPDATE outcome SET asked = 1, witnesses = 1;
             UPDATE outcome SET state = 'no_answer', reason = 'nothing came', changed_at = changed_at + '1 s'::interval, deadline = NULL;
             UPDATE outcome SET late = true, changed_at = changed_at + '1 s'::interval;",
        )
        .await
        .unwrap();
    let past = "SELECT p.state, p.reason, p.late, p.at < o.changed_at AS before FROM outcome o, unnest(o.past) p ORDER BY p.at";
    let rows = client.query(past, &[]).await.unwrap();
    let was: Vec<(String, bool, bool)> =
        rows.iter().map(|row| (row.get("state"), row.get("late"), row.get("before"))).collect();
    let was: Vec<(&str, bool, bool)> =
        was.iter().map(|(state, late, before)| (state.as_str(), *late, *before)).collect();
    assert_eq!(was, [("queued", false, true), ("delivered", false, true), ("no_answer", false, true)]);
    server.stop().await;
}
