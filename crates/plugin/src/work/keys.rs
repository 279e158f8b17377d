//! Key changes on this master, one after the other; each that is not made says why.

use raas_wire::{Keys, KeysDone, Report};

use super::Worker;

pub(super) async fn change(worker: &Worker, work: Keys) {
    let mut answer = KeysDone { delivery_id: work.delivery_id, done: Vec::new(), refused: Vec::new() };
    for change in work.changes {
        let minion_id = change.minion_id.clone();
        match worker.salt.change_key(change).await {
            Ok(()) => answer.done.push(minion_id),
            Err(why) => answer.refused.push((minion_id, why)),
        }
    }
    worker.answer(work.delivery_id, Report::KeysDone(answer), Vec::new()).await;
}
