//! Minions are asked how they are configured.

use raas_lab::Stage;

use super::{DB, MINIONS, PATIENCE, WEB};

pub(super) async fn minions_say_how_they_are_configured_and_what_is_wrong_is_told(stage: &mut Stage) {
    for cluster in [WEB, DB] {
        let check = stage.api.check_minions(cluster, PATIENCE).await.unwrap();
        assert_eq!((check.minions.len(), check.findings.len()), (MINIONS, 0), "{check:?}");
        let masters = &check.minions[0].settings.as_ref().unwrap()["masters"];
        assert_eq!(masters.as_array().map(Vec::len), Some(2), "{check:?}");
    }
    let odd = stage.salt.cluster(WEB).unwrap().minion(3).dir().join("conf/minion.d/odd.conf");
    std::fs::write(&odd, "retry_dns: 30\n").unwrap();
    let check = stage.api.check_minions(WEB, PATIENCE).await.unwrap();
    assert_eq!(check.findings.len(), 1, "{check:?}");
    assert_eq!(
        (check.findings[0].code.as_str(), &check.findings[0].minions[..]),
        ("minions_retry_dns", &["eu-web-3".to_owned()][..])
    );
    let web = stage.api.cluster(WEB).await.unwrap();
    assert!(
        web.warnings.iter().any(|one| one.code == "minions_retry_dns" && one.fix.contains("retry_dns: 0")),
        "{web:?}"
    );
    std::fs::remove_file(&odd).unwrap();
    let check = stage.api.check_minions(WEB, PATIENCE).await.unwrap();
    assert!(check.findings.is_empty(), "{check:?}");
}
