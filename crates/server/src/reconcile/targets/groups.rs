//! Every saved group, parsed once and kept as long as it does not change.

use std::{collections::HashMap, sync::Arc};

use raas_db::{
    DbError, Session,
    target_group::{self, Kept, Version},
};

use crate::rpc::{Parsed, SavedGroups};

/// A group that can be matched.
#[derive(Debug)]
pub(super) struct Group {
    pub(super) number: i32,
    pub(super) version: i64,
    pub(super) target: Parsed,
}

/// All groups by their numbers, each with its version; none: it cannot be read (a group that it names is gone).
#[derive(Debug, Default)]
pub(super) struct Groups(HashMap<i32, (i64, Option<Arc<Group>>)>);

impl Groups {
    /// Parses what is new or changed, and forgets what is gone.
    pub(super) async fn refresh(&mut self, tx: &impl Session, versions: &[Version]) -> Result<(), DbError> {
        let same = |one: &Version| self.0.get(&one.number).is_some_and(|known| known.0 == one.version);
        if versions.len() == self.0.len() && versions.iter().all(same) {
            return Ok(());
        }
        let all = target_group::kept(tx).await?;
        let mut before = std::mem::take(&mut self.0);
        let mut groups = None;
        for one in &all {
            let known = before.remove(&one.number).filter(|known| known.0 == one.version);
            let known = known.unwrap_or_else(|| {
                let every = || SavedGroups::every(all.iter().map(|g| (g.name.as_str(), g.tgt.as_str())));
                (one.version, parsed(one, groups.get_or_insert_with(every)))
            });
            self.0.insert(one.number, known);
        }
        Ok(())
    }

    /// All that can be matched.
    pub(super) fn all(&self) -> Vec<Arc<Group>> {
        self.0.values().filter_map(|(_, group)| group.clone()).collect()
    }

    /// Those of which not all members are kept.
    pub(super) fn unresolved(&self, versions: &[Version]) -> Vec<Arc<Group>> {
        let find = |one: &Version| {
            let (version, group) = self.0.get(&one.number)?;
            // One that changed after its version was looked at comes with the next look.
            group.clone().filter(|_| *version == one.version && !one.resolved)
        };
        versions.iter().filter_map(find).collect()
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }
}

fn parsed(one: &Kept, groups: &SavedGroups) -> Option<Arc<Group>> {
    let target = Parsed::stored(&one.tgt, groups)?;
    Some(Arc::new(Group { number: one.number, version: one.version, target }))
}
