//! The outcome ledger's last step: counters and states follow the outcomes, and whoever watches is told.

use std::collections::BTreeSet;

use jiff::Timestamp;
use raas_db::{
    DbError, Session,
    command::{self, Delta},
    listen,
};

use crate::Change;

/// Payload of the work channel that wakes the reconciler, beside the masters' ids.
pub(crate) const RECONCILE: &str = "reconcile";
/// Payload of the work channel that wakes who works in runs of states.
pub(crate) const HIGHSTATES: &str = "highstates";
/// Payload of the work channel that wakes who works out members of target groups.
pub(crate) const TARGETS: &str = "targets";
/// More jobs than this in one transaction are told of as one change.
const TOLD: usize = 20;

/// Settles commands after a change of their outcomes. The caller holds their rows, and commits.
pub(crate) async fn settle(session: &impl Session, now: Timestamp, deltas: &[Delta]) -> Result<(), DbError> {
    if deltas.is_empty() {
        return Ok(());
    }
    command::settle(session, deltas, now).await?;
    let jids: BTreeSet<&str> = deltas.iter().map(|delta| delta.jid.as_str()).collect();
    if jids.len() > TOLD {
        return tell(session, &Change::of("outcomes")).await;
    }
    for jid in jids {
        tell(session, &Change::of("outcomes").of_job(jid)).await?;
    }
    Ok(())
}

/// Tells every `/stream` when the transaction commits.
async fn tell(session: &impl Session, change: &Change) -> Result<(), DbError> {
    let payload = serde_json::to_string(change).unwrap_or_default();
    listen::notify(session, listen::CHANGE, &payload).await
}

/// Wakes the reconciler when the transaction commits.
pub(crate) async fn wake_reconciler(session: &impl Session) -> Result<(), DbError> {
    listen::notify(session, listen::WORK, RECONCILE).await
}

/// Wakes who works in runs of states, when the transaction commits.
pub(crate) async fn wake_highstates(session: &impl Session) -> Result<(), DbError> {
    listen::notify(session, listen::WORK, HIGHSTATES).await
}

/// Wakes who works out members of target groups, when the transaction commits.
pub(crate) async fn wake_targets(session: &impl Session) -> Result<(), DbError> {
    listen::notify(session, listen::WORK, TARGETS).await
}

/// A command that was touched, though no outcome changed: its state may follow its deliveries.
pub(crate) fn touched(jid: &str) -> Delta {
    Delta { jid: jid.to_owned(), ..Delta::default() }
}
