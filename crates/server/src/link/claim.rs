//! `POST /plugin/v1/claim`: "may have started" is committed before the plugin is told to go. An unclaimed lease may move; a claimed one never does.

use axum::{Json, body::Bytes, extract::State};
use raas_api::OutcomeState;
use raas_db::{
    DbError,
    command::{self, Locked},
    delivery::{self, Delivery},
    master::Master,
    outcome::{self, Change},
};
use raas_wire::{Claim, Claimed};

use super::{Caller, Refuse};
use crate::{
    AppState,
    job::{RUN_LOOK, after},
    ledger::{self, touched},
};

/// Says go, or why not. The same claim asked again gets the same answer.
pub(super) async fn claim(
    State(state): State<AppState>,
    Caller(master): Caller,
    body: Bytes,
) -> Result<Json<Claimed>, Refuse> {
    let call: Claim = serde_json::from_slice(&body)
        .map_err(|error| Refuse::malformed(format!("the claim cannot be read: {error}")))?;
    Ok(Json(take(&state, &master, &call).await?))
}

async fn take(state: &AppState, master: &Master, call: &Claim) -> Result<Claimed, DbError> {
    let now = state.clock.now();
    let mut client = state.db.client().await?;
    let tx = client.transaction().await?;
    let found = delivery::get(&tx, &[call.delivery_id]).await?;
    let Some(known) = found.into_iter().find(|d| d.master_uuid == master.master_uuid && d.work == "run")
    else {
        return Ok(refuse(format!("delivery {} was not given to this master to run", call.delivery_id)));
    };
    // The command first, as everywhere; only then the delivery can be judged.
    let held = command::lock(&tx, known.jid.as_slice()).await?;
    let Some(first) = delivery::claim(&tx, call.delivery_id, master.master_uuid, call.claim_id, now).await?
    else {
        let last = delivery::get(&tx, &[call.delivery_id]).await?;
        return Ok(refuse(why_not(last.first().unwrap_or(&known), now)));
    };
    if let Some(command) = held.first().filter(|_| first) {
        let deltas = outcome::change(&tx, now, &[started(command, master, &known, now)]).await?;
        ledger::settle(&tx, now, &[deltas, vec![touched(&command.jid)]].concat()).await?;
    }
    tx.commit().await?;
    Ok(Claimed { go: true, reason: None })
}

fn refuse(reason: String) -> Claimed {
    Claimed { go: false, reason: Some(reason) }
}

fn why_not(delivery: &Delivery, now: jiff::Timestamp) -> String {
    match delivery.state.as_str() {
        "leased" | "queued" if delivery.publish_before <= now => {
            format!("it had to start before {}", delivery.publish_before)
        }
        "queued" => "it is not leased".to_owned(),
        "claimed" | "started" => "it was claimed before, by an attempt that may have started it".to_owned(),
        "handed_back" | "expired" => format!("the lease moved on: {}", delivery.reason),
        other => format!("it is {other}"),
    }
}

fn started(command: &Locked, master: &Master, delivery: &Delivery, now: jiff::Timestamp) -> Change {
    Change {
        day: command.day,
        cluster_id: delivery.cluster_id.clone(),
        jid: command.jid.clone(),
        minion_id: master.master_id.clone(),
        state: OutcomeState::Delivered.as_str(),
        reason: format!("claimed by master {:?}: may have started", master.master_id),
        deadline: Some(after(now, RUN_LOOK)),
        asked: 0,
        unheld_since: None,
    }
}
