//! Returns from the master's job cache: of a time when nobody listened, and whole ones where the bus carried a trimmed one.

use std::time::{Duration, SystemTime};

use jiff::{SignedDuration, Timestamp};
use raas_salt::job_cache::{self, CachedJob};
use raas_salt::msgpack;
use raas_wire::{Report, Return};

use super::tag::is_jid;
use super::{Watch, job_seen, off_thread, orphan, returns};
use crate::jobs::{Whose, is_own};
use crate::spool::SpoolError;

/// The cache is looked through from a little earlier: its clock is the file system's.
const EARLIER: SignedDuration = SignedDuration::from_secs(5);
/// Salt writes a return into the cache after it put it on the bus.
const LATER: Duration = Duration::from_millis(500);
/// How often the whole value of a trimmed return is looked for.
const LOOKS: u32 = 6;
/// Reports written together.
const BATCH: usize = 200;

/// Reports every return (and foreign job) that the cache got since `from`. What was reported before is reported again,
/// which changes nothing.
pub(super) async fn since(watch: Watch, from: Timestamp) -> Result<(), SpoolError> {
    let from = SystemTime::from(from.checked_sub(EARLIER).unwrap_or(from));
    let config = watch.config.clone();
    let jobs = off_thread(move || job_cache::since(&config, from)).await.unwrap_or_default();
    let mut found = 0_usize;
    for job in jobs.into_iter().filter(|job| is_jid(&job.jid)) {
        let whose = watch.jobs.whose(&job.jid);
        let master_id = watch.config.id.clone();
        let reports = off_thread(move || of_job(&job, whose, from, &master_id)).await.unwrap_or_default();
        found += reports.len();
        for part in reports.chunks(BATCH) {
            watch.record(part.to_vec()).await?;
        }
    }
    tracing::info!(found, "looked through Salt's job cache for what passed unheard");
    Ok(())
}

fn of_job(job: &CachedJob, whose: Whose, from: SystemTime, master_id: &str) -> Vec<(Timestamp, Report)> {
    let load = job.load();
    let command = load.as_ref().and_then(|load| msgpack::text(load, "cmd"));
    if whose == Whose::Own || load.as_ref().is_some_and(is_own) {
        return Vec::new();
    }
    if command.is_none() {
        // Results of runners and wheels are there too, under the master's id: they are no returns of minions.
        let kept = job.return_of(master_id);
        let ran = kept.and_then(|kept| Some((time(kept.modified), orphan::of_cache(&job.jid, &kept.value)?)));
        return ran.into_iter().collect();
    }
    let mut reports = Vec::new();
    if let (Whose::Foreign, Some("publish"), Some(load)) = (whose, command, &load) {
        reports.push((time(job.modified), Report::Job(job_seen::of_load(load, &job.jid))));
    }
    for minion_id in job.returned() {
        let Some(cached) = job.return_of(&minion_id).filter(|cached| cached.modified >= from) else {
            continue;
        };
        let one = returns::of_cache(&job.jid, &cached, load.as_ref(), None);
        reports.push((time(cached.modified), Report::Return(one)));
    }
    reports
}

fn time(modified: SystemTime) -> Timestamp {
    Timestamp::try_from(modified).unwrap_or(Timestamp::UNIX_EPOCH)
}

/// Reports a trimmed return with the whole value where the cache has it, and as trimmed where it does not.
pub(super) async fn whole(watch: Watch, trimmed: Return) {
    for _ in 0..LOOKS {
        let (config, known) = (watch.config.clone(), trimmed.clone());
        let found = off_thread(move || {
            let cached = job_cache::find(&config, &known.jid)?.return_of(&known.minion_id)?;
            Some(returns::of_cache(&known.jid, &cached, None, Some(&known)))
        });
        if let Some(found) = found.await.flatten() {
            let _ = watch.record_now(Report::Return(found)).await;
            return;
        }
        tokio::time::sleep(LATER).await;
    }
    let _ = watch.record_now(Report::Return(trimmed)).await;
}
