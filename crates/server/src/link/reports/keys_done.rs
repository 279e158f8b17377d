//! `KeysDone`: a master carried out key changes, or says why not. What changed comes as a new key list.

use raas_db::key_change::{self, Answer};
use raas_db::{Transaction, link};
use raas_wire::{KeysDone, Report};

use super::keys::{look, settle};
use super::kind::{Item, Kind, Source, Taken};

/// Longest reason that is kept of one change.
const LONGEST: usize = 1_000;

/// Answers to key changes.
pub(super) struct Answers;

impl Kind for Answers {
    type Report = KeysDone;

    fn of(report: &Report) -> Option<&KeysDone> {
        if let Report::KeysDone(done) = report { Some(done) } else { None }
    }

    async fn take(tx: &Transaction<'_>, source: &Source<'_>, items: &[Item<'_, KeysDone>]) -> Taken {
        let closed: Vec<_> =
            items.iter().map(|item| (item.report.delivery_id, reason(item.report))).collect();
        link::answered(tx, (source.master.master_uuid, "keys"), &closed, source.now).await?;
        look(tx, source).await?; // the cluster first, as the reconciler does
        let answers: Vec<Answer<'_>> = items.iter().flat_map(|item| answers(item.report)).collect();
        key_change::answered(tx, source.master.master_uuid, &answers, source.now).await?;
        settle(tx, source).await?;
        Ok(Vec::new())
    }
}

fn answers(done: &KeysDone) -> impl Iterator<Item = Answer<'_>> {
    let delivery_id = done.delivery_id;
    let refused = done.refused.iter().map(|(id, why)| (id, Some(clean(why))));
    done.done.iter().map(|id| (id, None)).chain(refused).map(move |(minion_id, error)| Answer {
        delivery_id,
        minion_id,
        error,
    })
}

fn clean(why: &str) -> String {
    why.chars().filter(|c| *c != '\0').take(LONGEST).collect()
}

/// What was not done, one clause per minion; empty when all was.
fn reason(done: &KeysDone) -> String {
    let clauses: Vec<String> = done.refused.iter().map(|(id, why)| format!("{id}: {}", clean(why))).collect();
    clauses.join("; ").replace('\0', "")
}
