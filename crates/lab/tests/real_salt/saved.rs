//! A saved job on a saved target group: whom it means in both clusters runs it once, through the masters that the kind of each demands.

use raas_api::Jid;
use raas_lab::{Stage, wait};
use serde_json::{Value, json};

use super::trace::Trace;
use super::{DB, PATIENCE, WEB, call, ids};

/// Whom the group means: two minions of each cluster.
const WHOM: [&str; 4] = ["eu-db-2", "eu-db-3", "eu-web-1", "eu-web-2"];

/// A saved job that leaves a word in a trace, on a group of its own.
pub(super) struct Saved {
    pub(super) group: Value,
    pub(super) job: Value,
    pub(super) trace: Trace,
}

impl Saved {
    pub(super) async fn new(stage: &Stage, name: &str) -> Self {
        let tgt = json!({
            WEB: {"tgt": "G@number:1 or L@eu-web-2", "tgt_type": "compound"},
            DB: {"tgt": "number:[23]", "tgt_type": "grain_pcre"},
        });
        let trace = Trace::new(stage, name);
        let group = call(stage, "tgt.save_target_group", json!({"name": name, "tgt": tgt})).await.ret;
        let kwarg = json!({
            "stdin": {"display_name": "Word", "input_type": "select", "select": ["morning", "night", "noon"], "default": "noon"},
            "timeout": {"display_name": "Patience", "input_type": "number", "default": 60},
            "template": {"input_type": "string", "default": "jinja", "required": true, "hidden": true},
            "python_shell": {"input_type": "bool", "default": true, "required": true, "hidden": true},
        });
        let arg = json!({"arg": [trace.script("say $(cat)")], "kwarg": kwarg});
        let job = json!({"name": name, "fun": "cmd.run", "tgt_uuid": group, "arg": arg});
        let job = call(stage, "job.save_job", job).await.ret;
        Self { group, job, trace }
    }

    /// Each minion of the group, and nobody else, answers once; and each has written this word so many times, run after run.
    pub(super) async fn ran(&self, stage: &mut Stage, jid: &Jid, word: &str, times: usize) {
        let outcomes = stage.api.all_succeeded(jid, WHOM.len(), PATIENCE).await.unwrap();
        assert_eq!(ids(&outcomes), WHOM);
        assert!(outcomes.iter().all(|one| !one.ran_twice && !one.unexpected), "{outcomes:?}");
        let wrote = self.trace.who(word);
        assert!(wrote.keys().eq(WHOM) && wrote.values().all(|count| *count == times), "{word}: {wrote:?}");
        let all = publishers(stage, WEB, jid);
        assert_eq!(all, ["eu-web-m1", "eu-web-m2"], "every master of a failover cluster");
    }
}

/// Masters of a cluster that published the job, by their own job caches.
fn publishers(stage: &mut Stage, cluster: &str, jid: &Jid) -> Vec<String> {
    let masters = stage.salt.cluster(cluster).unwrap().masters();
    masters.iter().filter(|one| one.knows_job(jid.as_str())).map(|one| one.id().to_owned()).collect()
}

/// Waits until one master of the hot-hot cluster was freshly seen to hold all of them: then it is told alone.
async fn on_one_master(stage: &Stage, job: &Value) {
    wait::until("one master of eu-db to be enough", PATIENCE, || async {
        let plan = call(stage, "cmd.plan_cmd", json!({"job_uuid": job})).await.ret;
        let part = plan["parts"].as_array().unwrap().iter().find(|part| part["cluster_id"] == DB).unwrap();
        if part["masters"].as_array().unwrap().len() == 1 { Ok(()) } else { Err(part.to_string()) }
    })
    .await
    .unwrap();
}

pub(super) async fn a_saved_job_runs_once_on_each_minion_of_its_target_group(stage: &mut Stage) {
    let saved = Saved::new(stage, "by-hand").await;
    let means = call(stage, "tgt.get_target_group_minions", json!({"tgt_uuid": saved.group})).await.ret;
    let mut means: Vec<&str> = means
        .as_object()
        .unwrap()
        .values()
        .flat_map(|one| one.as_array().unwrap())
        .filter_map(Value::as_str)
        .collect();
    means.sort_unstable();
    assert_eq!(means, WHOM);

    on_one_master(stage, &saved.job).await;
    let jid = call(stage, "cmd.route_cmd", json!({"job_uuid": saved.job})).await.ret;
    let jid = serde_json::from_value(jid).unwrap();
    saved.ran(stage, &jid, "noon", 1).await;
    let one = publishers(stage, DB, &jid);
    assert_eq!(one.len(), 1, "one master of a hot-hot cluster: {one:?}");
    let morning =
        json!({"job_uuid": saved.job, "tgt_uuid": saved.group, "arg": {"kwarg": {"stdin": "morning"}}});
    let jid = call(stage, "cmd.route_cmd", morning).await.ret;
    saved.ran(stage, &serde_json::from_value(jid).unwrap(), "morning", 1).await;
    for (input, said) in [
        (json!({"stdin": "midnight"}), "\"arg.kwarg.stdin\" is \"midnight\""),
        (json!({"timeout": "soon"}), "\"arg.kwarg.timeout\" is \"soon\""),
        (json!({"python_shell": false}), "\"arg.kwarg.python_shell\" is no input of this job"),
    ] {
        let wrong = json!({"job_uuid": saved.job, "arg": {"kwarg": input}});
        let sentence = stage.api.raw("cmd", "route_cmd", wrong).await.unwrap_err().to_string();
        assert!(sentence.contains(said), "{sentence}");
    }
}
