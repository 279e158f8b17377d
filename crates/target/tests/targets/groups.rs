//! Groups kept current by changes are what a full reckoning says.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use proptest::prelude::*;
use raas_target::{Groups, Match, Minion, Target, TargetInput};
use serde_json::{Map, Value, json};

/// What is known of one minion.
#[derive(Clone, Debug, PartialEq)]
struct Known {
    grains: Option<Value>,
    pillar: Option<Value>,
}

const TARGETS: [(&str, &str); 16] = [
    ("*", "glob"),
    ("m[0-2]", "glob"),
    ("m1|m3", "pcre"),
    ("m1,m2", "list"),
    ("os:a", "grain"),
    ("os:a*", "grain"),
    ("*:x", "grain"),
    ("net:eth0:b", "grain"),
    ("'os':a", "grain"),
    (" os:b", "grain"),
    ("os:(a|b)", "grain_pcre"),
    ("os:b", "pillar"),
    ("10.0.0.0/8", "ipcidr"),
    ("G@os:a and not I@os:b", "compound"),
    ("m1 or ( S@10.0.0.1 and G@net:a )", "compound"),
    ("not G@os:a", "compound"),
];

/// All of them, parsed once.
static GROUPS: LazyLock<Groups<usize>> = LazyLock::new(|| {
    let parsed = |&(text, tgt_type)| Target::parse(TargetInput::Text(text), tgt_type).unwrap();
    Groups::new(TARGETS.iter().map(parsed).enumerate())
});

fn known() -> impl Strategy<Value = Known> {
    let value = prop::sample::select(vec![
        json!("a"),
        json!("b"),
        json!("x"),
        json!(["a", "x"]),
        json!({"eth0": "b", "x": 1}),
        json!(["10.0.0.1"]),
    ]);
    let key = prop::sample::select(vec!["os", "net", "ipv4", "x", "other"]);
    let data = prop::collection::btree_map(key, value, 0..4)
        .prop_map(|map| map.into_iter().map(|(key, value)| (key.to_owned(), value)).collect::<Map<_, _>>());
    let data = prop::option::weighted(0.9, data.prop_map(Value::Object));
    (data.clone(), data).prop_map(|(grains, pillar)| Known { grains, pillar })
}

fn minion<'a>(id: &'a str, known: &'a Known) -> Minion<'a> {
    Minion { id, grains: known.grains.as_ref(), pillar: known.pillar.as_ref() }
}

/// Group, minion, and whether it surely is in it.
type Row = (usize, String, bool);

fn reckoned(groups: &Groups<usize>, fleet: &BTreeMap<String, Known>) -> BTreeSet<Row> {
    let mut members = BTreeSet::new();
    for (id, known) in fleet {
        for (group, verdict) in groups.verdicts(&minion(id, known)) {
            if verdict != Match::No {
                members.insert((*group, id.clone(), verdict == Match::Yes));
            }
        }
    }
    members
}

proptest! {
    #[test]
    fn changes_add_up_to_a_full_reckoning(
        steps in prop::collection::vec((0..5_u8, prop::option::weighted(0.8, known())), 1..30),
    ) {
        let groups = &*GROUPS;
        let (mut fleet, mut members) = (BTreeMap::new(), BTreeSet::new());
        for (number, now) in steps {
            let id = format!("m{number}");
            let was: Option<Known> = fleet.get(&id).cloned();
            let before = was.as_ref().map(|known| minion(&id, known));
            let after = now.as_ref().map(|known| minion(&id, known));
            for change in groups.changes(before.as_ref(), after.as_ref()) {
                let row = |verdict| (*change.group, id.clone(), verdict == Match::Yes);
                if change.before != Match::No {
                    prop_assert!(members.remove(&row(change.before)), "{:?}", change);
                }
                if change.after != Match::No {
                    prop_assert!(members.insert(row(change.after)), "{:?}", change);
                }
            }
            match now {
                Some(known) => fleet.insert(id, known),
                None => fleet.remove(&id),
            };
            prop_assert_eq!(&members, &reckoned(groups, &fleet));
        }
    }
}

#[test]
fn a_change_that_no_group_looks_at_changes_nothing() {
    let groups = Groups::new([(0, Target::parse(TargetInput::Text("os:a"), "grain").unwrap())]);
    let (before, after) = (json!({"os": "a", "uptime": 1}), json!({"os": "a", "uptime": 2}));
    let (before, after) = (Minion::new("m1").with_grains(&before), Minion::new("m1").with_grains(&after));
    assert_eq!(groups.changes(Some(&before), Some(&after)), vec![]);
}
