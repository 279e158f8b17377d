//! Runs that an earlier run of the plugin started: the delivery's id in Salt's `user` says whose they are, on the bus and in
//! the job cache. Runs that this process started are followed by `work::run`.

use raas_salt::{Event, Value, msgpack, to_json};
use raas_wire::{Json, Original, Ran, Report, RunStarted};
use uuid::Uuid;

use crate::jobs::Jobs;
use crate::spool::Begun;

/// What an event says of a run that nobody here follows.
pub(super) fn of_event(event: &Event, jobs: &Jobs) -> Option<Report> {
    let rest = event.tag.strip_prefix("salt/run/").or_else(|| event.tag.strip_prefix("salt/wheel/"))?;
    let (salt_jid, what) = rest.split_once('/')?;
    let user = event.text("user")?;
    // Minions can fire any tag, but cannot know the id of a delivery; and their events say so.
    if event.get("cmd").is_some() || jobs.is_run(user) {
        return None;
    }
    let delivery_id = delivery_of(user)?;
    match what {
        "new" => Some(Report::RunStarted(RunStarted { delivery_id, salt_jid: salt_jid.to_owned() })),
        "ret" => Some(ran(delivery_id, salt_jid, &event.data)),
        _ => None,
    }
}

/// What the job cache keeps of a run: `kept` is what Salt wrote under the master's own id.
pub(super) fn of_cache(salt_jid: &str, kept: &Value) -> Option<Report> {
    msgpack::get(kept, "return")?;
    Some(ran(delivery_of(msgpack::text(kept, "user")?)?, salt_jid, kept))
}

/// A run whose master was started again: it may have run, and its result will hardly come.
pub(super) fn cut_off(run: &Begun) -> Report {
    let sentence = "salt-master was started again while it may have run, and its result did not come";
    Report::Ran(Ran {
        delivery_id: run.delivery_id,
        jid: String::new(),
        salt_jid: None,
        success: None,
        fun: run.fun.clone(),
        ret: Json::from(serde_json::json!(sentence)),
        original: None,
    })
}

/// `alice/<delivery id>`
fn delivery_of(user: &str) -> Option<Uuid> {
    Uuid::try_parse(user.rsplit_once('/')?.1).ok()
}

fn ran(delivery_id: Uuid, salt_jid: &str, data: &Value) -> Report {
    let ret = msgpack::get(data, "return").unwrap_or(&Value::Nil);
    let text = to_json(ret);
    Report::Ran(Ran {
        delivery_id,
        jid: String::new(),
        salt_jid: Some(salt_jid.to_owned()),
        success: Some(msgpack::get(data, "success").and_then(Value::as_bool).unwrap_or(false)),
        fun: msgpack::text(data, "fun").unwrap_or_default().to_owned(),
        ret: Json::from_text(text.text).unwrap_or_else(|_| Json::null()),
        original: text.lossy.then(|| Original(msgpack::write(ret))),
    })
}
