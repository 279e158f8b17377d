//! Minions that are new, gone, or have other grains, against all groups; and groups that are gone. Also groups that are not
//! resolved yet: who resolves them may have passed the minion already.

use std::{collections::BTreeSet, sync::Arc};

use raas_db::{
    DbError, Session,
    target_member::{self, Of},
    target_todo::{self, Todo, What},
};

use super::{groups::Group, matching};

/// Works in a part of it. True: there was something.
pub(super) async fn pass(tx: &impl Session, groups: Vec<Arc<Group>>, most: i64) -> Result<bool, DbError> {
    let todo = target_todo::next(tx, most).await?;
    if todo.is_empty() {
        return Ok(false);
    }
    let part = Part::of(todo);
    if let Some(number) = part.group {
        target_member::forget(tx, number).await?;
    }
    work_in(tx, groups, &part.minions).await?;
    target_todo::done(tx, &part.done).await?;
    Ok(true)
}

/// What one transaction does of it.
#[derive(Debug, Default, PartialEq, Eq)]
struct Part {
    done: Vec<i64>,
    minions: BTreeSet<(String, String)>,
    /// One only: it may have as many members as there are minions.
    group: Option<i32>,
}

impl Part {
    fn of(todo: Vec<Todo>) -> Self {
        let mut part = Self::default();
        for Todo { n, what } in todo {
            match what {
                What::Minion(cluster, minion) => drop(part.minions.insert((cluster, minion))),
                What::Group(number) if part.group.is_none() => part.group = Some(number),
                What::Group(_) => continue,
            }
            part.done.push(n);
        }
        part
    }
}

/// Grains are read after the list of what changed: what changes from now on stands in that list again.
async fn work_in(
    tx: &impl Session,
    groups: Vec<Arc<Group>>,
    changed: &BTreeSet<(String, String)>,
) -> Result<(), DbError> {
    let (clusters, ids): (Vec<&str>, Vec<&str>) =
        changed.iter().map(|(cluster, minion)| (cluster.as_str(), minion.as_str())).unzip();
    let minions = target_member::minions(tx, (&clusters, &ids), matching::need_grains(&groups)).await?;
    let mut kept = target_member::of_minions(tx, (&clusters, &ids)).await?;
    let there = minions.iter().map(|one| (one.cluster_id.clone(), one.minion_id.clone())).collect();
    leave_others(&mut kept, &there, &groups);
    let changes = matching::differences(groups, minions, kept).await?;
    target_member::write(tx, &changes).await
}

/// What is kept of groups that cannot be read (now) is dealt with when they can; but of a minion that is gone nothing stays.
fn leave_others(kept: &mut Of, there: &BTreeSet<(String, String)>, groups: &[Arc<Group>]) {
    let numbers: BTreeSet<i32> = groups.iter().map(|group| group.number).collect();
    for (key, of_it) in kept.iter_mut() {
        if there.contains(key) {
            of_it.retain(|number, _| numbers.contains(number));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Part, Todo, What};

    #[test]
    fn a_minion_is_worked_in_once_and_of_groups_one_at_a_time() {
        let minion = |id: &str| What::Minion("eu".to_owned(), id.to_owned());
        let whats = [minion("a"), What::Group(1), minion("a"), What::Group(2), minion("b")];
        let todo = (1..).zip(whats).map(|(n, what)| Todo { n, what }).collect();
        let part = Part::of(todo);
        assert_eq!((part.done, part.group, part.minions.len()), (vec![1, 2, 3, 5], Some(1), 2));
    }
}
