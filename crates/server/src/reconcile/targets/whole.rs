//! Groups resolved as a whole: all minions, a part of them in each transaction, against some groups.

use std::{collections::HashMap, sync::Arc};

use raas_db::{
    DbError, Session,
    target_group::{self, Version},
    target_member,
};

use super::{groups::Group, matching};

/// Groups that are being resolved, and how far that is.
#[derive(Debug)]
pub(super) struct Whole {
    groups: Vec<Arc<Group>>,
    /// The last minion that was matched, as (cluster, minion).
    after: (String, String),
}

impl Whole {
    /// From the first minion on; none: there is nothing to resolve.
    pub(super) fn begin(groups: Vec<Arc<Group>>) -> Option<Self> {
        if groups.is_empty() {
            return None;
        }
        tracing::debug!(groups = groups.len(), "target groups are resolved as a whole");
        Some(Self { groups, after: (String::new(), String::new()) })
    }

    pub(super) fn len(&self) -> usize {
        self.groups.len()
    }

    /// Leaves out what changed or is gone: it begins anew with the next ones.
    pub(super) fn keep(&mut self, versions: &[Version]) {
        let versions: HashMap<i32, i64> = versions.iter().map(|one| (one.number, one.version)).collect();
        self.groups.retain(|group| versions.get(&group.number) == Some(&group.version));
    }

    /// Matches the next minions. True: these were the last ones.
    pub(super) async fn pass(&mut self, tx: &impl Session, most: i64) -> Result<bool, DbError> {
        if self.groups.is_empty() {
            return Ok(true);
        }
        let after = (self.after.0.as_str(), self.after.1.as_str());
        let with_grains = matching::need_grains(&self.groups);
        let minions = target_member::minions_after(tx, after, with_grains, most).await?;
        let Some(last) = minions.last().map(|one| (one.cluster_id.clone(), one.minion_id.clone())) else {
            let done: Vec<(i32, i64)> = self.groups.iter().map(|g| (g.number, g.version)).collect();
            target_group::set_resolved(tx, &done).await?;
            return Ok(true);
        };
        let numbers: Vec<i32> = self.groups.iter().map(|group| group.number).collect();
        let kept = target_member::between(tx, &numbers, after, (&last.0, &last.1)).await?;
        let changes = matching::differences(self.groups.clone(), minions, kept).await?;
        target_member::write(tx, &changes).await?;
        self.after = last;
        Ok(false)
    }
}
