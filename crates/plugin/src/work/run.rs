//! Runners and wheels: claimed first, never run on a refused or unclear claim, their result awaited with a limit.

use std::sync::Arc;
use std::time::Duration;

use raas_salt::{Event, Value, to_json};
use raas_wire::{Claim, HandBack, Json, Original, Ran, RefusalCode, Report, Run, RunClient, RunStarted};
use tokio::sync::mpsc::UnboundedReceiver;
use tokio::time::Instant;
use uuid::Uuid;

use super::salt::Call;
use super::{Worker, handed_back};
use crate::spool::Begun;

/// Longest wait for Salt to say that a runner started.
const START: Duration = Duration::from_secs(30);
/// Between tries of a claim that got no answer.
const AGAIN: Duration = Duration::from_millis(300);

pub(super) async fn run(worker: &Worker, work: Run, arrived: Instant) {
    let until = arrived + Duration::from_millis(work.publish_before_ms);
    if let Err(why) = claimed(worker, work.delivery_id, until).await {
        return worker.hand_back(work.delivery_id, HandBack::NotClaimed, why).await;
    }
    let call = Call {
        fun: work.fun.clone(),
        arg: work.arg.value(),
        kwarg: work.kwarg.value(),
        user: format!("{}/{}", work.user, work.delivery_id),
    };
    let limit = Duration::from_millis(work.timeout_ms);
    worker.jobs.run(&call.user);
    let begun = Begun { delivery_id: work.delivery_id, fun: work.fun.clone(), main: worker.main.clone() };
    if let Err(error) = worker.recorder.begin(begun).await {
        tracing::warn!(%error, "should this master be started again meanwhile, nobody says so of this run");
    }
    match work.client {
        RunClient::Runner => runner(worker, &work, &call, limit).await,
        RunClient::Wheel => wheel(worker, &work, &call, limit).await,
    }
}

/// The same claim is asked until it is answered or the time to start has passed.
async fn claimed(worker: &Worker, delivery_id: Uuid, until: Instant) -> Result<(), String> {
    let claim = Claim { delivery_id, claim_id: worker.random.uuid() };
    let mut last = "the time to start it had passed when it arrived".to_owned();
    while Instant::now() < until {
        match tokio::time::timeout_at(until, worker.claims.claim(&claim)).await {
            Ok(Ok(answer)) if answer.go => return Ok(()),
            Ok(Ok(answer)) => {
                return Err(answer.reason.unwrap_or_else(|| "the server refused it".to_owned()));
            }
            Ok(Err(error)) => {
                last = format!("no clear answer to the claim: {error}");
                let final_word = matches!(
                    error.code(),
                    Some(RefusalCode::NotAccepted | RefusalCode::Malformed | RefusalCode::Signature)
                );
                if final_word {
                    break;
                }
                tokio::time::sleep(AGAIN).await;
            }
            Err(_) => "no answer to the claim in time".clone_into(&mut last),
        }
    }
    Err(last)
}

async fn wheel(worker: &Worker, work: &Run, call: &Call, limit: Duration) {
    match worker.salt.wheel(call, limit).await {
        Ok(reply) => ran(worker, work, reply.jid, Some(reply.success), &reply.ret).await,
        Err(error) => worker.hand_back(work.delivery_id, handed_back(&error), error.to_string()).await,
    }
}

async fn runner(worker: &Worker, work: &Run, call: &Call, limit: Duration) {
    // Before the request: the result may come before its reply.
    let mut events = worker.jobs.follow("salt/run/");
    let until = Instant::now() + limit;
    let salt_jid = match worker.salt.runner(call, START.min(limit)).await {
        Ok(started) => started.jid,
        Err(error) if error.may_have_happened() => {
            // It may run all the same; its events carry the delivery in their user.
            let Ok(Some(jid)) = tokio::time::timeout_at(until, started_by(&mut events, &call.user)).await
            else {
                return worker.hand_back(work.delivery_id, handed_back(&error), error.to_string()).await;
            };
            jid
        }
        Err(error) => {
            return worker.hand_back(work.delivery_id, handed_back(&error), error.to_string()).await;
        }
    };
    let started = RunStarted { delivery_id: work.delivery_id, salt_jid: salt_jid.clone() };
    let tag = format!("salt/run/{salt_jid}/ret");
    let result = async { tokio::time::timeout_at(until, returned(&mut events, &tag)).await.ok().flatten() };
    let started = worker.record(vec![(worker.clock.now(), Report::RunStarted(started))]);
    let (result, ()) = tokio::join!(result, started);
    if let Some(event) = result {
        let success = event.get("success").and_then(Value::as_bool).unwrap_or(false);
        let ret = event.get("return").cloned().unwrap_or(Value::Nil);
        return ran(worker, work, Some(salt_jid), Some(success), &ret).await;
    }
    let sentence = format!(
        "no result of the runner came within {} s; some versions of Salt send none after an error",
        limit.as_secs()
    );
    ran(worker, work, Some(salt_jid), None, &Value::from(sentence)).await;
}

async fn returned(events: &mut UnboundedReceiver<Arc<Event>>, tag: &str) -> Option<Arc<Event>> {
    while let Some(event) = events.recv().await {
        if event.tag == tag && !event.is_from_peer() {
            return Some(event);
        }
    }
    None
}

async fn started_by(events: &mut UnboundedReceiver<Arc<Event>>, user: &str) -> Option<String> {
    while let Some(event) = events.recv().await {
        if event.text("user") == Some(user) && event.tag.ends_with("/new") {
            return event.text("jid").map(str::to_owned);
        }
    }
    None
}

async fn ran(worker: &Worker, work: &Run, salt_jid: Option<String>, success: Option<bool>, ret: &Value) {
    let text = to_json(ret);
    let report = Ran {
        delivery_id: work.delivery_id,
        jid: work.jid.clone(),
        salt_jid,
        success,
        fun: work.fun.clone(),
        ret: Json::from_text(text.text).unwrap_or_else(|_| Json::null()),
        original: text.lossy.then(|| Original(raas_salt::msgpack::write(ret))),
    };
    worker.answer(work.delivery_id, Report::Ran(report), Vec::new()).await;
}
