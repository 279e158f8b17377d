//! Whether Salt answers, and how many minions are connected: looked at every few seconds, for the heartbeat.

use std::sync::Arc;

use raas_salt::{RequestError, connections};
use raas_wire::SaltState;
use tokio::sync::Notify;

use super::{SaltNow, Watch, off_thread};

/// A slow answer is not silence yet: so many in a row are.
const SILENCES: u32 = 2;

/// Looks for ever.
pub(super) async fn run(watch: Watch, ping: Arc<Notify>) {
    let mut silences = 0_u32;
    loop {
        let answer = watch.requests.ping(watch.pace.answer).await;
        silences = if is_silence(&answer) { silences.saturating_add(1) } else { 0 };
        let before = *watch.salt.borrow();
        let state = state(&answer, silences, before.state, (watch.main_alive)());
        let config = watch.config.clone();
        let now =
            SaltNow { state, connections: off_thread(move || connections::count(&config)).await.flatten() };
        // Not for the first count: whoever connects to the bus pings anyway.
        if now.connections != before.connections && before.connections.is_some() {
            ping.notify_one();
        }
        if now.state != before.state {
            tracing::info!(was = before.state.as_str(), is = now.state.as_str(), "state of Salt");
        }
        watch.salt.send_if_modified(|salt| std::mem::replace(salt, now) != now);
        tokio::time::sleep(watch.pace.state).await;
    }
}

fn is_silence(answer: &Result<(), RequestError>) -> bool {
    let Err(error) = answer else { return false };
    error.may_have_happened() || matches!(error, RequestError::Unreachable { mute: true, .. })
}

fn state(answer: &Result<(), RequestError>, silences: u32, before: SaltState, main_alive: bool) -> SaltState {
    let state = match answer {
        Ok(()) => SaltState::Answering,
        Err(RequestError::Unreachable { mute: false, .. }) => SaltState::Gone,
        Err(_) if silences < SILENCES && before == SaltState::Answering => SaltState::Answering,
        Err(_) => SaltState::Silent,
    };
    // Workers that outlived their main process still answer.
    if state != SaltState::Gone && !main_alive { SaltState::Orphaned } else { state }
}
