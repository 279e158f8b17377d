//! Kept members of target groups: they follow every change, and what is shown is right before they do.

mod anew;
mod follow;
mod servers;

use std::collections::BTreeMap;

use raas_db::{Client, Session as _};
use serde_json::{Value, json};

use super::call;
use crate::support::{Server, until};

/// The lock that whoever writes members holds.
const LOCK: i64 = 8_389_473_201_337_758_323;

/// While it is there, no server works members out.
struct Still(Client);

impl Still {
    async fn of(server: &Server) -> Self {
        let client = server.db.db().client().await.unwrap();
        client.query("SELECT pg_advisory_lock($1)", &[&LOCK]).await.unwrap();
        Self(client)
    }

    async fn over(self) {
        self.0.query("SELECT pg_advisory_unlock($1)", &[&LOCK]).await.unwrap();
    }
}

/// Waits until everything is worked in.
async fn current(server: &Server) {
    let client = server.db.db().client().await.unwrap();
    until("members are current", async || {
        let sql = "SELECT (SELECT count(*) FROM target_todo) AS todo,
                          (SELECT count(*) FROM target_group WHERE resolved <> version) AS groups";
        let row = client.query_one(sql, &[]).await.unwrap();
        let (todo, groups): (i64, i64) = (row.try_get("todo").unwrap(), row.try_get("groups").unwrap());
        if todo + groups == 0 { Ok(()) } else { Err(format!("{todo} changes, {groups} groups")) }
    })
    .await;
}

/// What is kept, by group: minions; those that only their master can tell of end in a question mark.
async fn kept(server: &Server) -> BTreeMap<String, Vec<String>> {
    let client = server.db.db().client().await.unwrap();
    let sql = "SELECT g.name, m.minion_id || CASE WHEN m.sure THEN '' ELSE '?' END AS minion
               FROM target_member m JOIN target_group g ON g.number = m.group_no
               WHERE NOT g.built_in ORDER BY g.name, m.minion_id";
    let mut kept = BTreeMap::<String, Vec<String>>::new();
    for row in client.query(sql, &[]).await.unwrap() {
        kept.entry(row.try_get("name").unwrap()).or_default().push(row.try_get("minion").unwrap());
    }
    kept
}

/// The same, written down.
fn these(groups: &[(&str, &[&str])]) -> BTreeMap<String, Vec<String>> {
    let words = |ids: &[&str]| ids.iter().map(|&id| id.to_owned()).collect();
    groups.iter().map(|(name, ids)| ((*name).to_owned(), words(ids))).collect()
}

/// Whom a saved group means, as it is shown.
async fn shown(server: &Server, uuid: &Value) -> Value {
    call(server, "tgt.get_target_group_minions", json!({"tgt_uuid": uuid})).await
}

/// The ids of it, sorted.
async fn ids(server: &Server, uuid: &Value) -> Vec<String> {
    let shown = shown(server, uuid).await;
    let of = |ids: &Value| ids.as_array().unwrap().iter().map(|id| id.as_str().unwrap().to_owned()).collect();
    let mut ids: Vec<String> =
        shown.as_object().unwrap().values().flat_map(|ids| -> Vec<String> { of(ids) }).collect();
    ids.sort();
    ids
}
