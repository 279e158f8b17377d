//! What happens to a master that makes itself known. Acceptance binds id, key, cluster and kind; any change needs an operator.

use raas_wire::{ClusterKind, MasterKeyState};

/// Who a master says it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Declared {
    /// Master id.
    pub master_id: String,
    /// Fingerprint of its key.
    pub fingerprint: String,
    /// Cluster id; none for a single master.
    pub cluster_id: Option<String>,
    /// Kind.
    pub kind: ClusterKind,
}

/// What the server already knows when the master calls.
#[derive(Clone, Debug, Default)]
pub struct Known {
    /// The row of this very key and id, when there is one: its state, cluster and kind.
    pub this_key: Option<KnownKey>,
    /// Fingerprint of *another* key that is accepted for this id.
    pub other_accepted: Option<String>,
    /// Kind of the declared cluster, when accepted masters already made it one.
    pub cluster_kind: Option<ClusterKind>,
    /// Whether another accepted master is in that cluster (so that its kind is fixed).
    pub cluster_has_others: bool,
    /// The name is taken across kinds: a single master's id is a cluster's id, or the reverse.
    pub name_taken_by: Option<String>,
}

/// A key as it was last accepted, offered or rejected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownKey {
    /// Its state.
    pub state: MasterKeyState,
    /// The reason kept with it.
    pub reason: String,
    /// Cluster then.
    pub cluster_id: Option<String>,
    /// Kind then.
    pub kind: ClusterKind,
}

/// What becomes of the key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// State to answer and to store.
    pub state: MasterKeyState,
    /// Why, and what to do; empty when accepted.
    pub reason: String,
}

/// Decides about one enrolment.
pub fn decide(declared: &Declared, known: &Known) -> Decision {
    if let Some(refusal) = refused(declared, known) {
        return Decision { state: MasterKeyState::Rejected, reason: refusal };
    }
    let pending = |reason: String| Decision { state: MasterKeyState::Pending, reason };
    match &known.this_key {
        Some(key) if key.state == MasterKeyState::Rejected && !key.reason.starts_with(REFUSED) => {
            Decision { state: MasterKeyState::Rejected, reason: key.reason.clone() }
        }
        Some(key) if key.state == MasterKeyState::Accepted => changed(declared, key)
            .map_or(Decision { state: MasterKeyState::Accepted, reason: String::new() }, |what| {
                pending(format!("{what}: accept it again to confirm"))
            }),
        _ => pending(known.other_accepted.as_ref().map_or_else(
            || "waiting for an operator to accept this key".to_owned(),
            |other| {
                format!(
                    "a second key for this master id: the accepted one is {other}, this one is {}. \
                 Accept it only if the master was rebuilt; otherwise somebody else uses its name",
                    declared.fingerprint
                )
            },
        )),
    }
}

/// How reasons of rules begin, so that they end by themselves when the cause is gone.
const REFUSED: &str = "refused: ";

fn refused(declared: &Declared, known: &Known) -> Option<String> {
    if let Some(owner) = &known.name_taken_by {
        return Some(format!("{REFUSED}the name {:?} is taken by {owner}; choose another", name(declared)));
    }
    match known.cluster_kind {
        Some(kind) if known.cluster_has_others && kind != declared.kind => Some(format!(
            "{REFUSED}cluster {:?} is {kind}, but this master declares {}; set sseapi_failover_master alike on all of its masters",
            name(declared),
            declared.kind
        )),
        _ => None,
    }
}

fn name(declared: &Declared) -> &str {
    declared.cluster_id.as_deref().unwrap_or(&declared.master_id)
}

fn changed(declared: &Declared, accepted: &KnownKey) -> Option<String> {
    let cluster = |id: &Option<String>| {
        id.as_ref().map_or_else(|| "no cluster".to_owned(), |id| format!("cluster {id:?}"))
    };
    if accepted.cluster_id != declared.cluster_id {
        return Some(format!(
            "was accepted with {}, now declares {}",
            cluster(&accepted.cluster_id),
            cluster(&declared.cluster_id)
        ));
    }
    (accepted.kind != declared.kind)
        .then(|| format!("was accepted as {}, now declares {}", accepted.kind, declared.kind))
}

#[cfg(test)]
mod tests {
    use super::{Declared, Known, KnownKey, decide};
    use raas_wire::{ClusterKind, MasterKeyState};

    fn declared() -> Declared {
        Declared {
            master_id: "m1".into(),
            fingerprint: "f1".into(),
            cluster_id: Some("eu-web".into()),
            kind: ClusterKind::Failover,
        }
    }

    fn key(state: MasterKeyState) -> KnownKey {
        KnownKey {
            state,
            reason: String::new(),
            cluster_id: Some("eu-web".into()),
            kind: ClusterKind::Failover,
        }
    }

    #[test]
    fn a_new_key_waits_and_an_accepted_one_stays_accepted() {
        assert_eq!(decide(&declared(), &Known::default()).state, MasterKeyState::Pending);
        let known = Known { this_key: Some(key(MasterKeyState::Accepted)), ..Known::default() };
        assert_eq!(decide(&declared(), &known).state, MasterKeyState::Accepted);
    }

    #[test]
    fn a_change_of_cluster_or_kind_needs_an_operator() {
        let known = Known { this_key: Some(key(MasterKeyState::Accepted)), ..Known::default() };
        let moved = Declared { cluster_id: None, kind: ClusterKind::Single, ..declared() };
        let decision = decide(&moved, &known);
        assert_eq!(decision.state, MasterKeyState::Pending);
        assert!(decision.reason.contains("\"eu-web\"") && decision.reason.contains("no cluster"));
        let other_kind = Declared { kind: ClusterKind::Hot, ..declared() };
        assert!(decide(&other_kind, &known).reason.contains("was accepted as failover, now declares hot"));
    }

    #[test]
    fn a_second_key_never_replaces_the_first() {
        let known = Known { other_accepted: Some("f0".into()), ..Known::default() };
        let decision = decide(&declared(), &known);
        assert_eq!(decision.state, MasterKeyState::Pending);
        assert!(decision.reason.contains("f0") && decision.reason.contains("f1"));
    }

    #[test]
    fn a_cluster_has_one_kind() {
        let known =
            Known { cluster_kind: Some(ClusterKind::Hot), cluster_has_others: true, ..Known::default() };
        let decision = decide(&declared(), &known);
        assert_eq!(decision.state, MasterKeyState::Rejected);
        assert!(decision.reason.contains("is hot") && decision.reason.contains("declares failover"));
        // once the cause is gone, the refusal ends by itself
        let refused = KnownKey {
            state: MasterKeyState::Rejected,
            reason: decision.reason,
            ..key(MasterKeyState::Rejected)
        };
        let mended = Known { this_key: Some(refused), ..Known::default() };
        assert_eq!(decide(&declared(), &mended).state, MasterKeyState::Pending);
    }
}
