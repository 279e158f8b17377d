//! What publishes and runs share when they are planned anew: the reason, the masters that may be used, and the sending.

use raas_db::{
    DbError, Transaction,
    command::{self, Locked},
    delivery::{self, Delivery, NewDelivery},
    listen,
};
use raas_wire::Publish;
use serde_json::Value;
use uuid::Uuid;

use super::round::Round;
use crate::routing::Known;

/// Why a delivery came back, with the name of its master.
pub(super) fn why(round: &Round<'_>, back: &Delivery) -> String {
    if back.reason.starts_with("master ") {
        return back.reason.clone();
    }
    format!("{}: {}", round.name(back.master_uuid), back.reason)
}

/// Queues deliveries that were planned anew, tells the command and wakes the masters.
pub(super) async fn send(
    round: &Round<'_>,
    tx: &Transaction<'_>,
    command: &Locked,
    deliveries: &[NewDelivery],
    warnings: Vec<String>,
) -> Result<(), DbError> {
    delivery::insert(tx, round.now, deliveries).await?;
    let ids = deliveries.iter().filter_map(|d| round.master_id(d.master_uuid));
    let masters: Vec<String> = ids.map(str::to_owned).collect();
    command::planned_anew(tx, &command.jid, &masters, &warnings).await?;
    let wake: Vec<_> = deliveries.iter().map(|d| (listen::WORK, d.master_uuid.to_string())).collect();
    listen::notify_all(tx, &wake).await
}

/// The masters that the request named, when it did not name the whole cluster: what is planned anew stays within them.
/// Where several targets were asked for, only the names of the one at hand count, if it can be told.
pub(super) fn named(tgt: &str, known: &Known, publish: Option<&Publish>) -> Option<Vec<Uuid>> {
    let asked: Value = serde_json::from_str(tgt).unwrap_or_default();
    let same = |target: &Value| publish.is_some_and(|p| p.tgt.value() == target["tgt"]);
    let names: Vec<&str> = match (&asked["masters"], asked.as_object()) {
        (Value::Array(masters), _) if publish.is_none() => masters.iter().filter_map(Value::as_str).collect(),
        (_, Some(map)) => {
            let alike: Vec<&str> =
                map.iter().filter(|(_, t)| same(t)).map(|(name, _)| name.as_str()).collect();
            if alike.is_empty() { map.keys().map(String::as_str).collect() } else { alike }
        }
        _ => return None,
    };
    let whole = |name: &&str| *name == "*" || *name == known.facts.cluster_id;
    if names.iter().any(whole) {
        return None;
    }
    let masters = known.facts.masters.iter().filter(|m| names.contains(&m.master_id.as_str()));
    Some(masters.map(|m| m.master_uuid).collect())
}
