//! Deliveries whose time passed: taken back, and planned anew where they certainly were not carried out.

use std::collections::BTreeMap;

use raas_db::{
    Client, DbError,
    command::{self, Locked},
    delivery::{self, Delivery},
    outcome,
};
use uuid::Uuid;

use super::{anew, reach::Given, round::Round, run};
use crate::ledger::{self, touched};

/// Deliveries looked at in one turn.
const LIMIT: i64 = 500;
/// Why a delivery that was never given out is taken back, and one that was.
pub(super) const REASONS: (&str, &str) = (
    "its master did not fetch it in time",
    "its master fetched it and did not say in time what became of it: it may have been carried out",
);

/// Takes back what is due. True: there is more.
pub(super) async fn pass(round: &Round<'_>, client: &mut Client) -> Result<bool, DbError> {
    let due = delivery::due(&*client, round.now, &round.absent(), LIMIT).await?;
    let full = due.len() >= usize::try_from(LIMIT).unwrap_or(usize::MAX);
    let mut jobs: BTreeMap<String, Vec<Delivery>> = BTreeMap::new();
    let mut others: Vec<Uuid> = Vec::new();
    for one in due {
        match &one.jid {
            Some(jid) => jobs.entry(jid.clone()).or_default().push(one),
            None => others.push(one.delivery_id),
        }
    }
    let mut taken = 0;
    if !others.is_empty() {
        taken += delivery::take_back(&*client, &others, round.now, REASONS).await?.len();
    }
    for (jid, due) in jobs {
        match job(round, client, jid.clone(), due).await {
            Ok(more) => taken += more,
            Err(error) if error.is_unavailable() => return Err(error),
            // It must not keep the others from their end; it is tried again at the next turn.
            Err(error) => tracing::error!(jid, cause = %error.internal(), "deliveries cannot be taken back"),
        }
    }
    Ok(full && taken > 0)
}

/// Takes back the due deliveries of one job. Returns how many.
async fn job(
    round: &Round<'_>,
    client: &mut Client,
    jid: String,
    due: Vec<Delivery>,
) -> Result<usize, DbError> {
    let jids = [jid];
    let tx = client.transaction().await?;
    let held = command::lock(&tx, &jids).await?;
    let mut taken = 0;
    let (runs, rest): (Vec<Delivery>, Vec<Delivery>) = due.into_iter().partition(|d| d.work == "run");
    let ids: Vec<Uuid> = rest.iter().map(|d| d.delivery_id).collect();
    let back = delivery::take_back(&tx, &ids, round.now, REASONS).await?;
    taken += back.len();
    let Some(command) = held.first() else {
        // Its command is forgotten: nobody waits for it.
        let ids: Vec<Uuid> = runs.iter().map(|d| d.delivery_id).collect();
        taken += delivery::take_back(&tx, &ids, round.now, REASONS).await?.len();
        tx.commit().await?;
        return Ok(taken);
    };
    let given = given(&tx, &jids).await?;
    anew::publishes(round, &tx, command, &given, &back).await?;
    for one in &runs {
        taken += usize::from(run::anew(round, &tx, command, &given, one).await?);
    }
    if taken > 0 {
        settle(round, &tx, command).await?;
    }
    tx.commit().await?;
    Ok(taken)
}

/// All deliveries of jobs, read.
pub(super) async fn given(tx: &raas_db::Transaction<'_>, jids: &[String]) -> Result<Vec<Given>, DbError> {
    Ok(delivery::by_jid(tx, jids).await?.into_iter().map(Given::read).collect())
}

async fn settle(round: &Round<'_>, tx: &raas_db::Transaction<'_>, command: &Locked) -> Result<(), DbError> {
    ledger::settle(tx, round.now, &[touched(&command.jid)]).await?;
    outcome::hurry(tx, std::slice::from_ref(&command.jid), round.now).await.map(drop)
}
