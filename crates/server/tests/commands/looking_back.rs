//! Looking back as Salt's returners do: what each minion ran last, and which jobs there were.

use raas_api::ret::{GetFun, GetFunParams, GetJids, GetJidsParams};
use raas_wire::ClusterKind::Failover;
use serde_json::json;

use super::{
    hands::cluster,
    watch::{send, send_fun},
};
use crate::support::Server;

const MINIONS: &[(&str, &[&str])] = &[("w1", &["m1"]), ("w2", &["m1"])];

#[tokio::test]
async fn the_last_function_of_each_minion_is_the_newest_that_it_returned() {
    let server = Server::start().await;
    let [m1] = cluster(&server, Failover, ["m1"], MINIONS).await;
    let first = send(&server, "eu-web", "*").await;
    m1.publishes(&server, &["w1", "w2"]).await;
    m1.returns(&first, "w1", json!(true)).await;
    m1.returns(&first, "w2", json!(true)).await;
    let second = send(&server, "eu-web", "w1").await;
    m1.publishes(&server, &["w1"]).await;
    m1.returns(&second, "w1", json!(true)).await;

    let last = server.call::<GetFun>(&GetFunParams::default()).await;
    assert_eq!((&last["w1"].jid, &last["w2"].jid), (&second, &first), "{last:?}");
    assert_eq!((last["w1"].fun.as_str(), last["w1"].success), ("test.ping", true));
    let other = GetFunParams { fun: Some("state.apply".to_owned()) };
    assert_eq!(server.call::<GetFun>(&other).await.len(), 0);
    let same = GetFunParams { fun: Some("test.ping".to_owned()) };
    assert_eq!(server.call::<GetFun>(&same).await.len(), 2);
    server.stop().await;
}

#[tokio::test]
async fn jobs_are_listed_between_two_jids_and_more_of_them_are_announced() {
    let server = Server::start().await;
    let [_m1] = cluster(&server, Failover, ["m1"], MINIONS).await;
    let first = send(&server, "eu-web", "*").await;
    let second = send_fun(&server, "eu-web", "w1", "state.apply").await;
    let all = server.call::<GetJids>(&GetJidsParams::default()).await;
    assert_eq!(all.keys().collect::<Vec<_>>(), [first.as_str(), second.as_str()]);
    let one = &all[second.as_str()];
    assert_eq!((one.function.as_str(), one.user.as_str()), ("state.apply", "root"));
    assert_eq!((&one.target, one.target_type.as_deref()), (&json!("w1"), Some("glob")));

    let until = GetJidsParams { end: Some(first.clone()), ..GetJidsParams::default() };
    assert_eq!(server.call::<GetJids>(&until).await.keys().collect::<Vec<_>>(), [first.as_str()]);
    let newest = GetJidsParams { limit: Some(1), ..GetJidsParams::default() };
    let answer = server.root.call::<GetJids>(&newest).await.unwrap();
    assert_eq!(answer.ret.keys().collect::<Vec<_>>(), [second.as_str()]);
    assert!(answer.warnings[0].contains("more than these 1 jobs"), "{:?}", answer.warnings);
    server.stop().await;
}
