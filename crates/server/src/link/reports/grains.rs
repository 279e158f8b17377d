//! `Grains`: what a master caches of its minions. Kept without NUL characters, which PostgreSQL's JSON cannot hold.

use std::collections::BTreeMap;

use raas_db::{Transaction, minion};
use raas_wire::{Grains, Report};
use serde_json::{Map, Value};

use super::kind::{Item, Kind, Refused, Source, Taken};
use super::minion_id;
use crate::ledger::wake_targets;

/// Grains.
pub(super) struct Caches;

impl Kind for Caches {
    type Report = Grains;

    fn of(report: &Report) -> Option<&Grains> {
        if let Report::Grains(grains) = report { Some(grains) } else { None }
    }

    async fn take(tx: &Transaction<'_>, source: &Source<'_>, items: &[Item<'_, Grains>]) -> Taken {
        let mut newest: BTreeMap<&str, minion::Grains<'_>> = BTreeMap::new();
        let mut refused = Vec::new();
        for item in items {
            match read(item) {
                Ok(grains) => drop(newest.insert(grains.minion_id, grains)),
                Err(reason) => refused.push(Refused { n: item.n, reason }),
            }
        }
        let ids: Vec<&str> =
            newest.values().filter(|one| one.grains.is_some()).map(|one| one.minion_id).collect();
        minion::make(tx, &source.master.cluster_id, &ids, source.now).await?;
        let grains: Vec<_> = newest.into_values().collect();
        if minion::set_grains(tx, source.teller(), &grains).await? > 0 {
            wake_targets(tx).await?;
        }
        Ok(refused)
    }
}

fn read<'a>(item: &Item<'a, Grains>) -> Result<minion::Grains<'a>, String> {
    let Grains { minion_id, grains } = item.report;
    if !minion_id::is_plain(minion_id) {
        return Err("its minion id is no plain file name".to_owned());
    }
    let value: Value = serde_json::from_str(grains.as_str())
        .map_err(|error| format!("the grains of {minion_id:?} cannot be read: {error}"))?;
    let grains = match value {
        Value::Null => None,
        Value::Object(_) => Some(without_nul(value).to_string()),
        _ => return Err(format!("the grains of {minion_id:?} are no map")),
    };
    Ok(minion::Grains { minion_id, grains, at: item.at })
}

/// The same without NUL characters.
pub(crate) fn without_nul(value: Value) -> Value {
    match value {
        Value::String(text) if text.contains('\0') => Value::String(text.replace('\0', "")),
        Value::Array(values) => values.into_iter().map(without_nul).collect(),
        Value::Object(map) => {
            let map: Map<String, Value> =
                map.into_iter().map(|(key, value)| (key.replace('\0', ""), without_nul(value))).collect();
            Value::Object(map)
        }
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::without_nul;
    use serde_json::json;

    #[test]
    fn nul_characters_go_wherever_they_are() {
        let value = json!({"a\0": ["x\0y", {"b": "\0"}], "c": 1});
        assert_eq!(without_nul(value), json!({"a": ["xy", {"b": ""}], "c": 1}));
    }
}
