//! Enrolment until the server accepts this master: soon again at first, then every `sseapi_key_check` seconds.

use raas_wire::{Enroll, Enrolled, MasterKeyState};

use super::Uplink;
use super::backoff::Backoff;

pub(super) async fn until_accepted(uplink: &Uplink) -> Enrolled {
    let random = uplink.client.random();
    let mut waiting = Backoff::pending(uplink.pace.key_check);
    let mut unreachable = Backoff::unreachable();
    loop {
        match uplink.client.enroll(&call(uplink)).await {
            Ok(enrolled) => {
                unreachable.reset();
                let reason = enrolled.reason.clone().unwrap_or_default();
                uplink.stand(enrolled.state.as_str(), &reason);
                if enrolled.state == MasterKeyState::Accepted {
                    return enrolled;
                }
                waiting.pause(random).await;
            }
            Err(error) => {
                uplink.failed(&error);
                if error.code().is_some() {
                    waiting.pause(random).await;
                } else {
                    unreachable.pause(random).await;
                }
            }
        }
    }
}

fn call(uplink: &Uplink) -> Enroll {
    let declaration = &uplink.declaration;
    Enroll {
        master_id: declaration.master_id.clone(),
        cluster_id: declaration.cluster_id.clone(),
        kind: declaration.kind,
        public_key: uplink.client.identity().public_pem.clone(),
        epoch: uplink.spool.epoch(),
        facts: declaration.facts.clone(),
    }
}
