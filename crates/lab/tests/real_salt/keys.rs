//! Keys that are changed with `salt-key` behind our back.

use std::time::Instant;

use raas_api::MinionKeyState;
use raas_api::minions::{GetMinionKeyState, GetMinionKeyStateParams};
use raas_lab::{Stage, wait};

use super::{PATIENCE, WEB};

/// A minion that has never been there.
const GHOST: &str = "eu-web-ghost";

pub(super) async fn what_salt_key_does_is_noticed_within_seconds(stage: &mut Stage) {
    let master = stage.salt.cluster(WEB).unwrap().master(2);
    let pki = master.dir().join("pki");
    std::fs::copy(pki.join("minions/eu-web-1"), pki.join("minions_pre").join(GHOST)).unwrap();
    noticed(stage, "a new key", Some(MinionKeyState::Pending)).await;
    for (act, state) in [
        (&["-y", "-a", GHOST][..], Some(MinionKeyState::Accepted)),
        (&["-y", "--include-accepted", "-r", GHOST], Some(MinionKeyState::Rejected)),
        (&["-y", "-d", GHOST], None),
    ] {
        stage.salt.cluster(WEB).unwrap().master(2).salt("salt-key", act).unwrap();
        noticed(stage, &format!("salt-key {}", act.join(" ")), state).await;
    }
}

async fn noticed(stage: &Stage, what: &str, state: Option<MinionKeyState>) {
    let start = Instant::now();
    wait::until(&format!("{what} to be noticed"), PATIENCE, || async {
        let params = GetMinionKeyStateParams { minion_id: Some(GHOST.to_owned()), ..Default::default() };
        let page = stage.api.call::<GetMinionKeyState>(&params).await.map_err(|error| error.to_string())?;
        let now: Vec<MinionKeyState> = page.results.iter().map(|key| key.key_state).collect();
        if now == state.into_iter().collect::<Vec<_>>() { Ok(()) } else { Err(format!("{now:?}")) }
    })
    .await
    .unwrap();
    eprintln!("         {what}: noticed after {:.1} s", start.elapsed().as_secs_f64());
}
