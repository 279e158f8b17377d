//! Stopping a job that is under way: what no master has taken is cancelled, whoever may have got it is told.

use std::collections::{BTreeMap, HashSet};

use uuid::Uuid;

/// Functions that Salt can pause, and end softly: runs of states.
pub fn is_state_run(fun: &str) -> bool {
    const RUNS: [&str; 7] = [
        "state.apply",
        "state.highstate",
        "state.sls",
        "state.sls_id",
        "state.top",
        "state.single",
        "state.template",
    ];
    !fun.is_empty() && fun.split(',').all(|one| RUNS.contains(&one))
}

/// Whom a copy of a job can reach.
#[derive(Clone, Debug)]
pub enum Whom {
    /// An expression: anybody.
    Anybody,
    /// Exactly these.
    These(HashSet<String>),
}

/// How far a copy of a job is on its way to its master.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// No master has taken it.
    Waiting,
    /// A master has it, and has not said to whom it published it.
    Out,
    /// It will not be published any more, and whom it was published to is known.
    Back,
}

/// A copy of a job on its way to one master.
#[derive(Clone, Debug)]
pub struct Copy {
    /// The delivery.
    pub delivery_id: Uuid,
    /// Cluster.
    pub cluster_id: String,
    /// Whom it can reach.
    pub whom: Whom,
    /// How far it is.
    pub way: Way,
}

impl Copy {
    fn may_have_reached(&self, cluster_id: &str, minion_id: &str) -> bool {
        self.way == Way::Out
            && self.cluster_id == cluster_id
            && match &self.whom {
                Whom::Anybody => true,
                Whom::These(ids) => ids.contains(minion_id),
            }
    }
}

/// An answer that is still expected.
#[derive(Clone, Debug)]
pub struct Expected {
    /// Cluster.
    pub cluster_id: String,
    /// Minion.
    pub minion_id: String,
    /// No master is known to have taken the job for it.
    pub queued: bool,
}

/// What stopping a job means.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stop {
    /// Copies that are cancelled.
    pub cancelled: Vec<Uuid>,
    /// Minions, as (cluster, minion), that nobody can have published it to.
    pub unreached: Vec<(String, String)>,
    /// Minions that may run it, by cluster.
    pub running: BTreeMap<String, Vec<String>>,
}

/// Decides for every answer that is still expected.
pub fn stop(copies: &[Copy], expected: &[Expected]) -> Stop {
    let mut stop = Stop {
        cancelled: copies
            .iter()
            .filter(|copy| copy.way == Way::Waiting)
            .map(|copy| copy.delivery_id)
            .collect(),
        ..Stop::default()
    };
    for one in expected {
        let out = || copies.iter().any(|copy| copy.may_have_reached(&one.cluster_id, &one.minion_id));
        if one.queued && !out() {
            stop.unreached.push((one.cluster_id.clone(), one.minion_id.clone()));
        } else {
            stop.running.entry(one.cluster_id.clone()).or_default().push(one.minion_id.clone());
        }
    }
    stop
}

#[cfg(test)]
mod tests {
    use super::{Copy, Expected, Way, Whom, is_state_run, stop};
    use uuid::Uuid;

    fn copy(n: u128, way: Way, whom: &[&str]) -> Copy {
        let whom = match whom {
            ["*"] => Whom::Anybody,
            ids => Whom::These(ids.iter().map(|&id| id.to_owned()).collect()),
        };
        Copy { delivery_id: Uuid::from_u128(n), cluster_id: "eu".to_owned(), whom, way }
    }

    fn expected(id: &str, queued: bool) -> Expected {
        Expected { cluster_id: "eu".to_owned(), minion_id: id.to_owned(), queued }
    }

    #[test]
    fn only_whom_nobody_can_have_published_it_to_is_cancelled() {
        let copies = [copy(1, Way::Waiting, &["*"]), copy(2, Way::Out, &["w1"]), copy(3, Way::Back, &["w2"])];
        let all = [expected("w1", true), expected("w2", true), expected("w3", false)];
        let decided = stop(&copies, &all);
        assert_eq!(decided.cancelled, [Uuid::from_u128(1)]);
        assert_eq!(decided.unreached, [("eu".to_owned(), "w2".to_owned())]);
        assert_eq!(decided.running["eu"], ["w1", "w3"]);
    }

    #[test]
    fn an_expression_that_is_out_may_have_reached_anybody_of_its_cluster() {
        let copies = [copy(1, Way::Out, &["*"])];
        let elsewhere = Expected { cluster_id: "us".to_owned(), minion_id: "w1".to_owned(), queued: true };
        let decided = stop(&copies, &[expected("w1", true), elsewhere]);
        assert_eq!((decided.running.len(), decided.unreached.len()), (1, 1));
        assert_eq!(decided.unreached[0].0, "us");
    }

    #[test]
    fn salt_can_pause_runs_of_states_only() {
        assert!(is_state_run("state.apply") && is_state_run("state.sls,state.highstate"));
        for other in ["", "test.sleep", "state.show_sls", "state.apply,test.ping"] {
            assert!(!is_state_run(other), "{other}");
        }
    }
}
