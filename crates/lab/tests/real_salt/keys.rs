//! Keys as cluster state on real masters, and what `salt-key` does behind our back.

use std::time::Instant;

use raas_api::MinionKeyState;
use raas_api::minions::{GetMinionKeyState, GetMinionKeyStateParams};
use raas_lab::{Stage, wait};

use super::{PATIENCE, WEB};

/// A minion that has never been there.
const GHOST: &str = "eu-web-ghost";

/// What `salt-key -d` does to the files of one master, done behind our back.
pub(super) async fn a_key_deleted_with_salt_key_is_noticed_and_an_operator_decides(stage: &mut Stage) {
    let cluster = stage.salt.cluster(WEB).unwrap();
    let minions = cluster.minion_ids();
    let key = cluster.master(2).dir().join("pki/minions").join(&minions[2]);
    std::fs::remove_file(&key).unwrap();
    let told = wait::until("the deletion to be noticed", PATIENCE, || async {
        let web = stage.api.cluster(WEB).await.map_err(|error| error.to_string())?;
        let told = web.warnings.iter().find(|one| one.code == "minion_keys_suspended").cloned();
        told.ok_or_else(|| format!("{:?}", web.warnings))
    })
    .await
    .unwrap();
    assert!(told.message.contains("eu-web-3") && told.message.contains("\"eu-web-m2\""), "{told:?}");
    assert!(!key.exists(), "nobody writes against the operator of that master");
    stage.api.accept_minions(WEB, &minions, PATIENCE).await.unwrap();
    assert!(key.exists());
    let web = stage.api.cluster(WEB).await.unwrap();
    assert!(!web.warnings.iter().any(|one| one.code.starts_with("minion_keys")), "{web:?}");
}

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
