//! Many targets kept current: which memberships change when one minion changes. Pure; who stores them is elsewhere.
//!
//! Groups are indexed by what they look at, so that a new value of one grain matches only the groups that read that
//! grain, and a sign of life none.

use std::collections::HashMap;

use serde_json::{Map, Value};

use crate::{Match, Minion, Target, looks::Part};

/// Parsed groups with their index. Built anew when a group changes: that costs microseconds a group.
#[derive(Clone, Debug)]
pub struct Groups<K> {
    targets: Vec<(K, Target)>,
    grains: Index,
    pillar: Index,
}

/// A membership that is not what it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change<'a, K> {
    /// The group.
    pub group: &'a K,
    /// What was said of the minion; `No` when it was not there.
    pub before: Match,
    /// What is said now; `No` when it is gone.
    pub after: Match,
}

/// Groups (by place) that look at some part of what is known of a minion.
#[derive(Clone, Debug, Default)]
struct Index {
    by_key: HashMap<String, Vec<usize>>,
    /// Those that look at every key.
    all: Vec<usize>,
    /// Those that look at any.
    any: Vec<usize>,
}

impl<K> Groups<K> {
    /// Indexes groups, each under a name of the caller's.
    pub fn new(groups: impl IntoIterator<Item = (K, Target)>) -> Self {
        let targets: Vec<(K, Target)> = groups.into_iter().collect();
        let (mut grains, mut pillar) = (Index::default(), Index::default());
        for (place, (_, target)) in targets.iter().enumerate() {
            let looks = target.looks();
            grains.add(place, &looks.grains);
            pillar.add(place, &looks.pillar);
        }
        Self { targets, grains, pillar }
    }

    /// Number of groups.
    pub fn len(&self) -> usize {
        self.targets.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.targets.is_empty()
    }

    /// All groups with what is said of `minion`, in the order given.
    pub fn verdicts<'a>(&'a self, minion: &'a Minion<'_>) -> impl Iterator<Item = (&'a K, Match)> {
        self.targets.iter().map(|(group, target)| (group, target.matches(minion)))
    }

    /// Memberships that differ between two states of one minion; none: it is not there.
    pub fn changes(&self, before: Option<&Minion<'_>>, after: Option<&Minion<'_>>) -> Vec<Change<'_, K>> {
        let places = match (before, after) {
            (Some(before), Some(after)) if before.id == after.id => self.touched(before, after),
            (None, None) => Vec::new(),
            _ => (0..self.targets.len()).collect(),
        };
        let verdict = |target: &Target, minion: Option<&Minion<'_>>| {
            minion.map_or(Match::No, |minion| target.matches(minion))
        };
        places
            .into_iter()
            .filter_map(|place| {
                let (group, target) = self.targets.get(place)?;
                let (before, after) = (verdict(target, before), verdict(target, after));
                (before != after).then_some(Change { group, before, after })
            })
            .collect()
    }

    /// Places of the groups that a change of this minion may concern, in order.
    fn touched(&self, before: &Minion<'_>, after: &Minion<'_>) -> Vec<usize> {
        let mut places = Vec::new();
        self.grains.touched(before.grains, after.grains, &mut places);
        self.pillar.touched(before.pillar, after.pillar, &mut places);
        places.sort_unstable();
        places.dedup();
        places
    }
}

impl Index {
    fn add(&mut self, place: usize, part: &Part) {
        if part.is_empty() {
            return;
        }
        self.any.push(place);
        if part.all {
            self.all.push(place);
        }
        for key in &part.keys {
            self.by_key.entry(key.clone()).or_default().push(place);
        }
    }

    fn touched(&self, before: Option<&Value>, after: Option<&Value>, places: &mut Vec<usize>) {
        let (Some(before), Some(after)) = (before, after) else {
            if before.is_some() || after.is_some() {
                places.extend(&self.any);
            }
            return;
        };
        let (Value::Object(before), Value::Object(after)) = (before, after) else {
            places.extend(&self.any);
            return;
        };
        let mut changed = false;
        for key in changed_keys(before, after) {
            changed = true;
            places.extend(self.by_key.get(key).into_iter().flatten());
        }
        if changed {
            places.extend(&self.all);
        }
    }
}

/// Keys that are only in one of two maps, or have another value in each.
fn changed_keys<'a>(
    before: &'a Map<String, Value>,
    after: &'a Map<String, Value>,
) -> impl Iterator<Item = &'a String> {
    let gone_or_other = before.iter().filter(|(key, value)| after.get(*key) != Some(*value));
    let new = after.iter().filter(|(key, _)| !before.contains_key(*key));
    gone_or_other.chain(new).map(|(key, _)| key)
}
