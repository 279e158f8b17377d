//! Asking who is there, when the server wants to know.

use std::time::Duration;

use raas_wire::{Ping, Pinged, Report};
use serde_json::json;

use super::{Worker, question};

pub(super) async fn ping(worker: &Worker, work: Ping) {
    let (id, wait) = (work.delivery_id, Duration::from_millis(work.wait_ms));
    let sent_at = worker.clock.now();
    match question::ask(worker, &worker.pinging, &work.minions, "test.ping", json!([]), wait).await {
        Ok(answers) => {
            let answered = answers.said.into_keys().collect();
            let pinged = Pinged { delivery_id: Some(id), sent_at, answered, silent: answers.silent };
            worker.answer(id, Report::Pinged(pinged), Vec::new()).await;
        }
        Err(error) => worker.hand_back(id, error.back(), error.to_string()).await,
    }
}
