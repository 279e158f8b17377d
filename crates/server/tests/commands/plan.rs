//! What a command would do, before it does it: the plan of `plan_cmd` is what `route_cmd` then does.

use std::collections::{BTreeMap, BTreeSet};

use raas_api::{
    CommandKind, Disposition, PlannedWork,
    cmd::{
        CmdPlan, Expectation, GetCmds, PlanCmd, PlannedPart, RouteCmd, RouteCmdParams, RouteTarget,
        TargetText,
    },
};
use raas_wire::{
    ClusterKind::{Failover, Hot},
    Work,
};
use serde_json::json;

use super::{hands::cluster, watch::pass};
use crate::support::Server;

fn local(name: &str, target: RouteTarget) -> RouteCmdParams {
    let tgt = BTreeMap::from([(name.to_owned(), target)]);
    RouteCmdParams { fun: Some("test.ping".to_owned()), tgt: Some(tgt), ..RouteCmdParams::default() }
}

fn runner(name: &str) -> RouteCmdParams {
    RouteCmdParams {
        cmd: Some(CommandKind::Runner),
        fun: Some("manage.up".to_owned()),
        masters: Some(vec![name.to_owned()]),
        ..RouteCmdParams::default()
    }
}

async fn plan(server: &Server, params: &RouteCmdParams) -> CmdPlan {
    server.call::<PlanCmd>(params).await
}

fn only(plan: CmdPlan) -> PlannedPart {
    assert_eq!(plan.parts.len(), 1, "{plan:?}");
    plan.parts.into_iter().next().unwrap()
}

fn ids(some: &Expectation) -> Vec<&str> {
    assert_eq!(some.count, i64::try_from(some.minions.len()).unwrap());
    some.minions.iter().map(|one| one.minion_id.as_str()).collect()
}

async fn commands(server: &Server) -> i64 {
    server.call::<GetCmds>(&serde_json::from_value(json!({})).unwrap()).await.count
}

#[tokio::test]
async fn a_plan_says_what_is_proven_assumed_and_unreachable_and_sends_nothing() {
    let server = Server::start().await;
    let minions: &[(&str, &[&str])] = &[("w1", &["m1"]), ("w2", &["m2"]), ("quiet", &[]), ("gone", &["m1"])];
    let [m1, m2] = cluster(&server, Failover, ["m1", "m2"], minions).await;
    // "gone" is accepted on m1 only, which dies.
    m2.has_keys(&["w1", "w2", "quiet"]).await;
    pass(&server, 60, &[&m2]).await;
    m2.sees(&["w1", "w2"]).await;
    let part = only(plan(&server, &local("eu-web", RouteTarget::glob("*"))).await);
    let masters: Vec<_> = part.masters.iter().map(|m| (m.master_id.as_str(), m.work)).collect();
    assert_eq!(masters, [("m2", PlannedWork::Target)], "m1 is not there");
    assert_eq!(ids(&part.proven), ["w1", "w2"]);
    assert_eq!(ids(&part.assumed), ["quiet"]);
    assert!(part.assumed.minions[0].reason.contains("accepted on \"m2\""), "{part:?}");
    assert_eq!(ids(&part.unreachable), ["gone"]);
    let gone = &part.unreachable.minions[0];
    assert!(
        gone.reason.contains("\"m1\" only, which is lost") && gone.reason.contains("raas keys accept"),
        "{gone:?}"
    );
    assert!(part.resolved);
    assert_eq!(commands(&server).await, 0, "nothing is stored");
    assert!(
        m1.waiting().await.is_empty()
            && m2.waiting().await.iter().all(|work| !matches!(work, Work::Publish(_)))
    );

    pass(&server, 60, &[]).await;
    let part = only(plan(&server, &local("eu-web", RouteTarget::glob("w*"))).await);
    assert!(part.masters.is_empty() && part.unreachable.count == 2, "no master is live: {part:?}");
    assert!(part.unreachable.minions[0].reason.contains("no live master"), "{part:?}");
    server.stop().await;
}

#[tokio::test]
async fn the_plan_is_what_then_happens() {
    let server = Server::start().await;
    let minions: &[(&str, &[&str])] = &[("a", &["h1", "h2"]), ("b", &["h1"]), ("c", &["h2"]), ("d", &[])];
    let masters = cluster(&server, Hot, ["h1", "h2"], minions).await;
    let listed = RouteTarget { tgt: TargetText::List(vec!["a".into(), "d".into()]), tgt_type: "list".into() };
    let grain = RouteTarget { tgt: TargetText::Text("os:Debian".into()), tgt_type: "grain".into() };
    for target in [RouteTarget::glob("*"), RouteTarget::glob("b"), listed, grain, RouteTarget::glob("nobody")]
    {
        let params = local("hot", target);
        let part = only(plan(&server, &params).await);
        let jid = server.call::<RouteCmd>(&params).await;
        for master in &masters {
            let planned: BTreeSet<String> = part
                .masters
                .iter()
                .filter(|m| m.master_id == master.id())
                .map(|m| {
                    if m.work == PlannedWork::List {
                        json!(m.list)
                    } else {
                        json!(part.target.as_ref().unwrap().tgt)
                    }
                })
                .map(|tgt| tgt.to_string())
                .collect();
            let given = master.take().await.into_iter().filter_map(|work| match work {
                Work::Publish(publish) if publish.jid == jid.as_str() => {
                    Some(publish.tgt.as_str().to_owned())
                }
                _ => None,
            });
            assert_eq!(given.collect::<BTreeSet<String>>(), planned, "{} of {part:?}", master.id());
        }
        let expected = part.proven.count + part.assumed.count + part.unreachable.count;
        assert_eq!(super::watch::status(&server, &jid).await.expected, expected);
    }
    server.stop().await;
}

#[tokio::test]
async fn the_plan_of_a_run_names_its_master_and_whom_that_one_does_not_hold() {
    let server = Server::start().await;
    let minions: &[(&str, &[&str])] = &[("w1", &["m1"]), ("w2", &["m1"]), ("w3", &["m2"])];
    let [m1, _m2] = cluster(&server, Failover, ["m1", "m2"], minions).await;
    let answer = server.root.call::<PlanCmd>(&runner("eu-web")).await.unwrap();
    assert!(answer.warnings.iter().any(|w| w.contains("\"m1\" only")), "{:?}", answer.warnings);
    let part = only(answer.ret);
    let masters: Vec<_> = part.masters.iter().map(|m| (m.master_id.as_str(), m.work)).collect();
    assert_eq!(masters, [("m1", PlannedWork::Run)]);
    assert_eq!((ids(&part.proven), ids(&part.not_seen)), (vec!["m1"], vec!["w3"]));
    let everywhere =
        RouteCmdParams { disposition: Some(vec![Disposition::AllInCluster]), ..runner("eu-web") };
    let part = only(plan(&server, &everywhere).await);
    assert_eq!((part.masters.len(), part.not_seen.count), (2, 0), "each sees its own");
    assert!(m1.waiting().await.is_empty(), "nothing is sent");
    server.stop().await;
}

#[tokio::test]
async fn a_plan_is_refused_as_the_command_would_be() {
    let server = Server::start().await;
    let [_m1] = cluster(&server, Failover, ["m1"], &[("w1", &["m1"])]).await;
    let all = local("eu-web", RouteTarget::glob("*"));
    let jid = server.call::<RouteCmd>(&all).await;
    for params in [
        RouteCmdParams { fun: None, ..all.clone() },
        local("no-such-cluster", RouteTarget::glob("*")),
        local("eu-web", RouteTarget { tgt: TargetText::Text("*".into()), tgt_type: "colour".into() }),
        RouteCmdParams { jid: Some(jid), ..all },
    ] {
        println!("refused: {params:?}");
        let planned = server.refused::<PlanCmd>(&params).await;
        let routed = server.refused::<RouteCmd>(&params).await;
        assert_eq!((planned.code, planned.message), (routed.code, routed.message));
    }
    server.stop().await;
}
