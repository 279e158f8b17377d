//! Asking about a job: is its return here already, unheard; does it run, and if not, is its return kept? Nothing is ever
//! started again.

use std::time::Duration;

use jiff::Timestamp;
use raas_salt::{Value, msgpack, to_json};
use raas_wire::{Ask, Asked, Json, Original, Report, Return, ReturnSource};
use serde_json::json;

use super::question::Unasked;
use super::{Worker, question};

pub(super) async fn ask(worker: &Worker, work: Ask) {
    let mut asked = Asked {
        delivery_id: work.delivery_id,
        jid: work.jid.clone(),
        running: Vec::new(),
        found: Vec::new(),
        not_found: Vec::new(),
        silent: Vec::new(),
        not_here: Vec::new(),
    };
    // Whatever was missed on the bus, and why ever: what the master has, nobody need be asked for.
    let here = worker.salt.returned(&work.jid, &work.minions).await;
    asked.found = here.iter().map(|one| one.minion_id.clone()).collect();
    let mut found: Vec<Return> = here;
    let minions: Vec<String> = work.minions.iter().filter(|id| !asked.found.contains(id)).cloned().collect();
    let answer = if minions.is_empty() {
        Ok(())
    } else {
        minions_say(worker, &work, &minions, &mut asked, &mut found).await
    };
    let now = worker.clock.now();
    let reports: Vec<(Timestamp, Report)> = found.into_iter().map(|one| (now, Report::Return(one))).collect();
    match answer {
        Ok(()) => worker.answer(work.delivery_id, Report::Asked(asked), reports).await,
        Err(error) => {
            worker.record(reports).await;
            worker.hand_back(work.delivery_id, error.back(), error.to_string()).await;
        }
    }
}

/// Asks those whose return is not here, and adds what they say.
async fn minions_say(
    worker: &Worker,
    work: &Ask,
    minions: &[String],
    asked: &mut Asked,
    found: &mut Vec<Return>,
) -> Result<(), Unasked> {
    // Two questions share the time that the server gives.
    let wait = Duration::from_millis(work.wait_ms) / 2;
    let first =
        question::ask(worker, &worker.asking, minions, "saltutil.find_job", json!([work.jid]), wait).await?;
    let (running, idle): (Vec<_>, Vec<_>) =
        first.said.into_iter().partition(|(_, said)| said.as_map().is_some_and(|map| !map.is_empty()));
    let idle: Vec<String> = idle.into_iter().map(|(id, _)| id).collect();
    asked.running = running.into_iter().map(|(id, _)| id).collect();
    (asked.silent, asked.not_here) = (first.silent, first.not_here);
    if idle.is_empty() {
        return Ok(());
    }
    match question::ask(worker, &worker.asking, &idle, "saltutil.find_cached_job", json!([work.jid]), wait)
        .await
    {
        Ok(answers) => {
            asked.silent.extend(answers.silent);
            asked.not_here.extend(answers.not_here);
            for (id, said) in answers.said {
                match kept(&work.jid, &id, &said) {
                    Some(one) => {
                        found.push(one);
                        asked.found.push(id);
                    }
                    None => asked.not_found.push(id),
                }
            }
        }
        Err(error @ Unasked::NoTurn) => return Err(error),
        Err(error) => {
            tracing::warn!(%error, "minions could not be asked for a kept return");
            let unasked = if error.may_have_happened() { &mut asked.silent } else { &mut asked.not_here };
            unasked.extend(idle);
        }
    }
    Ok(())
}

/// The kept return; a text instead of a map says that there is none.
fn kept(jid: &str, minion_id: &str, said: &Value) -> Option<Return> {
    let ret = msgpack::get(said, "return")?;
    // A minion that caches jobs caches under the jid; anything else is not what was asked for.
    if msgpack::text(said, "jid").is_some_and(|of| of != jid) {
        return None;
    }
    let retcode = msgpack::get(said, "retcode");
    let retcode = match retcode {
        Some(Value::Map(codes)) => codes.iter().filter_map(|(_, code)| code.as_i64()).max().unwrap_or(0),
        Some(code) => code.as_i64().unwrap_or(0),
        None => 0,
    };
    let success = match msgpack::get(said, "success") {
        Some(Value::Map(all)) => all.iter().all(|(_, one)| one.as_bool() == Some(true)),
        Some(one) => one.as_bool().unwrap_or(false),
        None => retcode == 0,
    };
    let text = to_json(ret);
    let json = |value: Option<&Value>| {
        value.and_then(|value| Json::from_text(to_json(value).text).ok()).unwrap_or_else(Json::null)
    };
    let fun = match msgpack::get(said, "fun") {
        Some(Value::Array(_)) => msgpack::texts(msgpack::get(said, "fun")).join(","),
        Some(fun) => fun.as_str().unwrap_or_default().to_owned(),
        None => String::new(),
    };
    Some(Return {
        jid: jid.to_owned(),
        minion_id: minion_id.to_owned(),
        fun,
        fun_args: msgpack::get(said, "fun_args")
            .map_or_else(|| json(Some(&Value::Array(Vec::new()))), |args| json(Some(args))),
        success,
        retcode,
        ret: Json::from_text(text.text).unwrap_or_else(|_| Json::null()),
        original: text.lossy.then(|| Original(msgpack::write(ret))),
        extra: None,
        source: ReturnSource::Asked,
        trimmed: ret.as_str() == Some(raas_salt::job_cache::TRIMMED),
    })
}
