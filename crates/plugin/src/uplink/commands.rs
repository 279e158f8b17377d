//! The held call for work: always one open, its query is the heartbeat.

use raas_wire::{Commands, Heartbeat, MasterKeyState, RefusalCode, path};

use super::backoff::Backoff;
use super::{CallError, Uplink};

/// Asks for work until the server does not accept this master any more; says why.
pub(super) async fn keep(uplink: &Uplink) -> String {
    let mut backoff = Backoff::unreachable();
    let mut vitals = uplink.vitals.clone();
    loop {
        let salt = vitals.borrow_and_update().salt;
        let asked = tokio::select! {
            asked = ask(uplink) => Some(asked),
            // A change of Salt's state is told at once.
            _ = vitals.wait_for(|now| now.salt != salt) => None,
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

async fn ask(uplink: &Uplink) -> Result<Commands, CallError> {
    let depth = *uplink.spool.depth().borrow();
    let vitals = *uplink.vitals.borrow();
    let now = uplink.client.clock().now();
    let beat = Heartbeat {
        wait_ms: u32::try_from(uplink.pace.hold.as_millis()).unwrap_or(u32::MAX),
        epoch: uplink.spool.epoch(),
        clock: now,
        salt: vitals.salt,
        spool_records: depth.records,
        spool_oldest_s: depth
            .oldest
            .map_or(0, |oldest| u64::try_from(now.duration_since(oldest).as_secs()).unwrap_or(0)),
        connections: vitals.connections,
    };
    uplink.client.get(path::COMMANDS, &beat, uplink.pace.hold).await
}
