//! Highstates: what runs of states made of minions, written as returns come in, whatever minions send; and for many.

use raas_api::{
    Call, Jid,
    cmd::{
        GetHighstateMinionDetails, GetHighstateMinionDetailsParams, GetHighstateMinions,
        GetHighstateMinionsParams, GetHighstateStateDetails, GetHighstateStateDetailsParams,
        GetHighstateStates, GetHighstateStatesParams, GetHighstateStats, GetHighstateStatsParams,
        HighstateMinions,
    },
};
use raas_client::Client;
use raas_db::Session as _;
use raas_wire::{ClusterKind::Failover, Report, Return, ReturnSource};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::{
    hands::{Master, cluster},
    watch::{ends, send_fun},
};
use crate::{
    people::scopes::limited,
    support::{Server, until},
};

fn params<T: DeserializeOwned>(value: Value) -> T {
    serde_json::from_value(value).unwrap()
}

/// One state as Salt returns it.
fn state(id: &str, result: &Value, changes: &Value) -> Value {
    json!({"__id__": id, "__sls__": "web", "__run_num__": 0, "result": result, "changes": changes, "duration": 10.0,
           "comment": format!("said of {id}")})
}

/// A run that somebody started on the master: the minion returns these states, by id.
async fn returns(master: &Master, jid: &str, minion: &str, call: (&str, Value), value: Value) {
    master.plugin.report([run(jid, minion, call, value)]).await;
}

fn run(jid: &str, minion: &str, (fun, args): (&str, Value), value: Value) -> Report {
    let success = value.is_object();
    Report::Return(Return {
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
    })
}

/// Waits until every return is worked in.
async fn worked_in(server: &Server) {
    until("runs of states are worked in", async || {
        let client = server.db.db().client().await.unwrap();
        let row = client.query_one("SELECT count(*) AS left FROM highstate_todo", &[]).await.unwrap();
        let left: i64 = row.try_get("left").unwrap();
        if left == 0 { Ok(()) } else { Err(format!("{left} left")) }
    })
    .await;
}

fn map(states: &[(&str, Value)]) -> Value {
    Value::Object(states.iter().map(|(id, one)| (format!("x_|-{id}_|-{id}_|-y"), one.clone())).collect())
}

/// A jid of this moment's day.
fn jid(n: u32) -> String {
    format!("20260102030405{n:06}")
}

async fn minions(server: &Server, asked: Value) -> HighstateMinions {
    worked_in(server).await;
    server.call::<GetHighstateMinions>(&params::<GetHighstateMinionsParams>(asked)).await
}

/// Ids of the states that a minion has.
async fn states_of(server: &Server, minion: &str) -> Vec<String> {
    worked_in(server).await;
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

/// Runs of one minion that wait side by side are worked in at once: what comes of them is what one after the other would make.
#[tokio::test]
async fn runs_that_are_worked_in_together_count_as_if_they_had_come_one_by_one() {
    let server = Server::start().await;
    let [m1] = cluster(&server, Failover, ["m1"], &[("w1", &["m1"]), ("w2", &["m1"])]).await;
    let one = |id, result: bool| (id, state(id, &json!(result), &json!({})));
    let whole = || (WHOLE, json!([]));
    let together = [
        run(&jid(1), "w1", whole(), map(&[one("old", false)])),
        run(&jid(2), "w1", whole(), json!(["Rendering SLS 'web' failed"])),
        run(&jid(3), "w1", whole(), map(&[one("a", false), one("b", true)])),
        run(&jid(3), "w2", whole(), json!(["Rendering SLS 'web' failed"])),
        run(&jid(4), "w1", ("state.sls", json!(["web"])), map(&[one("a", true)])),
    ];
    m1.plugin.report(together).await;
    assert_eq!(states_of(&server, "w1").await, ["a", "b"]);
    let failed = minions(&server, json!({"result": false})).await;
    let ids: Vec<_> = failed.results.iter().map(|row| row.minion_id.as_str()).collect();
    assert_eq!(ids, ["w2"], "w1 was rendered after all, and a is good by now");
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
    worked_in(&server).await;

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

/// The answer of a method, with what nothing but its speed may change left out: which jobs are named.
async fn told(client: &Client, method: &str, asked: &Value) -> Value {
    let (resource, method) = method.split_once('.').unwrap();
    let kwarg = asked.as_object().cloned();
    let call =
        Call { resource: resource.to_owned(), method: method.to_owned(), arg: None, kwarg, riq: Value::Null };
    let mut reply = client.raw(&call).await.unwrap().ret;
    for row in reply["results"].as_array_mut().unwrap() {
        row.as_object_mut().unwrap().remove("jids");
    }
    reply
}

/// Sixty runs of any kind, in any order: whole ones, parts, dry runs, failures, the same jid twice.
async fn any_runs(server: &Server, master: &Master, minions: &[&str]) {
    let mut dice = 7_u32;
    let mut roll = |sides: u32| {
        dice = dice.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (dice >> 16) % sides
    };
    for n in 0..60 {
        let minion = minions[roll(3) as usize];
        let fun = [WHOLE, "state.sls", "state.apply"][roll(3) as usize];
        let args =
            [json!([]), json!(["web"]), json!([{"__kwarg__": true, "test": true}])][roll(3) as usize].clone();
        let mut states = Vec::new();
        for _ in 0..=roll(5) {
            let id = format!("s{}", roll(6));
            let changes = if roll(2) > 0 { json!({"a": 1}) } else { json!({}) };
            let one = state(&id, &json!(roll(3) > 0), &changes);
            states.push((id, one));
        }
        let states: Vec<(&str, Value)> = states.iter().map(|(id, one)| (id.as_str(), one.clone())).collect();
        let value = if roll(8) == 0 { json!(["not rendered"]) } else { map(&states) };
        returns(master, &jid(1 + roll(40)), minion, (fun, args), value).await;
        if n == 30 {
            worked_in(server).await;
        }
    }
    worked_in(server).await;
}

/// What is kept of minions, and what each jid made of states: as the rows say.
async fn sums_are_right(server: &Server) {
    let client = server.db.db().client().await.unwrap();
    let differ = "SELECT count(*) AS n FROM (SELECT cluster_id, minion_id, test, count(*) AS states, count(*) FILTER (WHERE NOT result) \
                  AS failed, count(*) FILTER (WHERE num_changes > 0) AS changed, sum(duration) AS duration FROM highstate_row r WHERE \
                  EXISTS (SELECT FROM minion m WHERE m.minion_id = r.minion_id) GROUP BY 1, 2, 3) r FULL JOIN highstate_sum s USING \
                  (cluster_id, minion_id, test) WHERE (r.states, r.failed, r.changed, r.duration) IS DISTINCT FROM \
                  (s.states::bigint, s.failed::bigint, s.changed::bigint, s.duration)";
    assert_eq!(client.query_one(differ, &[]).await.unwrap().try_get::<_, i64>("n").unwrap(), 0);
    let of_jids = "SELECT jid, count(DISTINCT state_key) AS states FROM highstate_row WHERE NOT test AND EXISTS (SELECT FROM minion m \
                   WHERE m.minion_id = highstate_row.minion_id) GROUP BY jid";
    for row in client.query(of_jids, &[]).await.unwrap() {
        let (jid, states): (String, i64) = (row.try_get("jid").unwrap(), row.try_get("states").unwrap());
        let told = told(&server.root, "cmd.get_highstate_states", &json!({"jid": jid})).await;
        assert_eq!(told["count"].as_i64(), Some(states), "{jid}: {told}");
    }
}

/// A minion whose key goes and comes back before anybody forgot what its runs made.
#[tokio::test]
async fn a_minion_that_went_and_came_back_is_seen_as_before() {
    let server = Server::start().await;
    let [m1] = cluster(&server, Failover, ["m1"], &[("w1", &["m1"]), ("w2", &["m1"])]).await;
    let one = || map(&[("a", state("a", &json!(true), &json!({})))]);
    for minion in ["w1", "w2"] {
        returns(&m1, &jid(1), minion, (WHOLE, json!([])), one()).await;
    }
    assert_eq!(minions(&server, json!({})).await.count, 2);
    // Nothing is worked in meanwhile.
    let mut client = server.db.db().client().await.unwrap();
    let tx = client.transaction().await.unwrap();
    until("nobody works runs of states in", async || {
        if raas_db::highstate::lock(&tx).await.unwrap() { Ok(()) } else { Err("somebody does".to_owned()) }
    })
    .await;
    m1.has_keys(&["w2"]).await;
    let left = server.call::<GetHighstateMinions>(&params(json!({}))).await;
    assert_eq!(left.count, 1, "who went is in no list");
    let of_state = params(json!({"state": "a"}));
    let left = server.call::<GetHighstateStateDetails>(&of_state).await;
    assert_eq!((left.count, left.results[0].minion_id.as_str()), (1, "w2"));
    m1.has_keys(&["w1", "w2"]).await;
    tx.rollback().await.unwrap();
    let back = minions(&server, json!({})).await;
    assert_eq!((back.count, back.results[0].minion_id.as_str()), (2, "w1"));
    assert_eq!(server.call::<GetHighstateStateDetails>(&of_state).await.count, 2);
    // Whoever went and is forgotten comes back with none of the returns that were on their way.
    m1.has_keys(&["w2"]).await;
    worked_in(&server).await;
    returns(&m1, &jid(2), "w1", (WHOLE, json!([])), one()).await;
    worked_in(&server).await;
    assert_eq!(server.call::<GetHighstateStateDetails>(&of_state).await.count, 1);
    m1.has_keys(&["w1", "w2"]).await;
    worked_in(&server).await;
    sums_are_right(&server).await;
    server.stop().await;
}

#[tokio::test]
async fn a_filter_that_leaves_no_run_out_shows_the_jobs_that_it_means() {
    let server = Server::start().await;
    let [m1] = cluster(&server, Failover, ["m1"], &[("w1", &["m1"])]).await;
    for n in 1..=3 {
        let one = map(&[("a", state("a", &json!(true), &json!({})))]);
        returns(&m1, &jid(n), "w1", (WHOLE, json!([])), one).await;
    }
    worked_in(&server).await;
    for asked in
        [json!({"jid": jid(3)}), json!({"age_limit": 100}), json!({"saltenv": "base", "jid": jid(3)})]
    {
        let asked = params::<GetHighstateStatesParams>(asked);
        let states = server.call::<GetHighstateStates>(&asked).await;
        assert_eq!(states.results[0].jids, [jid(3)], "{asked:?}");
    }
    server.stop().await;
}

/// Kept totals are what counting anew makes: of runs in any order, parts, dry runs, failures, and minions that went.
#[tokio::test]
async fn totals_that_are_kept_are_what_counting_anew_makes() {
    let server = Server::start().await;
    let all: &[(&str, &[&str])] = &[("w1", &["m1"]), ("w2", &["m1"]), ("w3", &["m1"])];
    let [m1] = cluster(&server, Failover, ["m1"], all).await;
    let everybody = limited(&server, "reader", "*", &[]).await;
    any_runs(&server, &m1, &["w1", "w2", "w3"]).await;
    // For an account with a limit the rows themselves are counted.
    for test in [false, true] {
        for asked in [json!({"test": test}), json!({"test": test, "age_limit": 1_000_000, "saltenv": "base"})]
        {
            let kept = told(&server.root, "cmd.get_highstate_states", &asked).await;
            assert!(kept["count"].as_i64().unwrap() > 2, "{kept}");
            assert_eq!(kept, told(&everybody, "cmd.get_highstate_states", &asked).await);
        }
    }
    sums_are_right(&server).await;
    let days = json!({});
    let kept = told(&server.root, "cmd.get_highstate_stats", &days).await;
    assert_eq!((kept["count"].as_i64(), kept["results"][0]["total_minions"].as_i64()), (Some(1), Some(3)));
    assert_eq!(kept, told(&everybody, "cmd.get_highstate_stats", &days).await);
    // A minion that went is in no total any more.
    m1.has_keys(&["w1", "w2"]).await;
    worked_in(&server).await;
    let kept = told(&server.root, "cmd.get_highstate_states", &json!({})).await;
    assert_eq!(kept, told(&everybody, "cmd.get_highstate_states", &json!({})).await);
    sums_are_right(&server).await;
    assert!(
        kept["results"].as_array().unwrap().iter().all(|row| row["total_minions"].as_i64() < Some(3)),
        "{kept}"
    );
    server.stop().await;
}

/// An account that is limited sees its own minions, in rows and in sums.
#[tokio::test]
async fn whoever_is_limited_sees_highstates_of_their_own_minions() {
    let server = Server::start().await;
    let all: &[(&str, &[&str])] = &[("web1", &["m1"]), ("web2", &["m1"]), ("db1", &["m1"])];
    let [m1] = cluster(&server, Failover, ["m1"], all).await;
    let webber = limited(&server, "webber", "web*", &[]).await;
    for (minion, _) in all {
        let states = map(&[("a", state("a", &json!(*minion != "db1"), &json!({})))]);
        returns(&m1, &jid(1), minion, (WHOLE, json!([])), states).await;
    }
    worked_in(&server).await;
    let seen = told(&webber, "cmd.get_highstate_minions", &json!({})).await;
    assert_eq!((&seen["count"], &seen["summary"]["minions_failed"]), (&json!(2), &json!(0)), "{seen}");
    let seen = told(&webber, "cmd.get_highstate_states", &json!({})).await;
    assert_eq!(
        (&seen["results"][0]["total_minions"], &seen["summary"]["states_failed"]),
        (&json!(2), &json!(0))
    );
    let seen = told(&webber, "cmd.get_highstate_state_details", &json!({"state": "a"})).await;
    assert_eq!((&seen["count"], &seen["summary"]["total_minions"]), (&json!(2), &json!(2)));
    for (minion, count) in [("db1", 0), ("web1", 1)] {
        let seen = told(&webber, "cmd.get_highstate_minion_details", &json!({"minion_id": minion})).await;
        assert_eq!(seen["count"], json!(count), "{minion}");
    }
    let seen = told(&webber, "cmd.get_highstate_stats", &json!({})).await;
    assert_eq!(
        (&seen["results"][0]["total_minions"], &seen["results"][0]["minions_failed"]),
        (&json!(2), &json!(0))
    );
    server.stop().await;
}

/// 10,000 minions with 30 states each: every view answers, with the right totals.
#[tokio::test]
async fn the_views_hold_for_ten_thousand_minions() {
    let server = Server::start().await;
    let [_m1] = cluster(&server, Failover, ["m1"], &[("w1", &["m1"])]).await;
    let client = server.db.db().client().await.unwrap();
    // In parts: each has to be done within the time limit of a statement, also on a busy machine.
    for first in (1..10_000).step_by(1_000) {
        let rows = format!(
            "INSERT INTO highstate_row SELECT 'eu-web', 'n' || i, false, md5('s' || s)::uuid, '20260102030405000001', 'base', 's' || s,
                 'web', s, i % 100 <> 0 OR s <> 7, (i % 10 = 0)::int, 2.0, '{{}}', 'ok', now()
             FROM generate_series({first}, {first} + 999) i, generate_series(1, 30) s"
        );
        client.batch(&rows).await.unwrap();
    }
    for sql in [
        "INSERT INTO minion (cluster_id, minion_id, created_at) SELECT 'eu-web', 'n' || i, now() FROM generate_series(1, 10000) i",
        "INSERT INTO highstate_total SELECT cluster_id, minion_id, test, saltenv, jid, max(returned_at), count(*),
             count(*) FILTER (WHERE NOT result), count(*) FILTER (WHERE num_changes > 0), sum(duration)
         FROM highstate_row GROUP BY cluster_id, minion_id, test, saltenv, jid",
        "INSERT INTO highstate_count SELECT test, state_key, cluster_id, state, sls, count(*), count(*) FILTER (WHERE NOT result),
             count(*) FILTER (WHERE num_changes > 0), sum(duration::numeric), array_agg(DISTINCT jid), array_agg(DISTINCT saltenv)
         FROM highstate_row GROUP BY test, state_key, cluster_id, state, sls",
        "INSERT INTO highstate_sum SELECT cluster_id, minion_id, test, sum(states), sum(failed), sum(changed), sum(duration)
         FROM highstate_total GROUP BY cluster_id, minion_id, test",
        "ANALYZE minion, highstate_row, highstate_total, highstate_count, highstate_sum",
    ] {
        client.batch(sql).await.unwrap();
    }
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
    println!("four views of 10,000 minions with 30 states each: {:?}", began.elapsed());
    server.stop().await;
}
