//! The keys of minions: reported whole, at the start and whenever they changed.

use std::sync::Arc;
use std::time::Duration;

use raas_salt::Keys;
use raas_salt::keys::{Key, Lists};
use raas_wire::{KeyLists, KeyOfMinion, Report};
use tokio::sync::Notify;

use super::{Watch, off_thread};

/// Now and then they are read even where no directory changed: a key may be replaced within its file.
const EVEN_SO: u32 = 150;

/// Looks after nudges and on a beat, until the spool is closed.
pub(super) async fn run(watch: Watch, nudge: Arc<Notify>) {
    let keys = Keys::new(&watch.config);
    let mut reported: Option<Lists> = None;
    let mut stamp = None;
    let mut beats = 0_u32;
    loop {
        let nudged = tokio::time::timeout(watch.pace.keys, nudge.notified()).await.is_ok();
        beats = if nudged { 0 } else { (beats + 1) % EVEN_SO };
        if nudged {
            // Salt says it before it has written it.
            tokio::time::sleep(watch.pace.settle.min(Duration::from_millis(200))).await;
        }
        let now = look(&keys).await;
        if !nudged && beats != 0 && now.is_some() && now == stamp && reported.is_some() {
            continue;
        }
        stamp = now;
        let Some(lists) = read(&keys).await else { continue };
        if reported.as_ref() == Some(&lists) {
            continue;
        }
        if watch.record_now(Report::Keys(wire(&lists))).await.is_err() {
            return;
        }
        // Thousands of minions that enrol at once make few large reports, not thousands.
        let many = lists.accepted.len() + lists.pending.len();
        reported = Some(lists);
        tokio::time::sleep(
            Duration::from_millis(many.try_into().unwrap_or(10_000)).min(Duration::from_secs(10)),
        )
        .await;
    }
}

async fn look(keys: &Keys) -> Option<Vec<Option<std::time::SystemTime>>> {
    let keys = keys.clone();
    off_thread(move || keys.stamp()).await
}

async fn read(keys: &Keys) -> Option<Lists> {
    let keys = keys.clone();
    match off_thread(move || keys.lists()).await? {
        Ok(lists) => Some(lists),
        Err(error) => {
            tracing::warn!(%error, "the keys of minions cannot be read");
            None
        }
    }
}

fn wire(lists: &Lists) -> KeyLists {
    let all = |keys: &[Key]| keys.iter().map(one).collect();
    KeyLists {
        accepted: all(&lists.accepted),
        pending: all(&lists.pending),
        rejected: all(&lists.rejected),
        denied: all(&lists.denied),
    }
}

fn one(key: &Key) -> KeyOfMinion {
    KeyOfMinion {
        minion_id: key.minion_id.clone(),
        fingerprint: key.fingerprint.clone(),
        public_key: key.public_key.clone(),
    }
}
