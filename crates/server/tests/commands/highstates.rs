//! Highstates: what runs of states made of minions, written as returns come in, whatever minions send; and for many.

use raas_api::{
    Jid,
    cmd::{
        GetHighstateMinionDetails, GetHighstateMinionDetailsParams, GetHighstateMinions,
        GetHighstateMinionsParams, GetHighstateStateDetails, GetHighstateStateDetailsParams,
        GetHighstateStates, GetHighstateStatesParams, GetHighstateStats, GetHighstateStatsParams,
        HighstateMinions,
    },
};
use raas_db::Session as _;
use raas_wire::{ClusterKind::Failover, Report, Return, ReturnSource};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::{
    hands::{Master, cluster},
    watch::{ends, send_fun},
};
use crate::support::Server;

fn params<T: DeserializeOwned>(value: Value) -> T {
    serde_json::from_value(value).unwrap()
}

/// One state as Salt returns it.
fn state(id: &str, result: &Value, changes: &Value) -> Value {
    json!({"__id__": id, "__sls__": "web", "__run_num__": 0, "result": result, "changes": changes, "duration": 10.0,
           "comment": format!("said of {id}")})
}

/// A run that somebody started on the master: the minion returns these states, by id.
async fn returns(master: &Master, jid: &str, minion: &str, (fun, args): (&str, Value), value: Value) {
    let success = value.is_object();
    let one = Return {
        jid: jid.to_owned(),
        minion_id: minion.to_owned(),
        fun: fun.to_owned(),
        fun_args: args.into(),
        success,
        retcode: i64::from(!success),
        ret: value.into(),
        original: None,
        extra: None,
        source: ReturnSource::Bus,
        trimmed: false,
    };
    master.plugin.report([Report::Return(one)]).await;
}

fn map(states: &[(&str, Value)]) -> Value {
    Value::Object(states.iter().map(|(id, one)| (format!("x_|-{id}_|-{id}_|-y"), one.clone())).collect())
}

/// A jid of this moment's day.
fn jid(n: u32) -> String {
    format!("20260102030405{n:06}")
}

async fn minions(server: &Server, asked: Value) -> HighstateMinions {
    server.call::<GetHighstateMinions>(&params::<GetHighstateMinionsParams>(asked)).await
}

/// Ids of the states that a minion has.
async fn states_of(server: &Server, minion: &str) -> Vec<String> {
    let asked = params::<GetHighstateMinionDetailsParams>(json!({"minion_id": minion, "sort_by": "state"}));
    let page = server.call::<GetHighstateMinionDetails>(&asked).await;
    page.results.into_iter().map(|row| row.state).collect()
}

const WHOLE: &str = "state.highstate";

#[tokio::test]
async fn the_newest_result_of_every_state_counts_and_a_whole_highstate_replaces_what_is_older() {
    let server = Server::start().await;
    let [m1] = cluster(&server, Failover, ["m1"], &[("w1", &["m1"]), ("w2", &["m1"])]).await;
    let (good, bad) = (|id| state(id, &json!(true), &json!({})), |id| state(id, &json!(false), &json!({})));
    let changed = |id| state(id, &json!(true), &json!({"new": 1, "old": 2}));
    returns(&m1, &jid(1), "w1", (WHOLE, json!([])), map(&[("a", good("a")), ("b", bad("b"))])).await;
    returns(&m1, &jid(1), "w2", (WHOLE, json!([])), map(&[("a", changed("a"))])).await;
    let all = minions(&server, json!({})).await;
    assert_eq!((all.count, all.summary.total_minions, all.summary.minions_failed), (2, 2, 1));
    assert_eq!((all.summary.minions_changed, all.summary.avg_states_per_minion), (1, 1.5));
    let w1 = &all.results[0];
    assert_eq!(
        (w1.minion_id.as_str(), w1.master_id.as_str(), w1.total_states, w1.states_failed),
        ("w1", "m1", 2, 1)
    );
    assert_eq!(
        (w1.total_duration, w1.jids.as_slice(), w1.saltenvs[0].as_str()),
        (20.0, &[jid(1)][..], "base")
    );

    // A part: its states are newer, the others stay.
    returns(&m1, &jid(3), "w1", ("state.sls", json!(["web"])), map(&[("b", good("b")), ("c", good("c"))]))
        .await;
    assert_eq!(states_of(&server, "w1").await, ["a", "b", "c"]);
    assert_eq!(minions(&server, json!({"result": false})).await.count, 0);
    // An older one comes late, a dry run changes nothing, a newer whole one is all there is.
    returns(&m1, &jid(2), "w1", (WHOLE, json!([])), map(&[("b", bad("b"))])).await;
    assert_eq!(states_of(&server, "w1").await, ["b", "c"], "what the whole one had not named is gone");
    let dry = json!([{"__kwarg__": true, "test": true}]);
    let would = map(&[("d", state("d", &json!(null), &json!({"would": "be"})))]);
    returns(&m1, &jid(4), "w1", (WHOLE, dry), would).await;
    assert_eq!(states_of(&server, "w1").await, ["b", "c"]);
    assert_eq!(minions(&server, json!({"test": true})).await.results[0].states_changed, 1);
    assert_eq!(minions(&server, json!({"result": false})).await.count, 0, "the newer result of b stayed");
    returns(&m1, &jid(5), "w1", (WHOLE, json!([])), json!(["No matching sls found"])).await;
    let failed = minions(&server, json!({"result": false})).await;
    assert_eq!((failed.count, failed.results[0].states_failed), (1, 1), "not rendered");
    assert_eq!(failed.summary.total_minions, 2, "the summary is of everything");
    assert_eq!(
        minions(&server, json!({"result": false, "filter_summary": true})).await.summary.total_minions,
        1
    );
    returns(&m1, &jid(6), "w1", (WHOLE, json!([])), map(&[("e", good("e"))])).await;
    assert_eq!(states_of(&server, "w1").await, ["e"]);
    server.stop().await;
}

#[tokio::test]
async fn states_are_seen_over_all_minions_and_day_by_day() {
    let server = Server::start().await;
    let [m1] = cluster(&server, Failover, ["m1"], &[("w1", &["m1"]), ("w2", &["m1"])]).await;
    let job: Jid = send_fun(&server, "eu-web", "*", WHOLE).await;
    m1.publishes(&server, &["w1", "w2"]).await;
    let one = |result: bool| map(&[("a", state("a", &json!(result), &json!({"to": "b"})))]);
    returns(&m1, job.as_str(), "w1", (WHOLE, json!([])), one(true)).await;
    returns(&m1, job.as_str(), "w2", (WHOLE, json!([])), one(false)).await;
    ends(&server, &job, raas_api::CommandState::CompletedAllSuccessful).await;

    let states = server.call::<GetHighstateStates>(&params::<GetHighstateStatesParams>(json!({}))).await;
    let a = &states.results[0];
    assert_eq!((a.state.as_str(), a.sls.as_str(), a.total_minions, a.minions_failed), ("a", "web", 2, 1));
    assert_eq!((states.summary.total_states, states.summary.states_failed, a.minions_changed), (1, 1, 2));
    let asked =
        params::<GetHighstateStateDetailsParams>(json!({"state": "a", "result": false, "comment": "said"}));
    let page = server.call::<GetHighstateStateDetails>(&asked).await;
    assert_eq!((page.count, page.summary.total_minions, page.results[0].minion_id.as_str()), (1, 2, "w2"));
    assert_eq!(
        (&page.results[0].changes, page.results[0].comment.as_str()),
        (&json!({"to": "b"}), "said of a")
    );

    let days = server.call::<GetHighstateStats>(&GetHighstateStatsParams::default()).await;
    let day = &days.results[0];
    assert_eq!((days.count, day.total_minions, day.minions_failed, day.states_succeeded), (1, 2, 1, 1));
    assert_eq!(day.date.replace('-', ""), job.as_str()[..8], "the day of the jid");
    server.stop().await;
}

#[tokio::test]
async fn whatever_a_minion_sends_is_taken_as_its_return_and_touches_its_own_rows_only() {
    let server = Server::start().await;
    let [m1] = cluster(&server, Failover, ["m1"], &[("w1", &["m1"])]).await;
    let deep = "[".repeat(100) + &"]".repeat(100);
    let odd = [
        json!("text"),
        json!(null),
        json!({"": {"result": {}, "__id__": [], "changes": 7, "duration": 1e300, "__run_num__": "x"}}),
        json!({"a\0": {"result": false, "comment": "\0\u{1F600}", "changes": {"\0": serde_json::from_str::<Value>(&deep).unwrap()}}}),
        json!([{}, [[]], 5]),
    ];
    for (n, value) in (1..).zip(odd) {
        returns(&m1, &jid(n), "w1", (WHOLE, json!({"no": "list"})), value).await;
    }
    let letters = server.raw("admin.get_dead_letters", json!([]), json!({})).await.unwrap();
    assert_eq!(letters["count"], json!(0), "{letters}");
    assert_eq!(minions(&server, json!({})).await.results[0].minion_id, "w1");
    server.stop().await;
}

/// 10,000 minions with 30 states each: every view answers, with the right totals.
#[tokio::test]
async fn the_views_hold_for_ten_thousand_minions() {
    let server = Server::start().await;
    let [_m1] = cluster(&server, Failover, ["m1"], &[("w1", &["m1"])]).await;
    let client = server.db.db().client().await.unwrap();
    client
        .batch(
            "INSERT INTO minion (cluster_id, minion_id, created_at) SELECT 'eu-web', 'n' || i, now() FROM generate_series(1, 10000) i;
             INSERT INTO highstate_row SELECT 'eu-web', 'n' || i, false, md5('s' || s)::uuid, '20260102030405000001', 'base', 's' || s,
                 'web', s, i % 100 <> 0 OR s <> 7, (i % 10 = 0)::int, 2.0, '{}', 'ok', now()
             FROM generate_series(1, 10000) i, generate_series(1, 30) s;
             ANALYZE minion, highstate_row",
        )
        .await
        .unwrap();
    let began = std::time::Instant::now();
    let failed = minions(&server, json!({"result": false, "sort_by": "minion_id", "limit": 10})).await;
    assert_eq!((failed.count, failed.results.len(), failed.summary.total_minions), (100, 10, 10_000));
    assert_eq!((failed.summary.minions_failed, failed.summary.minions_changed), (100, 1_000));
    let asked = params::<GetHighstateStatesParams>(json!({"sort_by": "minions_failed", "reverse": true}));
    let states = server.call::<GetHighstateStates>(&asked).await;
    assert_eq!(
        (states.count, states.results[0].state.as_str(), states.results[0].minions_failed),
        (30, "s7", 100)
    );
    let asked =
        params::<GetHighstateStateDetailsParams>(json!({"state": "s7", "result": false, "limit": -1}));
    assert_eq!(server.call::<GetHighstateStateDetails>(&asked).await.results.len(), 100);
    assert_eq!(states_of(&server, "n10000").await.len(), 30);
    let took = began.elapsed();
    assert!(took.as_secs() < 20, "four views took {took:?}");
    println!("four views of 10,000 minions with 30 states each: {took:?}");
    server.stop().await;
}
