//! The cluster key act: one decision about a minion's key, carried out on every master of its cluster. Pure.

pub mod desired;

use std::collections::BTreeSet;

use raas_api::{MinionKeyState, minions::MinionKeyAction};

/// A key of the minion on one master.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeldKey {
    /// Master.
    pub master_id: String,
    /// State there.
    pub state: MinionKeyState,
    /// SHA-256 of the PEM text, hex.
    pub fingerprint: String,
    /// PEM.
    pub public_key: String,
}

/// Which keys may be acted on besides pending ones.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Include {
    /// Reject also accepted keys.
    pub accepted: bool,
    /// Accept also rejected keys.
    pub rejected: bool,
    /// Accept or reject also denied keys.
    pub denied: bool,
}

/// What is to be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyPlan {
    /// On which masters; none: it is so already.
    pub masters: BTreeSet<String>,
    /// The key to accept, or to reject where all are the same.
    pub key: Option<HeldKey>,
    /// Whether it decides for the whole cluster, also for masters that join or come back later. It does not when only some
    /// of several different keys are rejected.
    pub lasting: bool,
}

/// What is known of a minion's key beside what the masters hold.
#[derive(Clone, Copy, Debug, Default)]
pub struct Known<'a> {
    /// The key that was accepted for the cluster before. It counts where no master holds any.
    pub accepted: Option<&'a HeldKey>,
    /// Masters that were asked for a change and have not answered: what they hold may change any moment.
    pub unanswered: Option<&'a BTreeSet<String>>,
}

/// Decides. `masters` are all accepted masters of the cluster; `held` is what each told last.
///
/// # Errors
/// With a sentence that names what is in the way, with its values.
pub fn decide(
    action: MinionKeyAction,
    minion_id: &str,
    masters: &BTreeSet<String>,
    (held, known): (&[HeldKey], Known<'_>),
    include: Include,
) -> Result<KeyPlan, String> {
    let mut held: Vec<&HeldKey> = held.iter().filter(|key| masters.contains(&key.master_id)).collect();
    if held.is_empty() {
        held.extend(known.accepted);
    }
    if held.is_empty() {
        return Err(format!("no master of its cluster has a key of minion {minion_id:?}"));
    }
    let mut plan = match action {
        MinionKeyAction::Accept => accept(minion_id, masters, &held, include),
        MinionKeyAction::Reject => reject(minion_id, &held, include),
        // Also where no key is known: an acceptance may still be on its way there.
        MinionKeyAction::Delete => Ok(KeyPlan { masters: masters.clone(), key: None, lasting: true }),
    }?;
    if plan.lasting {
        plan.masters
            .extend(known.unanswered.into_iter().flatten().filter(|id| masters.contains(*id)).cloned());
    }
    Ok(plan)
}

fn accept(
    minion_id: &str,
    masters: &BTreeSet<String>,
    held: &[&HeldKey],
    include: Include,
) -> Result<KeyPlan, String> {
    // A denied key is what somebody else offered under a known name: it counts only when asked for.
    let counts = |key: &&&HeldKey| key.state != MinionKeyState::Denied || include.denied;
    let keys: Vec<&HeldKey> = held.iter().filter(counts).copied().collect();
    let Some(first) = keys.first() else {
        return Err(format!(
            "only denied keys of minion {minion_id:?} are there ({}): include_denied acts on them",
            words(held)
        ));
    };
    if keys.iter().any(|key| key.fingerprint != first.fingerprint) {
        return Err(format!(
            "there are different keys for minion {minion_id:?}: {}; compare with salt-call --local key.finger on the \
             minion, delete them, and accept the right one when it calls again",
            words(&keys)
        ));
    }
    let rejected: Vec<&HeldKey> =
        keys.iter().filter(|key| key.state == MinionKeyState::Rejected).copied().collect();
    if !rejected.is_empty() && !include.rejected {
        return Err(format!(
            "the key of minion {minion_id:?} was rejected ({}): include_rejected accepts it all the same",
            words(&rejected)
        ));
    }
    let has_it = |master: &&String| {
        keys.iter().any(|key| key.master_id == **master && key.state == MinionKeyState::Accepted)
    };
    let masters = masters.iter().filter(|master| !has_it(master)).cloned().collect();
    Ok(KeyPlan { masters, key: Some((*first).clone()), lasting: true })
}

fn reject(minion_id: &str, held: &[&HeldKey], include: Include) -> Result<KeyPlan, String> {
    let acted_on = |key: &&&HeldKey| match key.state {
        MinionKeyState::Pending => true,
        MinionKeyState::Accepted => include.accepted,
        MinionKeyState::Denied => include.denied,
        MinionKeyState::Rejected => false,
    };
    let acted: Vec<&HeldKey> = held.iter().filter(acted_on).copied().collect();
    if acted.is_empty() && held.iter().any(|key| key.state != MinionKeyState::Rejected) {
        return Err(format!(
            "no key of minion {minion_id:?} waits ({}): include_accepted or include_denied reject it all the same",
            words(held)
        ));
    }
    if let Some(key) = accepted_elsewhere(&acted, held) {
        return Err(format!(
            "the key of minion {minion_id:?} that waits is accepted on {:?}: include_accepted rejects it on every master",
            key.master_id
        ));
    }
    let key = acted.first().or(held.first()).copied();
    let same = |one: &HeldKey| key.is_some_and(|key| key.fingerprint == one.fingerprint);
    let lasting = held.iter().filter(|one| one.state != MinionKeyState::Denied).all(|one| same(one));
    // With the key, so that a master never rejects another one that it holds.
    let key = key.filter(|_| acted.iter().all(|one| same(one))).cloned();
    let masters = acted.iter().map(|key| key.master_id.clone()).collect();
    Ok(KeyPlan { masters, lasting: lasting && key.is_some(), key })
}

/// One key has one state in a cluster: it is not rejected on one master while it stays accepted on another.
fn accepted_elsewhere<'a>(acted: &[&HeldKey], held: &[&'a HeldKey]) -> Option<&'a HeldKey> {
    let is_acted = |key: &HeldKey| acted.contains(&key);
    let same = |key: &HeldKey| acted.iter().any(|one| one.fingerprint == key.fingerprint);
    held.iter().find(|key| key.state == MinionKeyState::Accepted && !is_acted(key) && same(key)).copied()
}

fn words(keys: &[&HeldKey]) -> String {
    let words: Vec<String> =
        keys.iter().map(|key| format!("{} has {} ({})", key.master_id, key.fingerprint, key.state)).collect();
    words.join(", ")
}

#[cfg(test)]
mod tests {
    use super::{HeldKey, Include, Known, decide};
    use raas_api::{
        MinionKeyState::{self, Accepted, Denied, Pending, Rejected},
        minions::MinionKeyAction,
    };
    use std::collections::BTreeSet;

    fn key(master_id: &str, state: MinionKeyState, fingerprint: &str) -> HeldKey {
        HeldKey {
            master_id: master_id.into(),
            state,
            fingerprint: fingerprint.into(),
            public_key: "pem".into(),
        }
    }

    fn on(action: MinionKeyAction, held: &[HeldKey], include: Include) -> Result<Vec<String>, String> {
        let masters: BTreeSet<String> = ["m1", "m2", "m3"].map(str::to_owned).into();
        decide(action, "web1", &masters, (held, Known::default()), include)
            .map(|plan| plan.masters.into_iter().collect())
    }

    #[test]
    fn acceptance_reaches_every_master_also_those_that_never_met_the_minion() {
        let held = [key("m1", Accepted, "aa"), key("m2", Pending, "aa")];
        assert_eq!(on(MinionKeyAction::Accept, &held, Include::default()).unwrap(), ["m2", "m3"]);
        let all = ["m1", "m2", "m3"].map(|master| key(master, Accepted, "aa"));
        assert!(on(MinionKeyAction::Accept, &all, Include::default()).unwrap().is_empty());
    }

    #[test]
    fn different_keys_block_acceptance_and_are_named() {
        let held = [key("m1", Accepted, "aa"), key("m2", Pending, "bb")];
        let refusal = on(MinionKeyAction::Accept, &held, Include::default()).unwrap_err();
        assert!(
            refusal.contains("m1 has aa (accepted)") && refusal.contains("m2 has bb (pending)"),
            "{refusal}"
        );
    }

    #[test]
    fn rejected_and_denied_keys_are_acted_on_only_when_asked_for() {
        let rejected = [key("m1", Pending, "aa"), key("m2", Rejected, "aa")];
        assert!(
            on(MinionKeyAction::Accept, &rejected, Include::default())
                .unwrap_err()
                .contains("include_rejected")
        );
        let include = Include { rejected: true, ..Include::default() };
        assert_eq!(on(MinionKeyAction::Accept, &rejected, include).unwrap(), ["m1", "m2", "m3"]);

        let denied = [key("m1", Accepted, "aa"), key("m1", Denied, "bb")];
        assert_eq!(on(MinionKeyAction::Accept, &denied, Include::default()).unwrap(), ["m2", "m3"]);
        let include = Include { denied: true, ..Include::default() };
        assert!(on(MinionKeyAction::Accept, &denied, include).unwrap_err().contains("different keys"));
    }

    #[test]
    fn rejection_takes_what_waits_and_more_only_when_asked_for() {
        let waits = [key("m1", Rejected, "aa"), key("m2", Pending, "aa")];
        assert_eq!(on(MinionKeyAction::Reject, &waits, Include::default()).unwrap(), ["m2"]);
        let held = [key("m1", Accepted, "aa"), key("m2", Pending, "aa")];
        let refusal = on(MinionKeyAction::Reject, &held, Include::default()).unwrap_err();
        assert!(refusal.contains("accepted on \"m1\""), "one key has one state in a cluster: {refusal}");
        let include = Include { accepted: true, ..Include::default() };
        assert_eq!(on(MinionKeyAction::Reject, &held, include).unwrap(), ["m1", "m2"]);
        assert!(
            on(MinionKeyAction::Reject, &held[..1], Include::default())
                .unwrap_err()
                .contains("include_accepted")
        );
    }

    #[test]
    fn rejecting_another_key_than_the_accepted_one_decides_nothing_for_the_cluster() {
        let masters: BTreeSet<String> = ["m1", "m2"].map(str::to_owned).into();
        let reject = |held: &[HeldKey]| {
            let known = Known::default();
            decide(MinionKeyAction::Reject, "web1", &masters, (held, known), Include::default()).unwrap()
        };
        let plan = reject(&[key("m1", Accepted, "aa"), key("m2", Pending, "bb")]);
        assert_eq!((plan.lasting, plan.masters.len()), (false, 1));
        assert_eq!(plan.key.map(|key| key.fingerprint).as_deref(), Some("bb"));
        let plan = reject(&[key("m2", Pending, "bb")]);
        assert_eq!(plan.key.map(|key| key.fingerprint).as_deref(), Some("bb"));
    }

    #[test]
    fn what_was_accepted_before_can_be_accepted_again_where_nobody_holds_it_any_more() {
        let masters: BTreeSet<String> = ["m1", "m2"].map(str::to_owned).into();
        let before = key("the cluster", Accepted, "aa");
        let known = Known { accepted: Some(&before), unanswered: None };
        let plan =
            decide(MinionKeyAction::Accept, "web1", &masters, (&[], known), Include::default()).unwrap();
        assert_eq!((plan.masters, plan.key), (masters, Some(before)));
    }

    #[test]
    fn a_master_that_may_still_carry_out_something_else_is_asked_too() {
        let masters: BTreeSet<String> = ["m1", "m2"].map(str::to_owned).into();
        let held = ["m1", "m2"].map(|master| key(master, Accepted, "aa"));
        let unanswered: BTreeSet<String> = ["m2", "gone"].map(str::to_owned).into();
        let known = Known { accepted: None, unanswered: Some(&unanswered) };
        let plan =
            decide(MinionKeyAction::Accept, "web1", &masters, (&held, known), Include::default()).unwrap();
        assert_eq!(plan.masters.into_iter().collect::<Vec<_>>(), ["m2"]);
    }

    #[test]
    fn deletion_reaches_every_master() {
        let held = [key("m1", Rejected, "aa")];
        assert_eq!(on(MinionKeyAction::Delete, &held, Include::default()).unwrap(), ["m1", "m2", "m3"]);
        assert!(on(MinionKeyAction::Delete, &[], Include::default()).is_err());
    }
}
