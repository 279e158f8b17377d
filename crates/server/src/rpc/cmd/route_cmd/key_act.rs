//! A wheel that changes keys is the cluster key act: its glob or lists are resolved against the keys of each cluster, one
//! decision is made per minion, and the answer has Salt's shape. What was asked for, out of the wheel's arguments: `key_wheel`.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use raas_api::{
    Jid, MinionKeyState, OutcomeState, Reach,
    minions::{MinionKeyAct, MinionKeyAction, SetMinionKeyStateParams},
};
use raas_cluster::routing::{Plan, PlannedOutcome};
use raas_db::{
    Client, Only, Transaction,
    body::Packer,
    link::{self, KeyOrder, Search},
    listen, outcome,
    ret::{self, NewReturn, Reporter},
};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::{
    key_wheel::KeyWheel,
    plan::{Part, Planned, named},
    request::Request,
    store::{self, Failure},
};
use crate::{
    Change, Ctx, RpcError, job, ledger,
    routing::{self, Expiry, Known, NotSeen},
    rpc::{minions::set_minion_key_state, words},
};

/// Warnings of one command about minions whose keys were not changed.
const WARNINGS: usize = 20;

/// Decides, and stores the command with one outcome per cluster.
pub(super) async fn perform(
    ctx: &Ctx,
    client: &mut Client,
    request: &Request,
    wheel: &KeyWheel,
) -> Result<Jid, RpcError> {
    let now = ctx.now();
    let tx = client.transaction().await?;
    let names = request.names();
    let known = routing::clusters(&tx, names.as_deref(), false, now, Expiry::of(&ctx.state.config)).await?;
    named(&known, names.as_deref())?;
    let mut planned = Planned { warnings: whole(&known, names.as_deref()), ..Planned::default() };
    let mut answers = Vec::new();
    for cluster in &known {
        let ids = resolve(&tx, &cluster.facts.cluster_id, wheel).await?;
        let acts = act(ctx, &tx, &cluster.facts.cluster_id, ids, wheel).await?;
        planned.parts.push(part(cluster));
        planned.warnings.extend(said(cluster, &acts));
        answers.push(answer(cluster, &acts, wheel.action));
    }
    planned.warnings.truncate(WARNINGS);
    let jid = stored(ctx, &tx, request, &planned, &answers, now).await?;
    ctx.audit(&tx).await?;
    tx.commit().await?;
    for warning in &planned.warnings {
        ctx.warn(warning);
    }
    Ok(jid)
}

/// Who names a master means its cluster, as one key has one state in all of it.
fn whole(known: &[Known], names: Option<&[String]>) -> Vec<String> {
    let named = |id: &String| names.is_some_and(|names| names.contains(id));
    let several = known.iter().filter(|one| one.facts.masters.len() > 1 && !named(&one.facts.cluster_id));
    several
        .filter(|_| names.is_some())
        .map(|one| {
            format!("done for all masters of {:?}, as keys are a cluster's matter", one.facts.cluster_id)
        })
        .collect()
}

/// Which minions of a cluster are meant.
async fn resolve(
    tx: &Transaction<'_>,
    cluster_id: &str,
    wheel: &KeyWheel,
) -> Result<BTreeSet<String>, RpcError> {
    let all = Search {
        entity: Some(cluster_id),
        minion_id: None,
        key_state: None,
        order: (KeyOrder::MinionId, false),
        limit: -1,
        offset: 0,
        only: &Only::default(),
    };
    let (_, keys) = link::keys(tx, &all).await?;
    let mut ids = BTreeSet::new();
    for key in keys.into_iter().filter(|key| key.cluster_id == cluster_id) {
        if wheel.means(&key.minion_id, words::read(&key.key_state, MinionKeyState::from_word)?) {
            ids.insert(key.minion_id);
        }
    }
    Ok(ids)
}

async fn act(
    ctx: &Ctx,
    tx: &Transaction<'_>,
    cluster_id: &str,
    ids: BTreeSet<String>,
    wheel: &KeyWheel,
) -> Result<Vec<MinionKeyAct>, RpcError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let params = SetMinionKeyStateParams {
        state: wheel.action,
        minions: ids.into_iter().map(|id| (cluster_id.to_owned(), id)).collect(),
        include_accepted: Some(wheel.include.accepted),
        include_rejected: Some(wheel.include.rejected),
        include_denied: Some(wheel.include.denied),
    };
    Ok(set_minion_key_state::act(ctx, tx, &params).await?.results)
}

/// The outcome of a cluster is named after it: no one master ran this.
fn part(cluster: &Known) -> Part {
    let facts = &cluster.facts;
    let outcome = PlannedOutcome {
        minion_id: facts.cluster_id.clone(),
        state: OutcomeState::Queued,
        reason: String::new(),
        master_uuid: witness(cluster),
        reach: Reach::Proven,
    };
    let plan = Plan { outcomes: vec![outcome], ..Plan::default() };
    Part {
        cluster_id: facts.cluster_id.clone(),
        kind: facts.kind,
        target: None,
        resolved: true,
        plan,
        not_seen: NotSeen::default(),
    }
}

fn witness(cluster: &Known) -> Option<Uuid> {
    let masters = &cluster.facts.masters;
    masters.iter().find(|master| master.live).or(masters.first()).map(|master| master.master_uuid)
}

/// What the person who asked should know.
fn said(cluster: &Known, acts: &[MinionKeyAct]) -> Vec<String> {
    let id = &cluster.facts.cluster_id;
    let mut said: Vec<String> = acts.iter().filter(|act| !act.done).map(|act| act.message.clone()).collect();
    let away: Vec<&str> =
        cluster.facts.masters.iter().filter(|one| !one.live).map(|one| one.master_id.as_str()).collect();
    if acts.iter().any(|act| act.done) && !away.is_empty() {
        let away = job::some_of(away.into_iter());
        said.push(format!("decided for all masters of {id:?}; carried out when they come back on: {away}"));
    }
    if acts.is_empty() {
        said.push(format!("no key of {id:?} is meant"));
    }
    said
}

/// What a cluster answers.
struct Answer {
    cluster_id: String,
    master_uuid: Uuid,
    value: Value,
    good: bool,
}

fn answer(cluster: &Known, acts: &[MinionKeyAct], action: MinionKeyAction) -> Answer {
    let ids: Vec<&str> = acts.iter().filter(|act| act.done).map(|act| act.minion_id.as_str()).collect();
    let list = match action {
        MinionKeyAction::Accept => Some("minions"),
        MinionKeyAction::Reject => Some("minions_rejected"),
        MinionKeyAction::Delete => None,
    };
    let value = match list.filter(|_| !ids.is_empty()) {
        Some(list) => Value::Object(Map::from_iter([(list.to_owned(), json!(ids))])),
        None => json!({}),
    };
    Answer {
        cluster_id: cluster.facts.cluster_id.clone(),
        master_uuid: witness(cluster).unwrap_or_default(),
        value,
        good: acts.iter().all(|act| act.done),
    }
}

async fn stored(
    ctx: &Ctx,
    tx: &Transaction<'_>,
    request: &Request,
    planned: &Planned,
    answers: &[Answer],
    now: Timestamp,
) -> Result<Jid, RpcError> {
    let mut row = store::command_row(ctx, request, planned, now);
    let jid = store::insert(tx, request.jid.as_ref(), &mut row, now).await?;
    let outcomes: Vec<_> = planned.parts.iter().flat_map(|part| store::outcomes(part, now)).collect();
    outcome::insert(tx, row.day, jid.as_str(), now, &outcomes).await.map_err(Failure::Db)?;
    let mut deltas = BTreeMap::new();
    for answer in answers {
        let text = answer.value.to_string();
        let body = Packer::new()
            .and_then(|mut packer| packer.pack(&text, None))
            .map_err(|error| RpcError::Internal(format!("the answer of a wheel: {error}")))?;
        let new = NewReturn {
            day: row.day,
            jid: jid.as_str(),
            minion_id: &answer.cluster_id,
            fun: request.fun.clone(),
            fun_args: job::salt_args(&request.arg).to_string(),
            success: answer.good,
            retcode: i64::from(!answer.good),
            stamp: now,
            body: &body,
            extra: None,
            source: "bus",
            trimmed: false,
            planned: true,
        };
        let from = Reporter { cluster_id: &answer.cluster_id, master_uuid: answer.master_uuid };
        for delta in ret::store(tx, from, now, &[new]).await? {
            let sum = deltas.entry(delta.jid.clone()).or_insert_with(|| ledger::touched(&delta.jid));
            sum.expected += delta.expected;
            sum.open += delta.open;
            sum.good += delta.good;
            sum.failed += delta.failed;
        }
    }
    let deltas: Vec<_> = deltas.into_values().collect();
    ledger::settle(tx, now, &deltas).await?;
    let change = serde_json::to_string(&Change::of("commands").of_job(jid.as_str())).unwrap_or_default();
    listen::notify(tx, listen::CHANGE, &change).await?;
    Ok(jid)
}
