//! Grains of minions, as the master caches them: all at the start, then those that changed.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::SystemTime;

use raas_salt::{MasterConfig, grains, to_json};
use raas_wire::{Grains, Json, Report};
use tokio::sync::mpsc;
use tokio::time::{Instant, timeout_at};

use super::{Watch, off_thread};
use crate::spool::SpoolError;

/// Minions written together.
const BATCH: usize = 50;

/// What was reported of one minion.
#[derive(Debug)]
struct Reported {
    modified: SystemTime,
    text: String,
}

/// Looks after nudges and on a beat, until the spool is closed.
pub(super) async fn run(watch: Watch, mut refreshed: mpsc::Receiver<String>) {
    let mut known = Known { watch, reported: BTreeMap::new() };
    loop {
        if known.look_at_all().await.is_err() {
            return;
        }
        let until = Instant::now() + known.watch.pace.grains;
        while let Ok(Some(first)) = timeout_at(until, refreshed.recv()).await {
            // Salt writes them about when it says so: what comes in the meantime is looked at together.
            tokio::time::sleep(known.watch.pace.settle).await;
            let mut ids = BTreeSet::from([first]);
            while let Ok(id) = refreshed.try_recv() {
                ids.insert(id);
            }
            if known.look_at(ids.into_iter().collect()).await.is_err() {
                return;
            }
        }
    }
}

struct Known {
    watch: Watch,
    reported: BTreeMap<String, Reported>,
}

impl Known {
    /// Everything whose file is newer than what was reported, and everything that is gone.
    async fn look_at_all(&mut self) -> Result<(), SpoolError> {
        let config = self.watch.config.clone();
        let Some(cached) = off_thread(move || grains::cached(&config)).await else { return Ok(()) };
        let there: BTreeSet<&str> = cached.iter().map(|one| one.minion_id.as_str()).collect();
        let gone: Vec<String> =
            self.reported.keys().filter(|id| !there.contains(id.as_str())).cloned().collect();
        let changed = cached.iter().filter(|one| {
            self.reported.get(&one.minion_id).is_none_or(|reported| reported.modified != one.modified)
        });
        let ids: Vec<String> = changed.map(|one| one.minion_id.clone()).chain(gone).collect();
        self.look_at(ids).await
    }

    async fn look_at(&mut self, ids: Vec<String>) -> Result<(), SpoolError> {
        for part in ids.chunks(BATCH) {
            let (config, part) = (Arc::clone(&self.watch.config), part.to_vec());
            let read =
                off_thread(move || part.into_iter().filter_map(|id| read(&config, id)).collect::<Vec<_>>());
            let now = self.watch.clock.now();
            let read = read.await.unwrap_or_default();
            let reports: Vec<_> =
                read.into_iter().filter_map(|(id, new)| Some((now, self.news(id, new)?))).collect();
            self.watch.record(reports).await?;
        }
        Ok(())
    }

    fn news(&mut self, minion_id: String, new: Option<Reported>) -> Option<Report> {
        let Some(new) = new else {
            self.reported.remove(&minion_id)?;
            return Some(Report::Grains(Grains { minion_id, grains: Json::null() }));
        };
        let before = self.reported.get(&minion_id).map(|before| before.text.as_str());
        let report = (before != Some(new.text.as_str())).then(|| {
            let grains = Json::from_text(new.text.clone()).unwrap_or_else(|_| Json::null());
            Report::Grains(Grains { minion_id: minion_id.clone(), grains })
        });
        self.reported.insert(minion_id, new);
        report
    }
}

/// Grains as they are now; `None` inside when there are none, outside when they cannot be read this time.
fn read(config: &MasterConfig, minion_id: String) -> Option<(String, Option<Reported>)> {
    let modified = grains::modified(config, &minion_id);
    match grains::read(config, &minion_id) {
        Ok(Some(map)) => Some((minion_id, Some(Reported { modified: modified?, text: to_json(&map).text }))),
        Ok(None) => Some((minion_id, None)),
        Err(error) => {
            tracing::debug!(%error, "cached grains cannot be read now");
            None
        }
    }
}
