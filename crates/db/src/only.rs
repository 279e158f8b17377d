//! A limit to some minions, as statements take it: pairs of cluster and minion side by side. Who is limited is the server's business.

use std::collections::BTreeSet;

/// The minions that a reader may see; by default all.
///
/// In a statement: `($n::text[] IS NULL OR (cluster_id, minion_id) IN (SELECT * FROM unnest($n::text[], $m::text[])))`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Only {
    /// Clusters of the minions; none: no limit.
    pub clusters: Option<Vec<String>>,
    /// The minions, each in the cluster of the same place.
    pub minions: Option<Vec<String>>,
}

impl Only {
    /// Exactly these.
    pub fn these(pairs: impl IntoIterator<Item = (String, String)>) -> Self {
        let (clusters, minions) = pairs.into_iter().unzip();
        Self { clusters: Some(clusters), minions: Some(minions) }
    }

    /// There is no limit.
    pub fn is_all(&self) -> bool {
        self.clusters.is_none()
    }

    /// Whether this minion is within.
    pub fn has(&self, cluster_id: &str, minion_id: &str) -> bool {
        self.is_all() || self.pairs().contains(&(cluster_id, minion_id))
    }

    /// What is within both.
    #[must_use]
    pub fn and(self, other: &Self) -> Self {
        if other.is_all() {
            return self;
        }
        if self.is_all() {
            return other.clone();
        }
        let (mine, others) = (self.pairs(), other.pairs());
        let both = mine.intersection(&others);
        Self::these(both.map(|(cluster, minion)| ((*cluster).to_owned(), (*minion).to_owned())))
    }

    /// The pairs of a limit.
    pub fn pairs(&self) -> BTreeSet<(&str, &str)> {
        let clusters = self.clusters.iter().flatten().map(String::as_str);
        clusters.zip(self.minions.iter().flatten().map(String::as_str)).collect()
    }
}
