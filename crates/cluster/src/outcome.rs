//! What to do with an outcome whose deadline has passed. Every outcome ends; before "no answer" somebody is asked.

use jiff::{SignedDuration, Timestamp};
use raas_api::OutcomeState;
use uuid::Uuid;

/// How often a minion is asked about a job before it counts as silent.
pub const MAX_ASKED: i32 = 2;

/// What is known about a due outcome of a local command.
#[derive(Clone, Debug)]
pub struct DueFacts {
    /// Its state; not final.
    pub state: OutcomeState,
    /// How often it was asked about.
    pub asked: i32,
    /// A delivery that can reach this minion may still be published.
    pub delivery_open: bool,
    /// A delivery that can reach this minion was published, or may have been.
    pub maybe_published: bool,
    /// A question about it is under way.
    pub ask_open: bool,
    /// The live master that holds the minion now, or may hold it.
    pub ask_through: Option<Uuid>,
    /// Masters that were asked do not hold it, whatever they were believed to: until then another is looked for.
    pub unheld_until: Option<Timestamp>,
    /// What the last answer to a question said.
    pub last_answer: Option<Answer>,
    /// No live master proved to hold it: a minion that changes masters, and a master that starts again, get this long
    /// before it is asked again, or given up.
    pub not_before: Option<Timestamp>,
}

/// What came of a question about a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// It still runs.
    Running,
    /// It does not run, and no return is kept.
    NotFound,
    /// No answer to the question itself.
    Silent,
}

/// What to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DueDecision {
    /// Look again then.
    Wait(Timestamp),
    /// Ask the minion through this master, and look again after the answer.
    Ask(Uuid),
    /// Write this final state.
    End(OutcomeState, String),
    /// Nobody can ask it: the result stays unknown. The sentence takes who held it and who holds its key.
    NobodyHolds,
}

/// Decides about one due outcome. `patience` is how long to wait before looking again.
pub fn on_due(now: Timestamp, facts: &DueFacts, patience: SignedDuration) -> DueDecision {
    let later = DueDecision::Wait(now.saturating_add(patience).unwrap_or(now));
    let end = |state, reason: &str| DueDecision::End(state, reason.to_owned());
    if facts.delivery_open || facts.ask_open {
        return later;
    }
    if !facts.maybe_published {
        return end(OutcomeState::NotDelivered, "no master published it in time");
    }
    match facts.last_answer {
        Some(Answer::NotFound) => {
            return end(
                OutcomeState::ResultUnknown,
                "the minion does not run this job and keeps no return of it: it finished and the return was lost, or it never heard it. \
                 With cache_jobs: true in the minion's configuration the return could be fetched",
            );
        }
        Some(Answer::Silent) if facts.asked >= MAX_ASKED => {
            return end(
                OutcomeState::NoAnswer,
                "the minion did not return, and did not answer when asked about the job",
            );
        }
        _ => {}
    }
    match facts.ask_through {
        _ if facts.not_before.is_some_and(|at| now < at) => later,
        Some(master) if facts.unheld_until.is_none_or(|at| now < at) => DueDecision::Ask(master),
        _ => DueDecision::NobodyHolds,
    }
}

#[cfg(test)]
mod tests {
    use super::{Answer, DueDecision, DueFacts, on_due};
    use jiff::{SignedDuration, Timestamp};
    use raas_api::OutcomeState;
    use uuid::Uuid;

    fn facts() -> DueFacts {
        DueFacts {
            state: OutcomeState::Delivered,
            asked: 0,
            delivery_open: false,
            maybe_published: true,
            ask_open: false,
            ask_through: Some(Uuid::from_u128(1)),
            unheld_until: None,
            last_answer: None,
            not_before: None,
        }
    }

    fn decide(facts: &DueFacts) -> DueDecision {
        on_due(Timestamp::UNIX_EPOCH, facts, SignedDuration::from_secs(5))
    }

    #[test]
    fn a_minion_is_asked_before_it_counts_as_silent() {
        assert_eq!(decide(&facts()), DueDecision::Ask(Uuid::from_u128(1)));
        let once = DueFacts { asked: 1, last_answer: Some(Answer::Silent), ..facts() };
        assert_eq!(decide(&once), DueDecision::Ask(Uuid::from_u128(1)));
        let twice = DueFacts { asked: 2, ..once };
        assert!(matches!(decide(&twice), DueDecision::End(OutcomeState::NoAnswer, _)));
    }

    #[test]
    fn a_running_job_is_asked_about_again_and_never_given_up() {
        let running = DueFacts {
            state: OutcomeState::Running,
            asked: 50,
            last_answer: Some(Answer::Running),
            ..facts()
        };
        assert!(matches!(decide(&running), DueDecision::Ask(_)));
    }

    #[test]
    fn a_minion_that_may_be_changing_masters_gets_time_before_it_is_asked_again() {
        let later = Timestamp::UNIX_EPOCH + SignedDuration::from_secs(30);
        let moving =
            DueFacts { asked: 1, last_answer: Some(Answer::Silent), not_before: Some(later), ..facts() };
        assert!(matches!(decide(&moving), DueDecision::Wait(_)));
        let arrived = DueFacts { not_before: Some(Timestamp::UNIX_EPOCH), ..moving };
        assert!(matches!(decide(&arrived), DueDecision::Ask(_)));
        let cut_off = DueFacts { ask_through: None, not_before: Some(later), ..facts() };
        assert!(matches!(decide(&cut_off), DueDecision::Wait(_)));
        let given_up = DueFacts { not_before: None, ..cut_off };
        assert_eq!(decide(&given_up), DueDecision::NobodyHolds);
    }

    #[test]
    fn a_master_that_does_not_hold_the_minion_is_asked_again_only_for_a_while() {
        let later = Timestamp::UNIX_EPOCH + SignedDuration::from_secs(30);
        let sought = DueFacts { unheld_until: Some(later), ..facts() };
        assert!(matches!(decide(&sought), DueDecision::Ask(_)));
        let in_vain = DueFacts { unheld_until: Some(Timestamp::UNIX_EPOCH), ..sought };
        assert_eq!(decide(&in_vain), DueDecision::NobodyHolds);
    }

    #[test]
    fn what_was_certainly_not_published_was_not_delivered() {
        let unpublished = DueFacts { maybe_published: false, ..facts() };
        assert!(matches!(decide(&unpublished), DueDecision::End(OutcomeState::NotDelivered, _)));
    }

    #[test]
    fn a_finished_job_without_a_kept_return_is_said_to_be_unknown() {
        let lost = DueFacts { asked: 1, last_answer: Some(Answer::NotFound), ..facts() };
        assert!(matches!(decide(&lost), DueDecision::End(OutcomeState::ResultUnknown, _)));
    }

    #[test]
    fn nothing_is_decided_while_a_delivery_or_a_question_is_open() {
        assert!(matches!(decide(&DueFacts { delivery_open: true, ..facts() }), DueDecision::Wait(_)));
        assert!(matches!(decide(&DueFacts { ask_open: true, ..facts() }), DueDecision::Wait(_)));
    }
}
