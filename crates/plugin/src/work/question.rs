//! A question of the plugin to minions: a job with an own jid whose answers nobody else hears of.

use std::collections::BTreeMap;
use std::time::Duration;

use raas_salt::{Publication, PublishRequest, RequestError, Value};
use serde_json::json;
use tokio::time::Instant;

use super::Worker;
use crate::jobs;

/// Longest wait for Salt to take the question.
const PUBLISH: Duration = Duration::from_secs(10);

/// What came of it.
#[derive(Debug, Default)]
pub(super) struct Answers {
    /// What each minion that answered said.
    pub(super) said: BTreeMap<String, Value>,
    /// Asked, and did not answer in time.
    pub(super) silent: Vec<String>,
    /// Salt's reply did not name them: they were not asked.
    pub(super) not_here: Vec<String>,
}

/// Asks `minions` (everybody when empty) to run `fun`, and waits until all have answered or `wait` has passed.
pub(super) async fn ask(
    worker: &Worker,
    minions: &[String],
    fun: &str,
    arg: serde_json::Value,
    wait: Duration,
) -> Result<Answers, RequestError> {
    let jid = worker.jids.next(worker.clock.now());
    let mut events = worker.jobs.own(&jid);
    let everybody = minions.is_empty();
    let job = PublishRequest {
        jid: jid.clone(),
        fun: fun.to_owned(),
        arg,
        tgt: if everybody { json!("*") } else { json!(minions) },
        tgt_type: if everybody { "glob" } else { "list" }.to_owned(),
        user: "raas".to_owned(),
        metadata: Some(jobs::own_metadata()),
    };
    let named = match worker.salt.publish(&job, PUBLISH).await? {
        Publication::Sent { minions, .. } => minions,
        Publication::MatchedNone => Vec::new(),
    };
    let until = Instant::now() + wait;
    let prefix = format!("salt/job/{jid}/ret/");
    let mut said = BTreeMap::new();
    while named.iter().any(|id| !said.contains_key(id)) {
        let Ok(Some(event)) = tokio::time::timeout_at(until, events.recv()).await else { break };
        let Some(id) = event.tag.strip_prefix(&prefix) else { continue };
        if event.text("id") == Some(id) && event.text("cmd") == Some("_return") {
            said.insert(id.to_owned(), event.get("return").cloned().unwrap_or(Value::Nil));
        }
    }
    let without_answer = |ids: &[String]| -> Vec<String> {
        ids.iter().filter(|id| !said.contains_key(*id)).cloned().collect()
    };
    let asked = if everybody { &named } else { minions };
    let (silent, not_here) = without_answer(asked).into_iter().partition(|id| named.contains(id));
    Ok(Answers { said, silent, not_here })
}
