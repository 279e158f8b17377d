//! Present, lost or unknown, from evidence and its age. Never "present" without fresh evidence.

use jiff::{SignedDuration, Timestamp};
use raas_api::Presence;
use raas_wire::SaltState;

/// What is known about a master.
#[derive(Clone, Copy, Debug)]
pub struct MasterEvidence {
    /// When its plugin last called (our clock).
    pub last_call_at: Option<Timestamp>,
    /// What the plugin said of Salt then.
    pub salt: Option<SaltState>,
}

/// A verdict with its reason, as shown to people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// The state.
    pub presence: Presence,
    /// Why, in a clause.
    pub reason: String,
}

/// A master is present when its plugin called within `expiry` and said that Salt answers.
pub fn master(now: Timestamp, evidence: &MasterEvidence, expiry: SignedDuration) -> Verdict {
    let say = |presence, reason: String| Verdict { presence, reason };
    let Some(called) = evidence.last_call_at else {
        return say(Presence::Unknown, "its plugin has not called yet".to_owned());
    };
    let age = now.duration_since(called);
    let ago = format!("its plugin last called {} ago", seconds(age));
    if age > expiry {
        return say(Presence::Lost, format!("{ago} (limit {})", seconds(expiry)));
    }
    match evidence.salt {
        Some(SaltState::Answering) => say(Presence::Present, format!("{ago}, Salt answers")),
        Some(SaltState::Silent) => say(
            Presence::Lost,
            format!("{ago}, but Salt takes connections and does not answer (frozen or overloaded)"),
        ),
        Some(SaltState::Orphaned) => say(
            Presence::Lost,
            format!(
                "{ago}, but the main salt-master process is dead and only its workers are left: restart salt-master"
            ),
        ),
        Some(SaltState::Gone) => {
            say(Presence::Lost, format!("{ago}, but nothing answers on Salt's request port"))
        }
        None => say(Presence::Unknown, format!("{ago}, and has not said how Salt is")),
    }
}

/// What is known about a minion.
#[derive(Clone, Copy, Debug)]
pub struct MinionEvidence {
    /// Newest sign of life, by the time of the event.
    pub seen_at: Option<Timestamp>,
    /// When the master it was last seen on asked it in vain.
    pub silent_at: Option<Timestamp>,
    /// Whether the master it was last seen on is present.
    pub seen_by_present: bool,
}

/// A minion is present when it was seen within `expiry` on a master that is present, and was not silent since.
pub fn minion(now: Timestamp, evidence: &MinionEvidence, expiry: SignedDuration) -> Presence {
    let Some(seen) = evidence.seen_at else {
        return if evidence.silent_at.is_some() { Presence::Lost } else { Presence::Unknown };
    };
    if evidence.silent_at.is_some_and(|silent| silent > seen) {
        Presence::Lost
    } else if !evidence.seen_by_present || now.duration_since(seen) > expiry {
        Presence::Unknown
    } else {
        Presence::Present
    }
}

/// What is known about a minion on one of its masters.
#[derive(Clone, Copy, Debug)]
pub struct LinkEvidence {
    /// Newest sign of life there, by the time of the event.
    pub seen_at: Option<Timestamp>,
    /// When that master asked it in vain.
    pub silent_at: Option<Timestamp>,
    /// Whether that master is present.
    pub master_present: bool,
    /// Since then it may have left: a hot-hot minion that attached itself to another master, any other that was seen there.
    pub left_at: Option<Timestamp>,
}

/// A minion is present on a master that is present and saw it within `expiry`, unless it may have left or was silent since.
pub fn link(now: Timestamp, evidence: &LinkEvidence, expiry: SignedDuration) -> Presence {
    let LinkEvidence { seen_at, silent_at, master_present, left_at } = *evidence;
    match minion(now, &MinionEvidence { seen_at, silent_at, seen_by_present: master_present }, expiry) {
        Presence::Present if left_at > seen_at => Presence::Unknown,
        presence => presence,
    }
}

/// Whoever moved, or came back, so often within [`FLAPPING_WITHIN`] is flapping.
pub const FLAPPING_TIMES: usize = 3;
/// The time that flapping is judged by.
pub const FLAPPING_WITHIN: SignedDuration = SignedDuration::from_mins(10);

/// How often it happened within [`FLAPPING_WITHIN`], when that is often enough to be called flapping.
pub fn flapping(now: Timestamp, times: &[Timestamp]) -> Option<usize> {
    let lately = times.iter().filter(|at| now.duration_since(**at) <= FLAPPING_WITHIN).count();
    (lately >= FLAPPING_TIMES).then_some(lately)
}

fn seconds(duration: SignedDuration) -> String {
    match duration.as_secs().max(0) {
        s if s < 120 => format!("{s} s"),
        s if s < 7200 => format!("{} min", s / 60),
        s => format!("{} h", s / 3600),
    }
}

#[cfg(test)]
mod tests {
    use super::{LinkEvidence, MasterEvidence, MinionEvidence, flapping, link, master, minion};
    use jiff::{SignedDuration, Timestamp};
    use raas_api::Presence;
    use raas_wire::SaltState;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_700_000_000 + second).unwrap()
    }

    #[test]
    fn a_master_is_present_only_while_plugin_and_salt_both_answer() {
        let expiry = SignedDuration::from_secs(30);
        let judge = |called: Option<i64>, salt| {
            master(at(100), &MasterEvidence { last_call_at: called.map(at), salt }, expiry)
        };
        assert_eq!(judge(Some(98), Some(SaltState::Answering)).presence, Presence::Present);
        assert_eq!(judge(Some(60), Some(SaltState::Answering)).presence, Presence::Lost);
        assert_eq!(judge(Some(98), Some(SaltState::Silent)).presence, Presence::Lost);
        assert!(judge(Some(98), Some(SaltState::Orphaned)).reason.contains("restart salt-master"));
        assert_eq!(judge(None, None).presence, Presence::Unknown);
    }

    #[test]
    fn a_minion_is_never_present_without_fresh_evidence() {
        let expiry = SignedDuration::from_secs(60);
        let judge = |seen: Option<i64>, silent: Option<i64>, seen_by_present| {
            minion(
                at(100),
                &MinionEvidence { seen_at: seen.map(at), silent_at: silent.map(at), seen_by_present },
                expiry,
            )
        };
        assert_eq!(judge(Some(90), None, true), Presence::Present);
        assert_eq!(judge(Some(90), Some(80), true), Presence::Present);
        assert_eq!(judge(Some(90), Some(95), true), Presence::Lost);
        assert_eq!(judge(Some(90), None, false), Presence::Unknown);
        assert_eq!(judge(Some(10), None, true), Presence::Unknown);
        assert_eq!(judge(None, None, true), Presence::Unknown);
    }

    #[test]
    fn a_minion_is_not_present_where_it_may_have_left() {
        let judge = |silent: Option<i64>, master_present, left: Option<i64>| {
            let evidence = LinkEvidence {
                seen_at: Some(at(90)),
                silent_at: silent.map(at),
                master_present,
                left_at: left.map(at),
            };
            link(at(100), &evidence, SignedDuration::from_secs(60))
        };
        assert_eq!(judge(None, true, None), Presence::Present);
        assert_eq!(judge(None, true, Some(80)), Presence::Present);
        assert_eq!(judge(None, true, Some(95)), Presence::Unknown);
        assert_eq!(judge(None, false, None), Presence::Unknown);
        assert_eq!(judge(Some(95), true, Some(99)), Presence::Lost);
    }

    #[test]
    fn three_times_within_ten_minutes_is_flapping() {
        assert_eq!(flapping(at(1000), &[990, 700, 400].map(at)), Some(3));
        assert_eq!(flapping(at(1001), &[990, 700, 400].map(at)), None);
        assert_eq!(flapping(at(1000), &[990, 700].map(at)), None);
    }
}
