//! Routing, told as the clusters people run.
#![allow(missing_docs)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod schedules;

use proptest::prelude::*;
use raas_api::{Disposition, OutcomeState, Reach};
use raas_cluster::routing::{
    ClusterFacts, LocalRequest, MasterFacts, MinionLink, MinionLinks, Plan, PlannedTarget, RunRequest,
    plan_local, plan_run,
};
use raas_wire::ClusterKind;
use uuid::Uuid;

fn uuid(n: u128) -> Uuid {
    Uuid::from_u128(n)
}

fn master(n: u128, live: bool, present_minions: u64) -> MasterFacts {
    MasterFacts { master_uuid: uuid(n), master_id: format!("m{n}"), live, present_minions, keys_known: true }
}

fn cluster(kind: ClusterKind, masters: Vec<MasterFacts>) -> ClusterFacts {
    ClusterFacts { cluster_id: "eu-web".into(), kind, masters }
}

/// A minion with, per master, whether it is freshly proven there; keys are on all of them.
fn minion(id: &str, fresh: &[(u128, bool)]) -> MinionLinks {
    let links =
        fresh.iter().map(|&(n, fresh)| MinionLink { master_uuid: uuid(n), fresh, key: true }).collect();
    MinionLinks { minion_id: id.into(), links }
}

fn request(minions: Vec<MinionLinks>) -> LocalRequest {
    LocalRequest { minions, resolved: true, as_list: false, only_masters: None, second_copies: true }
}

fn masters_of(plan: &Plan) -> Vec<Uuid> {
    plan.deliveries.iter().map(|d| d.master_uuid).collect()
}

#[test]
fn a_failover_job_goes_to_every_live_master_and_expects_each_minion_once() {
    let cluster =
        cluster(ClusterKind::Failover, vec![master(1, true, 2), master(2, true, 0), master(3, false, 0)]);
    let plan = plan_local(
        &cluster,
        &request(vec![minion("a", &[(1, true), (2, false)]), minion("b", &[(1, true), (2, false)])]),
    );
    assert_eq!(masters_of(&plan), [uuid(1), uuid(2)]);
    assert!(plan.deliveries.iter().all(|d| d.target == PlannedTarget::Expression));
    assert_eq!(plan.outcomes.len(), 2);
}

#[test]
fn a_hot_job_goes_to_one_master_when_that_one_holds_everybody() {
    let cluster = cluster(ClusterKind::Hot, vec![master(1, true, 2), master(2, true, 2)]);
    let both = &[(1, true), (2, true)];
    let minions = vec![minion("a", both), minion("b", both), minion("c", &[(2, true)])];
    let by_itself = LocalRequest { second_copies: false, ..request(minions[..2].to_vec()) };
    assert_eq!(masters_of(&plan_local(&cluster, &by_itself)), [uuid(1)]);
    let wanted = LocalRequest { second_copies: true, ..by_itself };
    assert_eq!(masters_of(&plan_local(&cluster, &wanted)), [uuid(1), uuid(2)]);
    let with_another = LocalRequest { second_copies: false, ..request(minions) };
    let plan = plan_local(&cluster, &with_another);
    assert_eq!(masters_of(&plan), [uuid(2)], "the one that holds everybody");
    assert!(plan.outcomes.iter().all(|outcome| outcome.reach == Reach::Proven), "{plan:?}");
}

/// What a master other than the first publishes: to whom, and whether that is a second copy.
fn told_by(plan: &Plan, master: u128) -> Vec<(PlannedTarget, bool)> {
    let of_it = plan.deliveries.iter().filter(|d| d.master_uuid == uuid(master));
    of_it.map(|d| (d.target.clone(), d.second)).collect()
}

#[test]
fn a_hot_job_goes_to_the_master_that_holds_most_and_at_once_through_every_other_that_may_hold_some() {
    let cluster = cluster(ClusterKind::Hot, vec![master(1, true, 2), master(2, true, 3)]);
    let all = vec![
        minion("both", &[(1, true), (2, true)]),
        minion("only-1", &[(1, true), (2, false)]),
        minion("only-2", &[(1, false), (2, true)]),
        minion("two", &[(2, true)]),
    ];
    let plan = plan_local(&cluster, &request(all));
    assert_eq!(told_by(&plan, 2), [(PlannedTarget::Expression, false)]);
    let list = |ids: &[&str]| PlannedTarget::List(ids.iter().map(|&id| id.into()).collect());
    assert_eq!(told_by(&plan, 1), [(list(&["only-1"]), false), (list(&["both", "only-2"]), true)]);
    assert!(plan.outcomes.iter().all(|o| o.reach == Reach::Proven), "{:?}", plan.outcomes);
    let through: Vec<_> = plan.outcomes.iter().map(|o| o.master_uuid.unwrap()).collect();
    assert_eq!(through, [uuid(2), uuid(1), uuid(2), uuid(2)]);
}

#[test]
fn hot_minions_that_are_all_on_all_masters_get_the_target_as_asked_for_also_as_the_second_copy() {
    let cluster = cluster(ClusterKind::Hot, vec![master(1, true, 2), master(2, true, 2)]);
    let all = vec![minion("a", &[(1, true), (2, true)]), minion("b", &[(1, true), (2, true)])];
    let plan = plan_local(&cluster, &request(all.clone()));
    assert_eq!(told_by(&plan, 1), [(PlannedTarget::Expression, false)]);
    assert_eq!(told_by(&plan, 2), [(PlannedTarget::Expression, true)]);
    let limited = plan_local(&cluster, &LocalRequest { as_list: true, ..request(all) });
    assert!(limited.deliveries.iter().all(|d| d.target == PlannedTarget::List(vec!["a".into(), "b".into()])));
}

#[test]
fn what_is_proven_assumed_and_unreachable_is_told_apart_with_its_reason() {
    let mut cluster =
        cluster(ClusterKind::Failover, vec![master(1, true, 1), master(2, true, 1), master(3, false, 0)]);
    let nowhere = MinionLinks { minion_id: "new".into(), links: vec![] };
    let minions = vec![
        minion("seen", &[(1, false), (2, true)]),
        minion("quiet", &[(1, false), (2, false)]),
        minion("lost", &[(3, false)]),
        nowhere,
    ];
    let judged = |cluster: &ClusterFacts| -> Vec<(Reach, Option<Uuid>, String)> {
        let plan = plan_local(cluster, &request(minions.clone()));
        plan.outcomes.into_iter().map(|o| (o.reach, o.master_uuid, o.reason)).collect()
    };
    let found = judged(&cluster);
    let reach: Vec<Reach> = found.iter().map(|one| one.0).collect();
    assert_eq!(reach, [Reach::Proven, Reach::Assumed, Reach::Unreachable, Reach::Unreachable]);
    assert_eq!(found[0].1, Some(uuid(2)), "expected through the master that saw it");
    for (one, words) in found.iter().zip([
        "seen on master \"m2\"",
        "not seen lately; its key is accepted on \"m1\", \"m2\"",
        "its key is accepted on \"m3\" only, which is lost",
        "no master of the cluster holds an accepted key of it",
    ]) {
        assert!(one.2.contains(words), "{one:?}");
    }
    // Whoever has not told its keys may hold anybody.
    cluster.masters[0].keys_known = false;
    let found = judged(&cluster);
    assert_eq!((found[3].0, found[3].1), (Reach::Assumed, Some(uuid(1))));
    assert!(found[3].2.contains("master \"m1\" has not told its keys"), "{:?}", found[3]);
    // A minion that is elsewhere is not proven on the master that is named.
    let named = LocalRequest { only_masters: Some(vec![uuid(1)]), ..request(minions.clone()) };
    let plan = plan_local(&cluster, &named);
    assert_eq!(plan.outcomes[0].reach, Reach::Assumed);
    assert!(plan.outcomes[0].reason.contains("\"m2\", which does not get it"), "{:?}", plan.outcomes[0]);
}

#[test]
fn a_hot_minion_that_nobody_has_proven_is_sent_through_every_master() {
    let cluster = cluster(ClusterKind::Hot, vec![master(1, true, 0), master(2, true, 0)]);
    let plan = plan_local(&cluster, &request(vec![MinionLinks { minion_id: "new".into(), links: vec![] }]));
    assert_eq!(masters_of(&plan), [uuid(1), uuid(2)]);
}

#[test]
fn a_limited_user_publishes_only_the_list_that_was_resolved() {
    let cluster = cluster(ClusterKind::Failover, vec![master(1, true, 2), master(2, true, 0)]);
    let limited = LocalRequest { as_list: true, ..request(vec![minion("a", &[(1, true)])]) };
    let plan = plan_local(&cluster, &limited);
    assert!(plan.deliveries.iter().all(|d| d.target == PlannedTarget::List(vec!["a".into()])));
}

#[test]
fn a_named_master_is_asked_alone_and_only_for_minions_it_may_hold() {
    let cluster = cluster(ClusterKind::Failover, vec![master(1, true, 1), master(2, true, 1)]);
    let named = LocalRequest {
        only_masters: Some(vec![uuid(2)]),
        ..request(vec![minion("a", &[(1, true)]), minion("b", &[(2, true)])])
    };
    let plan = plan_local(&cluster, &named);
    assert_eq!(masters_of(&plan), [uuid(2)]);
    assert_eq!(plan.outcomes.iter().map(|o| o.minion_id.as_str()).collect::<Vec<_>>(), ["b"]);
}

#[test]
fn without_a_live_master_every_answer_is_not_delivered_with_the_reason() {
    let cluster = cluster(ClusterKind::Failover, vec![master(1, false, 0)]);
    let plan = plan_local(&cluster, &request(vec![minion("a", &[(1, true)])]));
    assert!(plan.deliveries.is_empty());
    assert_eq!(plan.outcomes[0].state, OutcomeState::NotDelivered);
    assert!(plan.outcomes[0].reason.contains("no live master"));
}

#[test]
fn a_target_that_matches_nobody_sends_nothing() {
    let cluster = cluster(ClusterKind::Hot, vec![master(1, true, 0)]);
    assert_eq!(plan_local(&cluster, &request(vec![])), Plan::default());
    // unless the server cannot know: then the masters are asked
    let open = LocalRequest { resolved: false, ..request(vec![]) };
    assert_eq!(masters_of(&plan_local(&cluster, &open)), [uuid(1)]);
}

#[test]
fn a_runner_runs_on_the_one_live_master_of_a_cluster_that_holds_most() {
    let cluster =
        cluster(ClusterKind::Failover, vec![master(1, true, 1), master(2, true, 5), master(3, false, 0)]);
    let run = |disposition: Vec<Disposition>| {
        plan_run(&RunRequest { entities: vec![("eu-web".into(), cluster.clone())], disposition })
    };
    let plans = run(vec![]);
    assert_eq!(masters_of(&plans[0].1), [uuid(2)]);
    assert_eq!(masters_of(&run(vec![Disposition::AllInCluster])[0].1).len(), 2);
}

#[test]
fn any_master_chooses_one_live_entity_and_a_master_named_twice_runs_once() {
    let dead = cluster(ClusterKind::Single, vec![master(1, false, 0)]);
    let pair = cluster(ClusterKind::Hot, vec![master(2, true, 0), master(3, true, 0)]);
    let alone = cluster(ClusterKind::Hot, vec![master(2, true, 0)]);
    let any = plan_run(&RunRequest {
        entities: vec![("m1".into(), dead), ("pair".into(), pair.clone())],
        disposition: vec![Disposition::AnyMaster],
    });
    assert_eq!(any.len(), 1);
    assert_eq!(masters_of(&any[0].1), [uuid(2)]);
    let twice = plan_run(&RunRequest {
        entities: vec![("pair".into(), pair), ("m2".into(), alone)],
        disposition: vec![],
    });
    assert_eq!(twice.iter().map(|(_, plan)| plan.deliveries.len()).sum::<usize>(), 1);
}

fn any_links() -> impl Strategy<Value = Vec<Vec<(bool, bool, bool)>>> {
    prop::collection::vec(prop::collection::vec(any::<(bool, bool, bool)>(), 3), 0..12)
}

proptest! {
    /// No hot-hot minion is missed: whoever may hold it gets it, by expression or by list.
    #[test]
    fn no_minion_is_missed(minions in any_links(), live in prop::collection::vec(any::<bool>(), 3), hot in any::<bool>()) {
        let kind = if hot { ClusterKind::Hot } else { ClusterKind::Failover };
        let masters = (1..=3u128).zip(&live).map(|(n, &live)| master(n, live, 0)).collect();
        let cluster = cluster(kind, masters);
        let minions: Vec<MinionLinks> = minions.iter().enumerate().map(|(i, links)| MinionLinks {
            minion_id: format!("minion{i}"),
            links: (1..=3u128).zip(links).filter(|(_, l)| l.2).map(|(n, l)| MinionLink { master_uuid: uuid(n), fresh: l.0, key: l.1 }).collect(),
        }).collect();
        let plan = plan_local(&cluster, &request(minions.clone()));
        prop_assert_eq!(plan.outcomes.len(), minions.len());
        for (minion, outcome) in minions.iter().zip(&plan.outcomes) {
            let told = |second: bool| -> Vec<Uuid> {
                plan.deliveries.iter().filter(|d| d.second == second && match &d.target {
                    PlannedTarget::Expression => true,
                    PlannedTarget::List(ids) => ids.contains(&minion.minion_id),
                    PlannedTarget::Master => false,
                }).map(|d| d.master_uuid).collect()
            };
            let (first, second) = (told(false), told(true));
            let is_live = |l: &&MinionLink| cluster.masters.iter().any(|m| m.live && m.master_uuid == l.master_uuid);
            let fresh: Vec<Uuid> = minion.links.iter().filter(|l| l.fresh).filter(is_live).map(|l| l.master_uuid).collect();
            if live.iter().any(|l| *l) { prop_assert!(!first.is_empty()); }
            // Whoever is proven somewhere is told there in time; a second copy never stands alone.
            if !fresh.is_empty() { prop_assert!(fresh.iter().any(|m| first.contains(m)), "{:?} told {:?}", fresh, first); }
            // Evidence may be wrong: every live master that may hold it is told at once, whatever was seen where.
            for link in minion.links.iter().filter(|l| l.key || l.fresh).filter(is_live) {
                prop_assert!(first.contains(&link.master_uuid) || second.contains(&link.master_uuid), "{:?} of {:?}", link, plan);
            }
            // Proven: seen on a live master that tells it in time. Assumed: such a master holds its key. Else unreachable.
            let told_all = |l: &&MinionLink| first.contains(&l.master_uuid) || second.contains(&l.master_uuid);
            let reach = if minion.links.iter().filter(told_all).any(|l| l.fresh) { Reach::Proven }
                else if minion.links.iter().filter(told_all).any(|l| l.key) { Reach::Assumed }
                else { Reach::Unreachable };
            prop_assert_eq!(outcome.reach, reach, "{:?}", outcome);
        }
        // and no delivery names a dead master
        for delivery in &plan.deliveries {
            prop_assert!(cluster.masters.iter().any(|m| m.live && m.master_uuid == delivery.master_uuid));
        }
    }
}
