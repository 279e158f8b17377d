//! `POST /plugin/v1/enroll`: a master makes itself known. The rules are `raas_cluster::enrolment`; here they meet the tables.

mod declared;

use axum::{Extension, Json, extract::State};
use jiff::{SignedDuration, Timestamp};
use raas_cluster::enrolment::{Decision, Declared, decide};
use raas_db::{DbError, Transaction, master, master_key, master_key::MasterKey};
use raas_wire::{Enroll, Enrolled, MasterKeyState, RefusalCode, key};
use uuid::Uuid;

pub(crate) use declared::name_problem;

use super::{Refuse, accept, door::Signed};
use crate::{AppState, Change};

/// Takes an enrolment: it proves possession of its key by being signed with it.
pub(super) async fn enroll(
    State(state): State<AppState>,
    Extension(signed): Extension<Signed>,
) -> Result<Json<Enrolled>, Refuse> {
    let call: Enroll = serde_json::from_slice(&signed.body)
        .map_err(|error| Refuse::malformed(format!("the enrolment cannot be read: {error}")))?;
    let public =
        key::public_from_pem(&call.public_key).map_err(|error| Refuse::malformed(error.to_string()))?;
    let fingerprint = key::fingerprint(&public);
    if fingerprint != signed.fingerprint {
        let why = format!("the key in the body is {fingerprint}, the header names {}", signed.fingerprint);
        return Err(Refuse(RefusalCode::Signature, why));
    }
    signed.verify(&public)?;
    let call = declared::checked(call)?;
    let now = state.clock.now();
    let (decision, master_uuid) = decide_and_store(&state, &call, &fingerprint, now).await?;
    tracing::info!(
        master = call.master_id,
        fingerprint,
        state = decision.state.as_str(),
        reason = decision.reason,
        "enrolment"
    );
    let server_key = key::public_to_pem(&state.server_key.verifying_key())
        .map_err(|error| Refuse(RefusalCode::Unavailable, error.to_string()))?;
    Ok(Json(Enrolled {
        state: decision.state,
        reason: (!decision.reason.is_empty()).then_some(decision.reason),
        fingerprint,
        master_uuid,
        server_time: state.clock.now(),
        server_key,
    }))
}

async fn decide_and_store(
    state: &AppState,
    call: &Enroll,
    fingerprint: &str,
    now: Timestamp,
) -> Result<(Decision, Option<Uuid>), Refuse> {
    let mut client = state.db.client().await?;
    let tx = client.transaction().await?;
    master_key::lock(&tx).await?;
    let pending_since = SignedDuration::from_secs(state.config.enroll.pending_expiry_s.into());
    master_key::expire(&tx, now.checked_sub(pending_since).unwrap_or(Timestamp::UNIX_EPOCH)).await?;
    let keys = master_key::of_master(&tx, &call.master_id).await?;
    let stored = keys.iter().find(|key| key.fingerprint == fingerprint);
    if stored.is_none() {
        within_limit(state, &tx, now).await?;
    }
    let declared = declared::of(call, fingerprint);
    let decision = judge(&tx, &declared, &keys, now).await?;
    let key = written(call, &declared, &decision, now);
    let changed = stored.is_none_or(|old| old.state != key.state || old.reason != key.reason);
    master_key::save(&tx, &key, now).await?;
    let mut master_uuid = None;
    if decision.state == MasterKeyState::Accepted {
        let uuid = accept::accept(&tx, &key, state.random.uuid(), now).await?;
        master::set_epoch(&tx, uuid, call.epoch).await?;
        master_uuid = Some(uuid);
    }
    if changed {
        state.notify_change(&tx, &Change::of("masters").in_cluster(key.cluster())).await?;
    }
    tx.commit().await?;
    Ok((decision, master_uuid))
}

/// New keys are limited; whoever has the network could fill the list.
async fn within_limit(state: &AppState, tx: &Transaction<'_>, now: Timestamp) -> Result<(), Refuse> {
    let minute_ago = now.checked_sub(SignedDuration::from_secs(60)).unwrap_or(now);
    let limit = state.config.enroll.per_minute;
    if master_key::recent(tx, minute_ago).await? < i64::from(limit) {
        return Ok(());
    }
    let why = format!("more than {limit} new masters within a minute (enroll.per_minute): come back later");
    Err(Refuse(RefusalCode::TooMany, why))
}

/// The rules, and what they do to a key that was accepted under another master's name.
async fn judge(
    tx: &Transaction<'_>,
    declared: &Declared,
    keys: &[MasterKey],
    now: Timestamp,
) -> Result<Decision, DbError> {
    let stored = keys.iter().find(|key| key.fingerprint == declared.fingerprint);
    let mut known = accept::known(tx, declared).await?;
    known.this_key = stored.map(|key| accept::as_known(key, declared));
    known.other_accepted = keys
        .iter()
        .find(|key| key.state == MasterKeyState::Accepted && key.fingerprint != declared.fingerprint)
        .map(|key| key.fingerprint.clone());
    let mut decision = decide(declared, &known);
    if let Some(reason) = renamed(tx, declared, now).await?
        && decision.state != MasterKeyState::Rejected
    {
        decision = Decision { state: MasterKeyState::Pending, reason };
    }
    // A key that waits keeps the reason why, as long as it says the same of itself.
    if let Some(old) = stored
        && decision.state == MasterKeyState::Pending
        && old.state == MasterKeyState::Pending
        && known.other_accepted.is_none()
        && !old.reason.is_empty()
        && (&old.cluster_id, old.kind) == (&declared.cluster_id, declared.kind)
    {
        decision.reason.clone_from(&old.reason);
    }
    Ok(decision)
}

/// The same key under another master id than it was accepted for: both wait until an operator says which is true.
async fn renamed(
    tx: &Transaction<'_>,
    declared: &Declared,
    now: Timestamp,
) -> Result<Option<String>, DbError> {
    let keys = master_key::by_fingerprint(tx, &declared.fingerprint).await?;
    let is_old =
        |key: &&MasterKey| key.state == MasterKeyState::Accepted && key.master_id != declared.master_id;
    let Some(old) = keys.iter().find(is_old) else { return Ok(None) };
    let reason = format!(
        "was accepted as master {:?}, now declares master {:?}: accept the one that is true, and delete the other",
        old.master_id, declared.master_id
    );
    let name = (old.master_id.as_str(), old.fingerprint.as_str());
    master_key::set_state(tx, name, MasterKeyState::Pending, &reason, now).await?;
    Ok(Some(reason))
}

fn written(call: &Enroll, declared: &Declared, decision: &Decision, now: Timestamp) -> MasterKey {
    MasterKey {
        master_id: declared.master_id.clone(),
        fingerprint: declared.fingerprint.clone(),
        public_key: call.public_key.trim().to_owned() + "\n",
        state: decision.state,
        reason: decision.reason.clone(),
        cluster_id: declared.cluster_id.clone(),
        kind: declared.kind,
        facts: call.facts.clone(),
        created_at: now,
        changed_at: now,
        last_seen_at: now,
        bound: true,
    }
}
