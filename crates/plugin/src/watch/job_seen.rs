//! A job that somebody else published, as a report.

use raas_salt::Value;
use raas_salt::{Event, is_minion_id, msgpack};
use raas_wire::JobSeen;

use super::returns::{array, fun, plain};

/// From `salt/job/<jid>/new`.
pub(super) fn of_event(event: &Event, jid: &str) -> JobSeen {
    of_map(&event.data, jid, msgpack::texts(event.get("minions")))
}

/// From what the job cache keeps of the publication, which does not name the minions: those that returned are known by
/// their returns.
pub(super) fn of_load(load: &Value, jid: &str) -> JobSeen {
    of_map(load, jid, Vec::new())
}

fn of_map(map: &Value, jid: &str, minions: Vec<String>) -> JobSeen {
    let text = |key: &str| msgpack::text(map, key).unwrap_or_default().to_owned();
    JobSeen {
        jid: jid.to_owned(),
        fun: fun(msgpack::get(map, "fun")),
        arg: array(msgpack::get(map, "arg")),
        tgt: plain(msgpack::get(map, "tgt")),
        tgt_type: text("tgt_type"),
        user: text("user"),
        minions: minions.into_iter().filter(|id| is_minion_id(id)).collect(),
    }
}
