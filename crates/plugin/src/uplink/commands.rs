//! The held call for work: always one open, its query is the heartbeat.

use std::time::Duration;

use raas_wire::{Commands, Heartbeat, MasterKeyState, RefusalCode, SaltState, path};
use tokio::time::Instant;

use super::backoff::Backoff;
use super::{CallError, Uplink};

/// Asks for work until the server does not accept this master any more; says why.
pub(super) async fn keep(uplink: &Uplink) -> String {
    let mut backoff = Backoff::unreachable();
    let mut now = uplink.salt.clone();
    loop {
        let salt = now.borrow_and_update().state;
        let asked = tokio::select! {
            asked = ask(uplink, salt, uplink.pace.hold) => Some(asked),
            // A change of Salt's state is told at once.
            _ = now.wait_for(|now| now.state != salt) => None,
        };
        match asked {
            None => {}
            Some(Ok(commands)) => {
                backoff.reset();
                uplink.stand(MasterKeyState::Accepted.as_str(), "");
                for work in commands.work {
                    if uplink.work.send(work).is_err() {
                        return "the plugin is ending".to_owned();
                    }
                }
            }
            Some(Err(CallError::Refused { code: RefusalCode::NotAccepted, message })) => return message,
            Some(Err(error)) => {
                uplink.failed(&error);
                backoff.pause(uplink.client.random()).await;
            }
        }
    }
}

/// One heartbeat that is not held.
pub(super) async fn last(uplink: &Uplink, salt: SaltState) -> Result<Commands, CallError> {
    ask(uplink, salt, Duration::ZERO).await
}

async fn ask(uplink: &Uplink, salt: SaltState, hold: Duration) -> Result<Commands, CallError> {
    let depth = *uplink.spool.depth().borrow();
    let now = uplink.client.clock().now();
    let waited = |oldest| u64::try_from(now.duration_since(oldest).as_secs()).unwrap_or(0);
    let beat = Heartbeat {
        wait_ms: u32::try_from(hold.as_millis()).unwrap_or(u32::MAX),
        epoch: uplink.spool.epoch(),
        clock: now,
        salt,
        spool_records: depth.records,
        spool_oldest_s: depth.oldest.map_or(0, waited),
        connections: uplink.salt.borrow().connections,
    };
    let asked = Instant::now();
    let mut commands: Commands = uplink.client.get(path::COMMANDS, &beat, hold).await?;
    if let Some(server_time) = commands.server_time {
        uplink.client.learn(server_time);
    }
    // A plugin that stood still (SIGSTOP) reads late what was said in time: remaining times count from when it was said.
    let since = asked.elapsed().saturating_sub(Duration::from_millis(commands.held_ms));
    let since = u64::try_from(since.as_millis()).unwrap_or(u64::MAX);
    commands.work.iter_mut().for_each(|work| work.passes(since));
    Ok(commands)
}
