//! Keys as cluster state, on real masters.

use raas_lab::{Stage, wait};

use super::{PATIENCE, WEB};

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
