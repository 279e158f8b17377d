//! Masters that must not come in.

use raas_api::MasterKeyState;
use raas_api::master::{GetMasterKeys, GetMasterKeysParams};
use raas_lab::salt::Install;
use raas_lab::{Bins, ClusterSpec, Stage, wait};

use super::{PATIENCE, WEB};

/// A third master that says it is of eu-web, but not that eu-web is a failover cluster.
pub(super) async fn a_master_with_the_wrong_kind_is_refused(stage: &mut Stage) {
    let plugin = Bins::find().unwrap().plugin;
    let url = stage.server.url();
    let stray = stage.salt.add(ClusterSpec::single("stray", 0).lean()).unwrap();
    let install = Install { plugin: &plugin, server: &url, cluster_id: Some(WEB), failover: false };
    stray.master(1).install_plugin(&install).unwrap();
    stray.start_masters().await.unwrap();
    let key = wait::until("the stray master's key", PATIENCE, || async {
        let params = GetMasterKeysParams { master_id: Some("stray-m1".to_owned()), ..Default::default() };
        let keys = stage.api.call::<GetMasterKeys>(&params).await.map_err(|error| error.to_string())?;
        keys.into_iter().next().ok_or("no key yet".to_owned())
    })
    .await
    .unwrap();
    assert_eq!(key.state, MasterKeyState::Rejected, "{key:?}");
    assert!(
        key.reason.contains("failover") && key.reason.contains("hot"),
        "both values are named: {}",
        key.reason
    );
    let web = stage.api.cluster(WEB).await.unwrap();
    let accepted = web.masters.iter().filter(|master| master.state == MasterKeyState::Accepted).count();
    assert_eq!(accepted, 2, "the refused one is shown, and is none of them: {web:?}");
    stage.salt.cluster("stray").unwrap().master(1).kill_tree();
}
