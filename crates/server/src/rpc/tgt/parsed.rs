//! A saved group, parsed once to be matched often: whom it means in a cluster follows from this, the id and the grains.
//! Masters that it names are left out: who asks for them works it out from what is known of their keys.

use raas_target::{Match, Target};
use serde_json::Value;

use super::{SavedGroups, Targets};
use crate::{RpcError, rpc::cmd::Wish};

/// Targets by the place that they are for.
#[derive(Clone, Debug)]
pub(crate) struct Parsed(Vec<(String, Target)>);

impl Parsed {
    /// Parses a target, where nodegroups are saved groups.
    pub(in crate::rpc) fn of(tgt: &Targets, groups: &SavedGroups) -> Result<Self, RpcError> {
        let mut parsed = Vec::with_capacity(tgt.len());
        for (place, asked) in tgt {
            parsed.push((place.clone(), Wish::read(place, asked, groups)?.into_target()));
        }
        Ok(Self(parsed))
    }

    /// The same of a stored target; none where it cannot be read (any more).
    pub(crate) fn stored(tgt: &str, groups: &SavedGroups) -> Option<Self> {
        Self::of(&serde_json::from_str(tgt).ok()?, groups).ok()
    }

    /// What it says of the minions of a cluster.
    pub(crate) fn in_cluster(&self, cluster_id: &str) -> Option<&Target> {
        let place = |name: &&(String, Target)| name.0 == "*" || name.0 == cluster_id;
        self.0.iter().find(place).map(|(_, target)| target)
    }

    /// Whether grains must be known to match.
    pub(crate) fn needs_grains(&self) -> bool {
        self.0.iter().any(|(_, target)| target.needs_grains())
    }

    /// Whether ids alone do not decide.
    pub(crate) fn beyond_ids(&self) -> bool {
        let beyond = |target: &Target| {
            target.needs_grains() || target.needs_pillar() || !target.left_to_salt().is_empty()
        };
        self.0.iter().any(|(_, target)| beyond(target))
    }

    /// Whether it means a minion of a cluster.
    pub(crate) fn matches(&self, cluster_id: &str, minion_id: &str, grains: Option<&Value>) -> Match {
        self.in_cluster(cluster_id).map_or(Match::No, |target| target.matches_grains(minion_id, grains))
    }
}

#[cfg(test)]
mod tests {
    use super::Parsed;
    use crate::rpc::tgt::SavedGroups;
    use raas_target::Match;
    use serde_json::json;

    fn parsed(tgt: &serde_json::Value, groups: &[(&str, &str)]) -> Option<Parsed> {
        Parsed::stored(&tgt.to_string(), &SavedGroups::every(groups.iter().copied()))
    }

    #[test]
    fn each_cluster_has_the_target_of_its_own_place_or_that_of_all() {
        let two = parsed(&json!({"eu": {"tgt": "w*"}, "us": {"tgt": "os:Debian", "tgt_type": "grain"}}), &[]);
        let two = two.unwrap();
        assert_eq!(two.matches("eu", "w1", None), Match::Yes);
        assert_eq!(two.matches("us", "w1", None), Match::Unknown);
        assert_eq!(two.matches("us", "w1", Some(&json!({"os": "Debian"}))), Match::Yes);
        assert_eq!(two.matches("asia", "w1", None), Match::No);
        assert!(two.needs_grains() && two.beyond_ids());
        let all = parsed(&json!({"*": {"tgt": "w*"}}), &[]).unwrap();
        assert_eq!(all.matches("asia", "w1", None), Match::Yes);
        assert!(!all.needs_grains() && !all.beyond_ids());
        let pillar = parsed(&json!({"*": {"tgt": "role:web", "tgt_type": "pillar"}}), &[]).unwrap();
        assert!(!pillar.needs_grains() && pillar.beyond_ids());
    }

    #[test]
    fn a_group_that_names_one_that_is_gone_cannot_be_read() {
        let named = json!({"*": {"tgt": "N@web and not w9", "tgt_type": "compound"}});
        let web = json!({"*": {"tgt": "w*", "tgt_type": "glob"}}).to_string();
        let read = parsed(&named, &[("web", &web)]).unwrap();
        assert_eq!((read.matches("eu", "w1", None), read.matches("eu", "w9", None)), (Match::Yes, Match::No));
        assert!(parsed(&named, &[]).is_none());
    }
}
