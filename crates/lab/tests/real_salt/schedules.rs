//! A schedule of a saved job on a target group of both clusters: each planned time runs once, whatever becomes of its server.

use jiff::{SignedDuration, Timestamp};
use raas_api::Jid;
use raas_api::schedule::{HistoryEntry, RunState};
use raas_lab::{Stage, wait};
use serde_json::{Value, json};

use super::saved::Saved;
use super::{PATIENCE, call};

/// The moment, as the machine's clock shows it to the server.
#[allow(clippy::disallowed_methods, reason = "a schedule on a real server goes by the real clock")]
fn now() -> Timestamp {
    Timestamp::now()
}

/// It runs when it is saved, and once more at a time at which its server is dead.
pub(super) async fn each_planned_time_runs_once_also_when_no_server_was_there_for_it(stage: &mut Stage) {
    let saved = Saved::new(stage, "scheduled").await;
    let second = Timestamp::from_second(now().as_second()).unwrap() + SignedDuration::from_secs(6);
    let schedule = json!({
        "name": "scheduled", "job_uuid": saved.job, "tgt_uuid": saved.group, "arg": {"kwarg": {"stdin": "night"}},
        "schedule": {"once": second.to_string(), "run_on_start": true},
    });
    let uuid = call(stage, "schedule.save", schedule).await.ret;
    dealt_with(stage, &uuid, 1).await;
    stage.server.kill().unwrap();
    wait::until_true("the second planned time to pass", PATIENCE, || now() > second).await.unwrap();
    stage.server.start().await.unwrap();

    let [late, first] = &dealt_with(stage, &uuid, 2).await[..] else { unreachable!() };
    assert_eq!((late.start_time, first.start_time < second), (second, true), "{late:?} {first:?}");
    let mut jids: Vec<Jid> = Vec::new();
    for one in [first, late] {
        eprintln!("         {} fired at {}: {}", one.start_time, one.fired_at, one.reason);
        assert_eq!((one.state, one.sched_name.as_str()), (RunState::Fired, "scheduled"), "{one:?}");
        assert_eq!(
            (one.job_name.as_deref(), one.tgt_name.as_deref()),
            (Some("scheduled"), Some("scheduled")),
            "{one:?}"
        );
        jids.push(one.jid.clone().unwrap());
    }
    assert_ne!(jids[0], jids[1]);
    for jid in &jids {
        stage.api.all_succeeded(jid, 4, PATIENCE).await.unwrap();
    }
    for jid in &jids {
        saved.ran(stage, jid, "night", 2).await;
    }
    let found = call(stage, "cmd.get_cmds", json!({"sched_uuid": uuid})).await.ret;
    assert_eq!(found["count"], 2, "{found}");
}

/// Waits until exactly so many planned times were dealt with; newest first.
async fn dealt_with(stage: &Stage, uuid: &Value, count: usize) -> Vec<HistoryEntry> {
    wait::until(&format!("{count} planned times to be dealt with"), PATIENCE, || async {
        let page = call(stage, "schedule.search_history", json!({"uuid": uuid, "limit": -1})).await.ret;
        let found: Vec<HistoryEntry> = serde_json::from_value(page["results"].clone()).unwrap();
        if found.len() == count { Ok(found) } else { Err(format!("{found:?}")) }
    })
    .await
    .unwrap()
}
