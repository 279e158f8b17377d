//! Facts for the story of one outcome, out of rows. Words for people are elsewhere (crates/cluster timeline).

use std::collections::{BTreeMap, BTreeSet};

use raas_api::CommandKind;
use raas_cluster::timeline::{Asked, Change, Delivery, Facts, Sighting, Step, Work};
use raas_db::{
    Client,
    command::Command,
    delivery, master,
    outcome::{self, Outcome},
    witness,
};
use uuid::Uuid;

use super::{state, target};
use crate::{RpcError, rpc::words};

/// The database keeps the first so many changes, and the newest (migration 0011).
const FIRST_KEPT: usize = 4;

/// What was read.
pub(super) struct Read {
    pub(super) facts: Facts,
    pub(super) master_id: Option<String>,
    pub(super) trimmed: bool,
    pub(super) deliveries_are_gone: bool,
}

/// Masters' ids by uuid.
struct Names(BTreeMap<Uuid, String>);

impl Names {
    fn of(&self, master: Uuid) -> String {
        self.0.get(&master).cloned().unwrap_or_else(|| "(deleted)".to_owned())
    }
}

/// Reads all that is known of an outcome.
pub(super) async fn read(client: &Client, command: &Command, outcome: &Outcome) -> Result<Read, RpcError> {
    let key = (outcome.day, outcome.cluster_id.as_str(), command.jid.as_str());
    let names = master::list(client).await?.into_iter().map(|m| (m.master_uuid, m.master_id));
    let names = Names(names.collect());
    let changes = outcome::changes(client, key, &outcome.minion_id).await?;
    let seen = witness::of(client, key, &outcome.minion_id).await?;
    let here = command.source == "raas";
    let touched: BTreeSet<Uuid> = changes.iter().filter_map(|change| change.master_uuid).collect();
    let deliveries = deliveries(client, command, outcome, (&names, &touched)).await?;
    let facts = Facts {
        asked: asked(command, outcome, here)?,
        minion_id: outcome.minion_id.clone(),
        state: state(&outcome.state)?,
        deadline: outcome.deadline,
        unheld_since: outcome.unheld_since,
        unexpected: outcome.unexpected,
        left_out: (FIRST_KEPT, usize::try_from(outcome.left_out).unwrap_or_default()),
        changes: changes.into_iter().map(|change| changed(&names, change)).collect::<Result<_, _>>()?,
        sightings: seen.iter().map(|one| sighting(&names, one)).collect(),
        deliveries,
    };
    Ok(Read {
        master_id: outcome.master_uuid.map(|master| names.of(master)),
        trimmed: seen.first().is_some_and(|one| one.trimmed),
        // What was queued once had a delivery.
        deliveries_are_gone: here && facts.deliveries.is_empty() && facts.changes.len() > 1,
        facts,
    })
}

fn asked(command: &Command, outcome: &Outcome, here: bool) -> Result<Asked, RpcError> {
    let cmd = words::read(&command.cmd, CommandKind::from_word)?;
    Ok(Asked {
        at: command.created_at,
        user: command.user_name.clone(),
        here,
        cmd,
        fun: command.fun.clone(),
        target: target::words(cmd, &command.tgt, &outcome.cluster_id, &command.masters_to),
    })
}

fn changed(names: &Names, was: outcome::Was) -> Result<Change, RpcError> {
    Ok(Change {
        at: was.at,
        state: state(&was.state)?,
        reason: was.reason,
        master_id: was.master_uuid.map(|master| names.of(master)),
        late: was.late,
        ran_twice: was.ran_twice,
    })
}

fn sighting(names: &Names, one: &witness::Witness) -> Sighting {
    Sighting {
        at: one.seen_at,
        master_id: names.of(one.master_uuid),
        // What Salt had cut says nothing of the value.
        same: (!one.cut).then_some(one.same),
        decided: one.decided && one.same,
    }
}

/// Deliveries of the command that can have reached this minion, each with what became of it.
async fn deliveries(
    client: &Client,
    command: &Command,
    outcome: &Outcome,
    (names, touched): (&Names, &BTreeSet<Uuid>),
) -> Result<Vec<Delivery>, RpcError> {
    let mut steps: BTreeMap<Uuid, Vec<Step>> = BTreeMap::new();
    for was in delivery::changes(client, &command.jid, &outcome.cluster_id).await? {
        let step = Step { at: was.at, state: was.state, reason: was.reason };
        steps.entry(was.delivery_id).or_default().push(step);
    }
    let rows = delivery::by_jid(client, std::slice::from_ref(&command.jid)).await?;
    Ok(rows
        .into_iter()
        .filter(|row| row.cluster_id == outcome.cluster_id)
        .filter_map(|row| {
            let work = concerns(&row, &outcome.minion_id)?;
            let master_id = names.of(row.master_uuid);
            // Other masters of the cluster may run it too, each with an outcome of its own.
            let is_mine =
                work != Work::Run || master_id == outcome.minion_id || touched.contains(&row.master_uuid);
            is_mine.then(|| Delivery {
                delivery_id: row.delivery_id,
                master_id,
                work,
                steps: steps.remove(&row.delivery_id).unwrap_or_default(),
            })
        })
        .collect())
}

/// What a delivery is, when it can have reached this minion.
fn concerns(row: &delivery::Delivery, minion_id: &str) -> Option<Work> {
    match serde_json::from_str::<raas_wire::Work>(&row.payload).ok()? {
        raas_wire::Work::Publish(publish) if publish.tgt_type == "list" => {
            match serde_json::from_str::<Vec<String>>(publish.tgt.as_str()) {
                Ok(ids) => ids.iter().any(|id| id == minion_id).then_some(Work::List(ids.len())),
                Err(_) => Some(Work::Target),
            }
        }
        raas_wire::Work::Publish(_) => Some(Work::Target),
        raas_wire::Work::Run(_) => Some(Work::Run),
        raas_wire::Work::Ask(ask) => ask.minions.iter().any(|id| id == minion_id).then_some(Work::Ask),
        raas_wire::Work::Ping(_) | raas_wire::Work::Keys(_) => None,
    }
}
