//! The cluster key act: one decision about a minion's key, carried out on every master of its cluster. Pure.

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
    /// The key to accept.
    pub key: Option<HeldKey>,
}

/// Decides. `masters` are all accepted masters of the cluster; `held` is what each told last.
///
/// # Errors
/// With a sentence that names what is in the way, with its values.
pub fn decide(
    action: MinionKeyAction,
    minion_id: &str,
    masters: &BTreeSet<String>,
    held: &[HeldKey],
    include: Include,
) -> Result<KeyPlan, String> {
    let held: Vec<&HeldKey> = held.iter().filter(|key| masters.contains(&key.master_id)).collect();
    if held.is_empty() {
        return Err(format!("no master of its cluster has a key of minion {minion_id:?}"));
    }
    match action {
        MinionKeyAction::Accept => accept(minion_id, masters, &held, include),
        MinionKeyAction::Reject => reject(minion_id, &held, include),
        // Also where no key is known: an acceptance may still be on its way there.
        MinionKeyAction::Delete => Ok(KeyPlan { masters: masters.clone(), key: None }),
    }
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
    Ok(KeyPlan { masters, key: Some((*first).clone()) })
}

fn reject(minion_id: &str, held: &[&HeldKey], include: Include) -> Result<KeyPlan, String> {
    let acted_on = |key: &&&HeldKey| match key.state {
        MinionKeyState::Pending => true,
        MinionKeyState::Accepted => include.accepted,
        MinionKeyState::Denied => include.denied,
        MinionKeyState::Rejected => false,
    };
    let masters: BTreeSet<String> = held.iter().filter(acted_on).map(|key| key.master_id.clone()).collect();
    if masters.is_empty() && held.iter().any(|key| key.state != MinionKeyState::Rejected) {
        return Err(format!(
            "no key of minion {minion_id:?} waits ({}): include_accepted or include_denied reject it all the same",
            words(held)
        ));
    }
    Ok(KeyPlan { masters, key: None })
}

fn words(keys: &[&HeldKey]) -> String {
    let words: Vec<String> =
        keys.iter().map(|key| format!("{} has {} ({})", key.master_id, key.fingerprint, key.state)).collect();
    words.join(", ")
}

#[cfg(test)]
mod tests {
    use super::{HeldKey, Include, decide};
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
        decide(action, "web1", &masters, held, include).map(|plan| plan.masters.into_iter().collect())
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
        let held = [key("m1", Accepted, "aa"), key("m2", Pending, "aa")];
        assert_eq!(on(MinionKeyAction::Reject, &held, Include::default()).unwrap(), ["m2"]);
        let include = Include { accepted: true, ..Include::default() };
        assert_eq!(on(MinionKeyAction::Reject, &held, include).unwrap(), ["m1", "m2"]);
        assert!(
            on(MinionKeyAction::Reject, &held[..1], Include::default())
                .unwrap_err()
                .contains("include_accepted")
        );
    }

    #[test]
    fn deletion_reaches_every_master() {
        let held = [key("m1", Rejected, "aa")];
        assert_eq!(on(MinionKeyAction::Delete, &held, Include::default()).unwrap(), ["m1", "m2", "m3"]);
        assert!(on(MinionKeyAction::Delete, &[], Include::default()).is_err());
    }
}
