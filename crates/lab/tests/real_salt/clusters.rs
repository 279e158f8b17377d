//! What a cluster looks like from outside.

use raas_api::Presence;
use raas_api::cluster::Kind;
use raas_lab::Stage;

use super::{DB, MINIONS, WEB};

pub(super) async fn each_cluster_is_one_group(stage: &mut Stage) {
    for (id, kind) in [(WEB, Kind::Failover), (DB, Kind::Hot)] {
        let cluster = stage.api.cluster(id).await.unwrap();
        assert_eq!(cluster.kind, kind);
        let masters: Vec<&str> = cluster.masters.iter().map(|master| master.master_id.as_str()).collect();
        assert_eq!(masters, [format!("{id}-m1"), format!("{id}-m2")]);
        assert!(cluster.masters.iter().all(|master| master.status == Presence::Present), "{cluster:?}");
        assert_eq!(cluster.minions.present, i64::try_from(MINIONS).unwrap(), "each minion counts once");
    }
    let web = stage.api.cluster(WEB).await.unwrap();
    assert!(
        web.warnings.is_empty(),
        "the stage's operator accepted the minions for the whole cluster: {web:?}"
    );
    let on: Vec<i64> = web.masters.iter().map(|master| master.minions).collect();
    assert_eq!(on, [3, 0], "failover minions are on the first master");
}
