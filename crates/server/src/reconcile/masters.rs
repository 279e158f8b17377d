//! A master that is lost: consoles are told, what was expected through it is looked at now, and the other masters of its
//! cluster ask who is with them.

use std::collections::BTreeSet;

use jiff::SignedDuration;
use raas_api::Presence;
use raas_db::{
    Client, DbError, Transaction, cluster,
    delivery::{self, NewDelivery},
    listen,
    master::Master,
    outcome,
};
use raas_wire::{Ping, Work};
use uuid::Uuid;

use super::{memory::Memory, round::Round};
use crate::{Change, job::after};

/// How long minions have to answer the ping.
const PING: SignedDuration = SignedDuration::from_secs(10);

/// Compares the masters with what they were at the last turn.
pub(super) async fn watch(
    round: &Round<'_>,
    client: &mut Client,
    memory: &mut Memory,
) -> Result<(), DbError> {
    let mut changed = BTreeSet::new();
    let mut lost: Vec<&Master> = Vec::new();
    let mut back = BTreeSet::new();
    for (master, presence) in &round.masters {
        if *presence == Presence::Present
            && memory.presence.get(&master.master_uuid) != Some(&Presence::Present)
        {
            back.insert(master.cluster_id.as_str());
        }
        match memory.presence.get(&master.master_uuid) {
            Some(before) if before != presence => {
                changed.insert(master.cluster_id.as_str());
                if *before == Presence::Present {
                    lost.push(master);
                }
            }
            _ => {}
        }
    }
    if !changed.is_empty() {
        let tx = client.transaction().await?;
        if !lost.is_empty() {
            gone(round, &tx, &lost).await?;
        }
        for cluster in changed {
            for topic in ["masters", "minions"] {
                round.state.notify_change(&tx, &Change::of(topic).in_cluster(cluster)).await?;
            }
        }
        tx.commit().await?;
    }
    // What was decided about keys while it was away is carried out now.
    if !back.is_empty() {
        let back: Vec<&str> = back.into_iter().collect();
        cluster::look_at_keys(&*client, &back, round.now).await?;
    }
    memory.presence =
        round.masters.iter().map(|(master, presence)| (master.master_uuid, *presence)).collect();
    Ok(())
}

async fn gone(round: &Round<'_>, tx: &Transaction<'_>, lost: &[&Master]) -> Result<(), DbError> {
    let uuids: Vec<Uuid> = lost.iter().map(|master| master.master_uuid).collect();
    let hurried = outcome::hurry_lost(tx, &uuids, round.now).await?;
    for master in lost {
        tracing::warn!(master = master.master_id, cluster = master.cluster_id, hurried, "master is lost");
    }
    let clusters: BTreeSet<&str> = lost.iter().map(|master| master.cluster_id.as_str()).collect();
    let left = round
        .masters
        .iter()
        .filter(|(m, presence)| *presence == Presence::Present && clusters.contains(m.cluster_id.as_str()));
    let pings: Vec<NewDelivery> = left.map(|(master, _)| ping(round, master)).collect();
    delivery::insert(tx, round.now, &pings).await?;
    let wake: Vec<_> = pings.iter().map(|p| (listen::WORK, p.master_uuid.to_string())).collect();
    listen::notify_all(tx, &wake).await
}

fn ping(round: &Round<'_>, master: &Master) -> NewDelivery {
    let delivery_id = round.state.random.uuid();
    let wait_ms = u64::try_from(PING.as_millis()).unwrap_or_default();
    let work = Work::Ping(Ping { delivery_id, minions: Vec::new(), wait_ms });
    NewDelivery {
        delivery_id,
        jid: None,
        day: None,
        cluster_id: master.cluster_id.clone(),
        master_uuid: master.master_uuid,
        work: "ping",
        payload: serde_json::to_string(&work).unwrap_or_default(),
        publish_before: after(round.now, round.times.publish),
    }
}
