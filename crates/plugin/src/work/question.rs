//! A question of the plugin to minions: jobs with own jids whose answers nobody else hears of. It changes nothing, so that it
//! may be put as often as it takes.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use raas_salt::{Event, Publication, PublishRequest, RequestError, Value};
use serde_json::json;
use tokio::sync::Semaphore;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio::time::{Instant, timeout_at};

use raas_wire::HandBack;

use super::{Worker, attempt, handed_back};
use crate::jobs::{self, Asker};

/// Longest wait for Salt to take the question.
const PUBLISH: Duration = Duration::from_secs(10);

/// Why a question was not put.
#[derive(Debug, thiserror::Error)]
pub(super) enum Unasked {
    /// Salt did not take it, or did not say that it did.
    #[error(transparent)]
    Salt(#[from] RequestError),
    /// Others came first until its time had passed: nothing was sent.
    #[error("other questions to Salt took all of the time that there was for it")]
    NoTurn,
}

impl Unasked {
    /// How the work that it belongs to goes back.
    pub(super) fn back(&self) -> HandBack {
        match self {
            Self::Salt(error) => handed_back(error),
            Self::NoTurn => HandBack::TooLate,
        }
    }

    /// Whether minions may have been asked all the same.
    pub(super) fn may_have_happened(&self) -> bool {
        matches!(self, Self::Salt(error) if error.may_have_happened())
    }
}

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

/// Asks `minions` (everybody when empty) to run `fun`, and waits until all have answered or `wait` has passed. Those named who
/// have said nothing after half of it are asked once more, and either answer counts: Salt loses answers, too. Whoever has no
/// turn among `turns` in the first half asks nobody.
pub(super) async fn ask(
    worker: &Worker,
    turns: &Semaphore,
    minions: &[String],
    fun: &str,
    arg: serde_json::Value,
    wait: Duration,
) -> Result<Answers, Unasked> {
    let (to, mut answers) = unbounded_channel();
    let question = Question { worker, turns, fun, arg, to };
    let begun = Instant::now();
    let named = question.put(minions, begun + wait / 2).await?;
    // Minions have half of the time at least, whatever a turn and a busy master took.
    let asked = Instant::now();
    let window = wait.saturating_sub(asked - begun).max(wait / 2);
    let (half, until) = (asked + window / 2, asked + window);
    let mut said = BTreeMap::new();
    if !minions.is_empty() {
        hear(&mut answers, &named, &mut said, half).await;
        let missing = without_answer(&named, &said);
        if !missing.is_empty()
            && let Err(error) = question.put(&missing, until).await
        {
            tracing::debug!(%error, "minions that did not answer were not asked again");
        }
    }
    hear(&mut answers, &named, &mut said, until).await;
    let asked = if minions.is_empty() { &named } else { minions };
    let (silent, not_here) = without_answer(asked, &said).into_iter().partition(|id| named.contains(id));
    Ok(Answers { said, silent, not_here })
}

fn without_answer(ids: &[String], said: &BTreeMap<String, Value>) -> Vec<String> {
    ids.iter().filter(|id| !said.contains_key(*id)).cloned().collect()
}

struct Question<'a> {
    worker: &'a Worker,
    turns: &'a Semaphore,
    fun: &'a str,
    arg: serde_json::Value,
    /// Answers come here, however often it was put.
    to: Asker,
}

impl Question<'_> {
    /// The minions that Salt names, when its turn comes before `before`.
    async fn put(&self, minions: &[String], before: Instant) -> Result<Vec<String>, Unasked> {
        let turn = timeout_at(before, self.turns.acquire()).await;
        let Some(_turn) = turn.ok().and_then(Result::ok) else { return Err(Unasked::NoTurn) };
        match attempt::publish(&*self.worker.salt, &self.job(minions), PUBLISH).await? {
            Publication::Sent { minions, .. } => Ok(minions),
            Publication::MatchedNone => Ok(Vec::new()),
        }
    }

    fn job(&self, minions: &[String]) -> PublishRequest {
        let jid = self.worker.jids.next(self.worker.clock.now());
        self.worker.jobs.own_with(&jid, self.to.clone());
        let everybody = minions.is_empty();
        PublishRequest {
            jid,
            fun: self.fun.to_owned(),
            arg: self.arg.clone(),
            tgt: if everybody { json!("*") } else { json!(minions) },
            tgt_type: if everybody { "glob" } else { "list" }.to_owned(),
            user: "raas".to_owned(),
            metadata: Some(jobs::own_metadata()),
        }
    }
}

/// Until each of `named` has answered, or `until`. What a minion said first counts.
async fn hear(
    answers: &mut UnboundedReceiver<Arc<Event>>,
    named: &[String],
    said: &mut BTreeMap<String, Value>,
    until: Instant,
) {
    while named.iter().any(|id| !said.contains_key(id)) {
        let Ok(Some(event)) = tokio::time::timeout_at(until, answers.recv()).await else { return };
        let Some((_, id)) = event.tag.split_once("/ret/") else { continue };
        if event.text("id") == Some(id) && event.text("cmd") == Some("_return") {
            said.entry(id.to_owned()).or_insert_with(|| event.get("return").cloned().unwrap_or(Value::Nil));
        }
    }
}
