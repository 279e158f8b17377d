//! What a cluster decided about a minion's key, held against what one master shows: the next step. Pure.

use jiff::{SignedDuration, Timestamp};
use raas_api::{MinionKeyState, minions::MinionKeyAction};

/// What is decided about a minion's key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Desired {
    /// This key is accepted on every master.
    Accepted {
        /// Its fingerprint.
        fingerprint: String,
    },
    /// This key is rejected wherever it is offered.
    Rejected {
        /// Its fingerprint.
        fingerprint: String,
    },
    /// What was there when it was decided is deleted. A key that comes later is a new one.
    Absent {
        /// When it was decided.
        at: Timestamp,
    },
}

/// What one master shows of the minion, as it told last.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shown {
    /// State and fingerprint of the key; none: it has none.
    pub key: Option<(MinionKeyState, String)>,
    /// Since when it shows that.
    pub since: Option<Timestamp>,
    /// It was asked for a change and has not said that it is made: an older change may still be made there.
    pub unanswered: bool,
}

/// The next step on one master.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// It is as desired.
    Settled,
    /// Ask for this.
    Ask(MinionKeyAction),
    /// Another key is in the way: an operator must say which is true.
    Conflict,
}

/// Decides.
pub fn next(desired: &Desired, shown: &Shown) -> Step {
    match desired {
        Desired::Accepted { fingerprint } => accepted(fingerprint, shown),
        Desired::Rejected { fingerprint } => match &shown.key {
            Some((MinionKeyState::Accepted | MinionKeyState::Pending, held)) if held == fingerprint => {
                Step::Ask(MinionKeyAction::Reject)
            }
            _ => Step::Settled,
        },
        Desired::Absent { at } => {
            let old = shown.key.is_some() && shown.since.is_none_or(|since| since <= *at);
            if old || shown.unanswered { Step::Ask(MinionKeyAction::Delete) } else { Step::Settled }
        }
    }
}

fn accepted(fingerprint: &str, shown: &Shown) -> Step {
    match &shown.key {
        // A denied key alone is what somebody offered there: it is not in the way.
        None | Some((MinionKeyState::Denied, _)) => Step::Ask(MinionKeyAction::Accept),
        Some((_, held)) if held != fingerprint => Step::Conflict,
        Some((MinionKeyState::Accepted, _)) => Step::Settled,
        Some(_) => Step::Ask(MinionKeyAction::Accept),
    }
}

/// How long a master has to show what it was asked for, before it is asked again after so many tries.
pub fn pause(tries: u32) -> SignedDuration {
    let seconds = 30_i64.saturating_mul(1_i64 << tries.min(5));
    SignedDuration::from_secs(seconds.min(600))
}

#[cfg(test)]
mod tests {
    use super::{Desired, Shown, Step, next, pause};
    use jiff::Timestamp;
    use raas_api::{
        MinionKeyState::{self, Accepted, Denied, Pending, Rejected},
        minions::MinionKeyAction::{Accept, Delete, Reject},
    };

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_700_000_000 + second).unwrap()
    }

    fn shows(state: MinionKeyState, fingerprint: &str) -> Shown {
        Shown { key: Some((state, fingerprint.to_owned())), since: Some(at(10)), unanswered: false }
    }

    #[test]
    fn an_accepted_key_is_written_wherever_it_is_not_and_nothing_else_is_touched() {
        let desired = Desired::Accepted { fingerprint: "aa".into() };
        assert_eq!(next(&desired, &Shown::default()), Step::Ask(Accept));
        assert_eq!(next(&desired, &shows(Pending, "aa")), Step::Ask(Accept));
        assert_eq!(next(&desired, &shows(Rejected, "aa")), Step::Ask(Accept));
        assert_eq!(next(&desired, &shows(Denied, "bb")), Step::Ask(Accept));
        assert_eq!(next(&desired, &shows(Accepted, "aa")), Step::Settled);
        for state in [Accepted, Pending, Rejected] {
            assert_eq!(next(&desired, &shows(state, "bb")), Step::Conflict);
        }
    }

    #[test]
    fn a_rejected_key_is_rejected_wherever_it_comes_and_another_one_is_not() {
        let desired = Desired::Rejected { fingerprint: "aa".into() };
        assert_eq!(next(&desired, &shows(Pending, "aa")), Step::Ask(Reject));
        assert_eq!(next(&desired, &shows(Accepted, "aa")), Step::Ask(Reject));
        for shown in [Shown::default(), shows(Rejected, "aa"), shows(Pending, "bb")] {
            assert_eq!(next(&desired, &shown), Step::Settled);
        }
    }

    #[test]
    fn a_deletion_means_what_was_there_then_and_not_what_comes_later() {
        let desired = |second| Desired::Absent { at: at(second) };
        assert_eq!(next(&desired(20), &shows(Accepted, "aa")), Step::Ask(Delete));
        assert_eq!(next(&desired(5), &shows(Pending, "aa")), Step::Settled);
        assert_eq!(next(&desired(20), &Shown::default()), Step::Settled);
        let unanswered = Shown { unanswered: true, ..Shown::default() };
        assert_eq!(
            next(&desired(20), &unanswered),
            Step::Ask(Delete),
            "an acceptance may be on its way there"
        );
    }

    #[test]
    fn a_master_that_cannot_is_asked_ever_more_rarely() {
        let pauses: Vec<i64> = [0, 1, 2, 5, 60].map(|tries| pause(tries).as_secs()).into();
        assert_eq!(pauses, [30, 60, 120, 600, 600]);
    }
}
