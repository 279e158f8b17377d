//! `KeysDone`: a master carried out key changes. What changed comes as a new key list; here the delivery is closed.

use raas_db::{Transaction, link};
use raas_wire::{KeysDone, Report};

use super::kind::{Item, Kind, Source, Taken};

/// Answers to key changes.
pub(super) struct Answers;

impl Kind for Answers {
    type Report = KeysDone;

    fn of(report: &Report) -> Option<&KeysDone> {
        if let Report::KeysDone(done) = report { Some(done) } else { None }
    }

    async fn take(tx: &Transaction<'_>, source: &Source<'_>, items: &[Item<'_, KeysDone>]) -> Taken {
        let answers: Vec<_> =
            items.iter().map(|item| (item.report.delivery_id, reason(item.report))).collect();
        link::answered(tx, (source.master.master_uuid, "keys"), &answers, source.now).await?;
        Ok(Vec::new())
    }
}

/// What was not done, one clause per minion; empty when all was.
fn reason(done: &KeysDone) -> String {
    let clauses: Vec<String> = done.refused.iter().map(|(id, why)| format!("{id}: {why}")).collect();
    clauses.join("; ").replace('\0', "")
}
