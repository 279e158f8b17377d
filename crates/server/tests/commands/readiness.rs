//! Minions are asked for the settings that their cluster needs: what is wrong is told with its fix and its age.

use raas_api::cluster::{
    CheckMinions, CheckMinionsParams, GetClusters, GetClustersParams, GetMinionChecks, GetMinionChecksParams,
    MinionCheck, Warning,
};
use raas_wire::ClusterKind::{Failover, Hot};
use serde_json::{Value, json};

use super::{
    hands::{Master, cluster},
    watch::{pass, wake},
};
use crate::support::{Server, until};

const MINIONS: &[(&str, &[&str])] = &[("w1", &["m1"]), ("w2", &["m1"]), ("w3", &["m2"])];

fn settings(change: &Value) -> Value {
    let mut said = json!({
        "master_type": "failover", "master": "a", "configured": {"master": ["a", "b"]}, "master_alive_interval": 30,
        "master_failback": false, "random_master": false, "retry_dns": 0, "cache_jobs": true, "random_reauth_delay": 10,
    });
    said.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
    said
}

/// Begins a check; m1 publishes it, and these minions return.
async fn check(server: &Server, cluster_id: &str, master: &Master, returns: &[(&str, Value)]) {
    let params = CheckMinionsParams { cluster_id: cluster_id.to_owned() };
    let started = server.call::<CheckMinions>(&params).await;
    let publish = master.publish(server).await;
    assert_eq!((publish.jid.as_str(), publish.fun.as_str()), (started.jid.as_str(), "slsutil.renderer"));
    master.published(&publish, &["w1", "w2", "w3"]).await;
    for (minion, value) in returns {
        master.returns(&started.jid, minion, value.clone()).await;
    }
}

async fn found(server: &Server, cluster_id: &str) -> MinionCheck {
    server.call::<GetMinionChecks>(&GetMinionChecksParams { cluster_id: cluster_id.to_owned() }).await
}

async fn judged(server: &Server, cluster_id: &str) -> MinionCheck {
    until("the check is judged", async || {
        wake(server).await;
        let found = found(server, cluster_id).await;
        if found.open { Err(format!("{found:?}")) } else { Ok(found) }
    })
    .await
}

async fn warnings(server: &Server, cluster_id: &str) -> Vec<Warning> {
    let params =
        GetClustersParams { cluster_id: Some(cluster_id.to_owned()), ..GetClustersParams::default() };
    let all = server.call::<GetClusters>(&params).await.results.remove(0).warnings;
    all.into_iter().filter(|one| one.code.starts_with("minions_")).collect()
}

#[tokio::test]
async fn what_failover_needs_and_minions_lack_becomes_warnings_with_their_fix_and_age() {
    let server = Server::start().await;
    let [m1, m2] = cluster(&server, Failover, ["m1", "m2"], MINIONS).await;
    assert_eq!(found(&server, "eu-web").await.judged_at, None);
    let returns = [
        ("w1", settings(&json!({}))),
        ("w2", settings(&json!({"master_alive_interval": 0, "cache_jobs": false}))),
        ("w3", settings(&json!({"configured": {"master": ["b", "a"]}}))),
    ];
    check(&server, "eu-web", &m1, &returns).await;
    let judgement = judged(&server, "eu-web").await;
    assert_eq!(judgement.minions.len(), 3);
    assert_eq!(judgement.minions[1].settings.as_ref().unwrap()["cache_jobs"], json!(false));
    pass(&server, 600, &[&m1, &m2]).await;
    let told = warnings(&server, "eu-web").await;
    let codes: Vec<&str> = told.iter().map(|one| one.code.as_str()).collect();
    assert_eq!(codes, ["minions_alive_interval", "minions_cache_jobs", "minions_master_lists_differ"]);
    assert!(told[0].message.contains("w2") && told[0].message.ends_with("(checked 10 min ago)"), "{told:?}");
    assert!(told[0].fix.contains("master_alive_interval: 30"), "{told:?}");
    assert!(told[2].message.contains("w3 has b, a"), "{told:?}");

    // They are mended and asked again.
    let good = ["w1", "w2", "w3"].map(|id| (id, settings(&json!({}))));
    check(&server, "eu-web", &m1, &good).await;
    assert!(judged(&server, "eu-web").await.findings.is_empty());
    assert!(warnings(&server, "eu-web").await.is_empty());
    server.stop().await;
}

#[tokio::test]
async fn who_does_not_answer_is_named_and_what_it_said_before_is_kept() {
    let server = Server::start().await;
    let [m1, m2] = cluster(&server, Failover, ["m1", "m2"], MINIONS).await;
    let good = ["w1", "w2", "w3"].map(|id| (id, settings(&json!({}))));
    check(&server, "eu-web", &m1, &good).await;
    judged(&server, "eu-web").await;

    let refused = json!("'slsutil.renderer' is not available.");
    check(&server, "eu-web", &m1, &[("w1", settings(&json!({}))), ("w2", refused)]).await;
    assert!(found(&server, "eu-web").await.open, "w3 may still answer");
    for _ in 0..12 {
        pass(&server, 20, &[&m1, &m2]).await;
    }
    let judgement = judged(&server, "eu-web").await;
    assert_eq!(judgement.findings.len(), 1, "{judgement:?}");
    assert_eq!(judgement.findings[0].minions, ["w2", "w3"]);
    assert!(judgement.findings[0].message.contains("not available"), "{judgement:?}");
    let w3 = &judgement.minions[2];
    assert!(w3.settings.is_some() && w3.problem.is_some(), "{w3:?}");
    server.stop().await;
}

#[tokio::test]
async fn a_hot_hot_cluster_needs_something_else() {
    let server = Server::start().await;
    let [h1, _h2] =
        cluster(&server, Hot, ["h1", "h2"], &[("w1", &["h1"]), ("w2", &["h1"]), ("w3", &["h1"])]).await;
    let hot = |change: Value| {
        let mut said = settings(&json!({"master_type": "str", "master_alive_interval": 0}));
        said.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        said
    };
    let returns =
        [("w1", hot(json!({}))), ("w2", hot(json!({}))), ("w3", hot(json!({"master_type": "failover"})))];
    check(&server, "hot", &h1, &returns).await;
    let judgement = judged(&server, "hot").await;
    let codes: Vec<&str> = judgement.findings.iter().map(|one| one.code.as_str()).collect();
    assert!(
        codes.contains(&"minions_master_type") && !codes.contains(&"minions_alive_interval"),
        "{judgement:?}"
    );
    let params = CheckMinionsParams { cluster_id: "moon".to_owned() };
    assert_eq!(server.refused::<CheckMinions>(&params).await.code, 404);
    server.stop().await;
}
