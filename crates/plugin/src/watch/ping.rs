//! The plugin's own `test.ping`: who is really there. After connecting, after a change in connections, and on a slow beat.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use raas_salt::{Event, Publication, PublishRequest};
use raas_wire::{Pinged, Report};
use serde_json::json;
use tokio::sync::{Notify, mpsc::UnboundedReceiver};
use tokio::time::{Instant, timeout_at};

use super::tag::Tag;
use super::{Watch, returns};
use crate::jobs::own_metadata;
use crate::spool::SpoolError;

/// Each minion of a large fleet adds so much to the beat.
const PER_MINION: Duration = Duration::from_millis(20);

/// Pings after nudges and on a beat, until the spool is closed.
pub(super) async fn run(watch: Watch, nudge: Arc<Notify>) {
    let mut minions = 0_u32;
    loop {
        let beat = watch.pace.ping.max(PER_MINION * minions);
        if tokio::time::timeout(beat, nudge.notified()).await.is_ok() {
            // Connections come and go in groups.
            tokio::time::sleep(watch.pace.settle).await;
        }
        match ping(&watch).await {
            Ok(asked) => minions = asked.unwrap_or(minions),
            Err(_) => return,
        }
    }
}

/// One ping; how many minions it went to, when it went out.
async fn ping(watch: &Watch) -> Result<Option<u32>, SpoolError> {
    let sent_at = watch.clock.now();
    let jid = sent_at.strftime("%Y%m%d%H%M%S%6f").to_string();
    let mut answers = watch.jobs.own(&jid);
    let job = PublishRequest {
        jid: jid.clone(),
        fun: "test.ping".to_owned(),
        arg: json!([]),
        tgt: json!("*"),
        tgt_type: "glob".to_owned(),
        user: "raas-plugin".to_owned(),
        metadata: Some(own_metadata()),
    };
    let until = Instant::now() + watch.pace.ping_wait;
    let asked: BTreeSet<String> = match watch.requests.publish(&job, watch.pace.ping_wait).await {
        Ok(Publication::Sent { minions, .. }) => minions.into_iter().collect(),
        Ok(Publication::MatchedNone) => return Ok(Some(0)),
        Err(error) => {
            tracing::debug!(%error, "minions could not be pinged");
            return Ok(None);
        }
    };
    let answered = gather(&mut answers, &asked, until).await;
    let silent = asked.difference(&answered).cloned().collect();
    let count = u32::try_from(asked.len()).unwrap_or(u32::MAX);
    let answered = answered.into_iter().collect();
    watch.record_now(Report::Pinged(Pinged { delivery_id: None, sent_at, answered, silent })).await?;
    Ok(Some(count))
}

async fn gather(
    answers: &mut UnboundedReceiver<Arc<Event>>,
    asked: &BTreeSet<String>,
    until: Instant,
) -> BTreeSet<String> {
    let mut answered = BTreeSet::new();
    while !asked.is_subset(&answered) {
        let Ok(Some(event)) = timeout_at(until, answers.recv()).await else { break };
        if let Tag::JobReturn { jid, minion_id } = Tag::of(&event.tag)
            && returns::of_event(&event, jid, minion_id).is_some()
        {
            answered.insert(minion_id.to_owned());
        }
    }
    answered
}
