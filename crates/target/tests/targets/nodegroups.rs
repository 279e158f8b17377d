//! Saved target groups, alone and inside compound targets.

use raas_target::{Match, Minion, Nodegroup, Nodegroups, Target, TargetError, TargetInput, Tgt};
use serde_json::json;

fn groups() -> Nodegroups {
    [
        ("web", "web* or www*", "compound"),
        ("debian", "os:Debian", "grain"),
        ("both", "N@web and N@debian", "compound"),
        ("alias", "both", "nodegroup"),
        ("listed", "web1, db1", "list"),
        ("regex", "web[0-9]+", "pcre"),
        ("exact", "role:db", "pillar_exact"),
        ("spaced", "os:Red Hat", "grain"),
        ("at", "@a:b", "grain"),
        ("self", "N@self or web*", "compound"),
        ("chicken", "N@egg", "compound"),
        ("egg", "chicken", "nodegroup"),
        ("broken", "web* and", "compound"),
    ]
    .into_iter()
    .map(|(name, tgt, tgt_type)| (name.to_owned(), Nodegroup::new(tgt, tgt_type)))
    .collect()
}

fn read(text: &str, tgt_type: &str) -> Result<Target, TargetError> {
    Target::parse_with(TargetInput::Text(text), tgt_type, &groups())
}

fn of_web1(target: &Target) -> Match {
    target.matches(&Minion::new("web1").with_grains(&json!({"os": "Debian"})))
}

#[test]
fn groups_match_and_are_published_written_out() {
    for (text, tgt_type, published, published_type, expected) in [
        ("web", "nodegroup", "web* or www*", "compound", true),
        ("debian", "nodegroup", "os:Debian", "grain", true),
        ("alias", "nodegroup", "( web* or www* ) and ( G@os:Debian )", "compound", true),
        // Pasted without parentheses, as Salt does, it would mean ( not web* ) or www*.
        ("not N@web", "compound", "not ( web* or www* )", "compound", false),
        ("N@listed and N@regex", "compound", "( L@web1,db1 ) and ( E@web[0-9]+ )", "compound", true),
        ("N@at or db*", "compound", "( G:@@a:b ) or db*", "compound", false),
    ] {
        let target = read(text, tgt_type).unwrap();
        assert_eq!(target.published().tgt, Tgt::Text(published.to_owned()), "{text}");
        assert_eq!(target.published().tgt_type, published_type, "{text}");
        assert_eq!(of_web1(&target), Match::from(expected), "{text}");
    }
}

#[test]
fn what_is_published_means_the_same_when_read_again() {
    for text in ["N@alias or N@at", "not N@web and N@listed", "N@spaced or N@regex"] {
        let target = read(text, "compound").unwrap();
        let again = match &target.published().tgt {
            Tgt::Text(text) => Target::parse(TargetInput::Text(text), "compound"),
            Tgt::List(words) => Target::parse(TargetInput::List(words), "compound"),
        };
        assert_eq!(of_web1(&again.unwrap()), of_web1(&target), "{text}");
    }
    let spaced = read("N@spaced or web*", "compound").unwrap();
    let words = ["(", "G@os:Red Hat", ")", "or", "web*"].map(str::to_owned).to_vec();
    assert_eq!(spaced.published().tgt, Tgt::List(words));
}

#[test]
fn groups_that_cannot_be_written_out_are_refused() {
    for (text, tgt_type, said) in [
        ("self", "nodegroup", "nodegroup \"self\" contains itself, through self → self"),
        ("N@chicken", "compound", "through chicken → egg → chicken"),
        ("N@nobody", "compound", "nodegroup \"nobody\" is not known"),
        ("N@exact", "compound", "\"pillar_exact\" that no compound target can hold"),
        (
            "N@broken or web*",
            "compound",
            "nodegroup \"broken\": compound target \"web* and\": at character 9",
        ),
    ] {
        let sentence = read(text, tgt_type).unwrap_err().to_string();
        assert!(sentence.contains(said), "{text}: {sentence}");
    }
}

#[test]
fn groups_that_double_each_other_are_bounded() {
    let mut groups = Nodegroups::new();
    groups.insert("g0".to_owned(), Nodegroup::new("web*", "glob"));
    for level in 1..16 {
        let twice = format!("N@g{0} or N@g{0}", level - 1);
        groups.insert(format!("g{level}"), Nodegroup::new(&twice, "compound"));
    }
    let error = Target::parse_with(TargetInput::Text("N@g15"), "compound", &groups).unwrap_err();
    assert!(error.to_string().contains("too large"), "{error}");
}
