//! A worker with a real spool, and Salt and the server played by the story.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use raas_plugin::jobs::Jobs;
use raas_plugin::spool::Spool;
use raas_plugin::uplink::CallError;
use raas_plugin::work::salt::{Call, Claims, Salt};
use raas_plugin::work::{Parts, Worker};
use raas_salt::{Event, Publication, PublishRequest, RequestError, RunnerStarted, WheelReply, msgpack};
use raas_wire::{Claim, Claimed, KeyChange, Report, Return, Work};
use serde_json::{Value, json};
use tokio::sync::{mpsc, watch};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::kit::{self, TestClock, TestRandom};

#[derive(Clone, Copy, Debug)]
pub(super) enum ClaimAnswer {
    Go,
    Refuse,
    Silence,
    GoAfterOneSilence,
}

type Publishes = Box<dyn Fn(&PublishRequest) -> Result<Publication, RequestError> + Send>;

/// What Salt and the server do, and what they were asked.
struct Script {
    publishes: Publishes,
    answers: BTreeMap<String, Vec<(String, Value)>>,
    /// Publications whose answers Salt loses.
    loses: usize,
    /// Salt takes publications and does not answer.
    busy: bool,
    /// Returns of the master's job cache.
    here: Vec<Return>,
    runner: Option<String>,
    claim: ClaimAnswer,
    published: Vec<PublishRequest>,
    calls: Vec<Call>,
    claims: Vec<Uuid>,
}

struct Actor {
    script: Mutex<Script>,
    jobs: Jobs,
    ran: watch::Sender<usize>,
}

impl std::fmt::Debug for Actor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Actor")
    }
}

pub(super) struct Stage {
    _dir: tempfile::TempDir,
    spool: Spool,
    actor: Arc<Actor>,
    work: mpsc::UnboundedSender<Work>,
    end: CancellationToken,
}

impl Drop for Stage {
    fn drop(&mut self) {
        self.end.cancel();
    }
}

impl Stage {
    pub(super) fn set() -> Self {
        Self::set_with(&[])
    }

    pub(super) fn set_with(answered: &[Uuid]) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let spool = kit::spool(dir.path());
        let jobs = Jobs::default();
        let script = Script {
            publishes: Box::new(|job| {
                let minions = match &job.tgt {
                    Value::Array(ids) => ids.iter().map(|id| id.as_str().unwrap().to_owned()).collect(),
                    _ => Vec::new(),
                };
                Ok(Publication::Sent { minions, missing: Vec::new() })
            }),
            answers: BTreeMap::new(),
            loses: 0,
            busy: false,
            here: Vec::new(),
            runner: None,
            claim: ClaimAnswer::Go,
            published: Vec::new(),
            calls: Vec::new(),
            claims: Vec::new(),
        };
        let (ran, _) = watch::channel(0);
        let actor = Arc::new(Actor { script: Mutex::new(script), jobs: jobs.clone(), ran });
        let parts = Parts {
            salt: Arc::clone(&actor) as _,
            claims: Arc::clone(&actor) as _,
            jobs,
            recorder: spool.recorder(),
            clock: TestClock::new(),
            random: Arc::new(TestRandom::default()),
            main: "1 1".to_owned(),
        };
        let (work, inbox) = mpsc::unbounded_channel();
        let end = CancellationToken::new();
        tokio::spawn(Worker::new(parts, answered).run(inbox, end.clone()));
        Self { _dir: dir, spool, actor, work, end }
    }

    pub(super) fn give(&self, work: Work) {
        self.work.send(work).unwrap();
    }

    pub(super) async fn until(&self, are: impl Fn(&[Report]) -> bool) -> Vec<Report> {
        kit::until(&self.spool, "such reports", are).await
    }

    /// Salt takes what it is given from now on, and does not answer.
    pub(super) fn is_busy(&self) {
        self.script().busy = true;
    }

    /// Waits until a runner or wheel was asked for.
    pub(super) async fn until_run(&self) {
        let mut ran = self.actor.ran.subscribe();
        tokio::time::timeout(Duration::from_secs(20), ran.wait_for(|runs| *runs > 0)).await.unwrap().unwrap();
    }

    pub(super) fn publishes(
        &self,
        how: impl Fn(&PublishRequest) -> Result<Publication, RequestError> + Send + 'static,
    ) {
        self.script().publishes = Box::new(how);
    }

    /// What minions answer to a question.
    pub(super) fn answers(&self, fun: &str, answers: &[(&str, Value)]) {
        let answers = answers.iter().map(|(id, said)| ((*id).to_owned(), said.clone())).collect();
        self.script().answers.insert(fun.to_owned(), answers);
    }

    /// Salt loses what minions say to its next publications, so many of them.
    pub(super) fn salt_loses(&self, publications: usize) {
        self.script().loses = publications;
    }

    /// What the master's job cache has.
    pub(super) fn has(&self, one: Return) {
        self.script().here.push(one);
    }

    pub(super) fn runner_starts_as(&self, jid: &str) {
        self.script().runner = Some(jid.to_owned());
    }

    pub(super) fn runner_is_not_answered(&self) {
        self.script().runner = None;
    }

    pub(super) fn claims(&self, answer: ClaimAnswer) {
        self.script().claim = answer;
    }

    pub(super) fn published(&self) -> Vec<PublishRequest> {
        self.script().published.clone()
    }

    pub(super) fn runs(&self) -> usize {
        self.script().calls.len()
    }

    pub(super) fn users(&self) -> Vec<String> {
        self.script().calls.iter().map(|call| call.user.clone()).collect()
    }

    pub(super) fn claimed(&self) -> Vec<Uuid> {
        self.script().claims.clone()
    }

    pub(super) fn fire(&self, tag: &str, data: &Value) {
        self.actor.fire(tag, None, data);
    }

    fn script(&self) -> std::sync::MutexGuard<'_, Script> {
        self.actor.script.lock().unwrap()
    }
}

impl Actor {
    fn fire(&self, tag: &str, jid: Option<&str>, data: &Value) {
        let event = Event { tag: tag.to_owned(), data: msgpack::from_json(data), stamp: None };
        self.jobs.offer(jid, &Arc::new(event));
    }

    fn ran(&self, call: &Call) {
        self.script.lock().unwrap().calls.push(call.clone());
        self.ran.send_modify(|runs| *runs += 1);
    }
}

#[async_trait]
impl Salt for Actor {
    async fn publish(&self, job: &PublishRequest, _limit: Duration) -> Result<Publication, RequestError> {
        if self.script.lock().unwrap().busy {
            self.script.lock().unwrap().published.push(job.clone());
            return std::future::pending().await;
        }
        let (answer, answers) = {
            let mut script = self.script.lock().unwrap();
            script.published.push(job.clone());
            let answer = (script.publishes)(job);
            let lost = answer.is_ok() && script.loses > 0;
            script.loses -= usize::from(lost);
            let said = if lost || answer.is_err() { None } else { script.answers.get(&job.fun).cloned() };
            (answer, said.unwrap_or_default())
        };
        for (id, said) in answers {
            let tag = format!("salt/job/{}/ret/{id}", job.jid);
            self.fire(&tag, Some(&job.jid), &json!({"cmd": "_return", "id": id, "return": said}));
        }
        answer
    }

    async fn runner(&self, call: &Call, _limit: Duration) -> Result<RunnerStarted, RequestError> {
        self.ran(call);
        let started = self.script.lock().unwrap().runner.clone();
        let unanswered = || RequestError::Unanswered { address: "a".to_owned(), why: "silence".to_owned() };
        started.map(|jid| RunnerStarted { jid }).ok_or_else(unanswered)
    }

    async fn wheel(&self, call: &Call, _limit: Duration) -> Result<WheelReply, RequestError> {
        self.ran(call);
        Ok(WheelReply { jid: None, success: true, ret: raas_salt::Value::Nil })
    }

    async fn returned(&self, _jid: &str, minions: &[String]) -> Vec<Return> {
        let here = self.script.lock().unwrap().here.clone();
        here.into_iter().filter(|one| minions.contains(&one.minion_id)).collect()
    }

    async fn change_key(&self, change: KeyChange) -> Result<(), String> {
        if raas_salt::is_minion_id(&change.minion_id) { Ok(()) } else { Err("no minion id".to_owned()) }
    }
}

#[async_trait]
impl Claims for Actor {
    async fn claim(&self, claim: &Claim) -> Result<Claimed, CallError> {
        let (answer, asked) = {
            let mut script = self.script.lock().unwrap();
            script.claims.push(claim.claim_id);
            (script.claim, script.claims.len())
        };
        let silence = || CallError::Unreachable { server: "s".to_owned(), why: "silence".to_owned() };
        match answer {
            ClaimAnswer::Go => Ok(Claimed { go: true, reason: None }),
            ClaimAnswer::Refuse => Ok(Claimed { go: false, reason: Some("it moved".to_owned()) }),
            ClaimAnswer::GoAfterOneSilence if asked > 1 => Ok(Claimed { go: true, reason: None }),
            ClaimAnswer::Silence | ClaimAnswer::GoAfterOneSilence => Err(silence()),
        }
    }
}
