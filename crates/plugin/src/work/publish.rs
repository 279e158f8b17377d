//! Publishing a job with the server's jid: at once, before anything is written to disk.

use std::time::Duration;

use raas_salt::{Publication, PublishRequest};
use raas_wire::{HandBack, Publish, Published, Report};
use tokio::time::{Instant, timeout_at};

use super::{Worker, attempt, handed_back};

/// Longest wait for Salt's reply. It takes milliseconds, and seconds while a master starts.
const REPLY: Duration = Duration::from_secs(15);

pub(super) async fn publish(worker: &Worker, work: Publish, arrived: Instant) {
    let id = work.delivery_id;
    let whole = Duration::from_millis(work.publish_before_ms);
    // Whoever has to wait too long has sent nothing.
    let turn = timeout_at(arrived + whole, worker.publishing.acquire()).await;
    let left = whole.saturating_sub(arrived.elapsed());
    let Some(_turn) = turn.ok().filter(|_| !left.is_zero()) else {
        let detail = "the time to publish it had passed before Salt was asked".to_owned();
        return worker.hand_back(id, HandBack::TooLate, detail).await;
    };
    worker.jobs.ours(&work.jid);
    let job = PublishRequest {
        jid: work.jid.clone(),
        fun: work.fun,
        arg: work.arg.value(),
        tgt: work.tgt.value(),
        tgt_type: work.tgt_type,
        user: work.user,
        metadata: work.metadata.map(|metadata| metadata.value()),
    };
    // `cargo xtask bench dispatch` reads the time of this line.
    tracing::debug!(jid = job.jid, "publish request leaves");
    // The request goes out within the limit, so never after the time to publish.
    match attempt::publish(&*worker.salt, &job, left.min(REPLY)).await {
        Ok(publication) => {
            tracing::debug!(delivery = %id, jid = job.jid, took = ?arrived.elapsed(), "published");
            let (minions, matched_none) = match publication {
                Publication::Sent { minions, .. } => (minions, false),
                Publication::MatchedNone => (Vec::new(), true),
            };
            let answer = Published { delivery_id: id, jid: job.jid, minions, matched_none };
            worker.answer(id, Report::Published(answer), Vec::new()).await;
        }
        Err(error) => worker.hand_back(id, handed_back(&error), error.to_string()).await,
    }
}
