//! Minions against groups: in memory, each minion's grains parsed once. What is written is the difference to what is kept.

use std::{collections::HashMap, sync::Arc};

use raas_db::{
    DbError,
    target_member::{Changes, Groups, Minion, Of},
};
use raas_target::{Match, Target};
use serde_json::Value;

use super::groups::Group;

/// Whether one of these groups needs grains.
pub(super) fn need_grains(groups: &[Arc<Group>]) -> bool {
    groups.iter().any(|group| group.target.needs_grains())
}

/// What is to be written so that `kept` becomes what these groups mean of these minions, off the async threads.
pub(super) async fn differences(
    groups: Vec<Arc<Group>>,
    minions: Vec<Minion>,
    kept: Of,
) -> Result<Changes, DbError> {
    let work = tokio::task::spawn_blocking(move || changes(meant(&groups, minions), kept)).await;
    work.map_err(|error| DbError::unavailable(error.to_string()))
}

/// Whom the groups mean, of these minions. Every minion is there, also where no group means it.
pub(super) fn meant(groups: &[Arc<Group>], minions: Vec<Minion>) -> Of {
    let mut by_cluster: HashMap<String, Vec<(i32, &Target)>> = HashMap::new();
    let mut meant = Of::new();
    for minion in minions {
        let in_cluster = || in_cluster(groups, &minion.cluster_id);
        let of_it = by_cluster.entry(minion.cluster_id.clone()).or_insert_with(in_cluster);
        let grains: Option<Value> = minion.grains.as_deref().and_then(|text| serde_json::from_str(text).ok());
        let verdict = |&(number, target): &(i32, &Target)| {
            match target.matches_grains(&minion.minion_id, grains.as_ref()) {
                Match::Yes => Some((number, true)),
                // Of minions without grains nothing unsure is kept.
                Match::Unknown => minion.told.then_some((number, false)),
                Match::No => None,
            }
        };
        let groups: Groups = of_it.iter().filter_map(verdict).collect();
        meant.insert((minion.cluster_id, minion.minion_id), groups);
    }
    meant
}

/// The groups that say something of this cluster's minions.
fn in_cluster<'g>(groups: &'g [Arc<Group>], cluster_id: &str) -> Vec<(i32, &'g Target)> {
    groups.iter().filter_map(|group| Some((group.number, group.target.in_cluster(cluster_id)?))).collect()
}

fn changes(meant: Of, mut kept: Of) -> Changes {
    let mut changes = Changes::default();
    for ((cluster, minion), wanted) in meant {
        let mut have = kept.remove(&(cluster.clone(), minion.clone())).unwrap_or_default();
        for (number, sure) in wanted {
            match have.remove(&number) {
                Some(before) if before == sure => continue,
                Some(_) => changes.gone.push((number, cluster.clone(), minion.clone())),
                None => {}
            }
            changes.new.push((number, cluster.clone(), minion.clone(), sure));
        }
        changes.gone.extend(have.into_keys().map(|number| (number, cluster.clone(), minion.clone())));
    }
    for ((cluster, minion), have) in kept {
        changes.gone.extend(have.into_keys().map(|number| (number, cluster.clone(), minion.clone())));
    }
    // In the order of the key, which is the order of its pages.
    changes.new.sort_unstable();
    changes
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeMap, sync::Arc};

    use raas_db::target_member::{Changes, Minion, Of};
    use serde_json::{Value, json};

    use super::{Group, changes, meant};
    use crate::rpc::{Parsed, SavedGroups};

    fn group(number: i32, tgt: &Value) -> Arc<Group> {
        let target = Parsed::stored(&tgt.to_string(), &SavedGroups::default()).unwrap();
        Arc::new(Group { number, version: 1, target })
    }

    fn minion(id: &str, grains: Option<&Value>) -> Minion {
        Minion {
            cluster_id: "eu".to_owned(),
            minion_id: id.to_owned(),
            told: grains.is_some(),
            grains: grains.map(ToString::to_string),
        }
    }

    fn of(all: &[(&str, &[(i32, bool)])]) -> Of {
        let one = |(id, groups): &(&str, &[(i32, bool)])| {
            (("eu".to_owned(), (*id).to_owned()), groups.iter().copied().collect::<BTreeMap<_, _>>())
        };
        all.iter().map(one).collect()
    }

    #[test]
    fn what_only_a_master_can_tell_is_kept_of_minions_with_grains_only() {
        let groups = [
            group(1, &json!({"*": {"tgt": "w*"}})),
            group(2, &json!({"eu": {"tgt": "os:Debian", "tgt_type": "grain"}})),
            group(3, &json!({"*": {"tgt": "role:web", "tgt_type": "pillar"}})),
            group(4, &json!({"us": {"tgt": "*"}})),
        ];
        let debian = json!({"os": "Debian"});
        let minions = vec![minion("w1", Some(&debian)), minion("w2", None), minion("db", None)];
        let expected = of(&[("w1", &[(1, true), (2, true), (3, false)]), ("w2", &[(1, true)]), ("db", &[])]);
        assert_eq!(meant(&groups, minions), expected);
    }

    #[test]
    fn only_differences_are_written() {
        let meant = of(&[("a", &[(1, true), (2, false), (3, true)]), ("b", &[])]);
        let kept =
            of(&[("a", &[(1, true), (2, true), (4, true)]), ("b", &[(1, false)]), ("c", &[(9, true)])]);
        let row = |number, id: &str| (number, "eu".to_owned(), id.to_owned());
        let expected = Changes {
            gone: vec![row(2, "a"), row(4, "a"), row(1, "b"), row(9, "c")],
            new: vec![
                (2, "eu".to_owned(), "a".to_owned(), false),
                (3, "eu".to_owned(), "a".to_owned(), true),
            ],
        };
        assert_eq!(changes(meant.clone(), kept), expected);
        assert_eq!(changes(meant.clone(), meant), Changes::default());
    }
}
