//! Who matches.

use proptest::prelude::*;
use raas_target::{Match, Minion, Target, TargetInput};
use serde_json::json;

use super::{grains, parsed, verdict};

#[test]
fn ids_and_grains_match_as_salt_does() {
    for (expression, tgt_type, expected) in [
        ("*", "glob", true),
        ("web[1-3]", "glob", true),
        ("web", "glob", false),
        ("web", "pcre", true),
        ("web$", "pcre", false),
        ("(?=web).*", "pcre", true),
        ("db1,web1", "list", true),
        ("db1, web1", "list", true),
        ("os:debian", "grain", true),
        ("os:Deb*", "grain", true),
        ("os:RedHat", "grain", false),
        ("roles:edge", "grain", true),
        ("roles:-1:edge", "grain", true),
        ("roles:-1:web", "grain", false),
        ("num:3", "grain", true),
        ("float:1.5", "grain", true),
        ("lean:True", "grain", true),
        ("none:None", "grain", true),
        ("net:eth0:mtu:1500", "grain", true),
        ("net:eth0:mtu", "grain", true),
        ("net:*:mtu", "grain", true),
        ("*:eth0", "grain", true),
        ("disks:name:sdb", "grain", true),
        ("disks:0:name:sda", "grain", true),
        ("disks:-1:name:sdb", "grain", true),
        ("matrix:*'a', 'b'*", "grain", true),
        ("city:zürich", "grain", true),
        (" os:Debian", "grain", true),
        ("empty:*", "grain", false),
        ("nope:x", "grain", false),
        ("os:(Debian|Ubuntu)", "grain_pcre", true),
        (r"os:\S+$", "grain_pcre", false),
    ] {
        assert_eq!(verdict(expression, tgt_type), Match::from(expected), "{tgt_type} {expression}");
    }
}

#[test]
fn pillar_and_networks_match_as_salt_does() {
    for (expression, tgt_type, expected) in [
        ("role:d?", "pillar", true),
        ("role:d?", "pillar_exact", false),
        ("role:DB", "pillar_exact", true),
        ("users:a..:shell:sh", "pillar_pcre", false),
        ("users:a..", "pillar_pcre", true),
        ("10.0.0.0/8", "ipcidr", true),
        ("10.0.0.0/255.0.0.0", "ipcidr", true),
        ("10.1.2.3", "ipcidr", true),
        ("192.168.0.0/16", "ipcidr", false),
        ("fd00::/8", "ipcidr", true),
        ("FD00:0::5", "ipcidr", true),
        ("fe80::/10", "ipcidr", true),
    ] {
        assert_eq!(verdict(expression, tgt_type), Match::from(expected), "{tgt_type} {expression}");
    }
}

#[test]
fn compound_targets_combine_with_the_usual_precedence() {
    for (expression, expected) in [
        ("web* and G@os:Debian", true),
        ("not web*", false),
        ("db* or web* and G@os:RedHat", false),
        ("( db* or web* ) and G@os:Debian", true),
        ("web* not db*", true),
        ("not db* or db*", true),
        ("not ( db* or web* ) or web*", true),
        ("G|@net|eth0|mtu|1500", true),
        ("S@10.0.0.0/8 and E@web[0-9]+", true),
        ("I@role:db and J@role:(db|web)", true),
        ("L@db1,web1 and not P@os:(red|suse).*", true),
    ] {
        assert_eq!(verdict(expression, "compound"), Match::from(expected), "{expression}");
    }
    let words = ["G@city:Zürich", "and", "web*"].map(str::to_owned);
    let target = Target::parse(TargetInput::List(&words), "compound").unwrap();
    assert_eq!(target.matches_grains("web1", Some(&grains())), Match::Yes);
}

#[test]
fn what_is_not_known_leaves_the_answer_open_where_it_matters() {
    for (expression, expected) in [
        ("I@role:x and db*", Match::No),
        ("I@role:x and web*", Match::Unknown),
        ("I@role:x or web*", Match::Yes),
        ("not I@role:x", Match::Unknown),
        ("R@%web and db*", Match::No),
        // A minion without the range module gives up on the whole expression.
        ("R@%web or web*", Match::Unknown),
        ("E@w(?i)eb or web*", Match::Unknown),
        ("P@os:d(?i)eb or web*", Match::Yes),
    ] {
        let target = parsed(expression, "compound");
        assert_eq!(target.matches_grains("web1", Some(&grains())), expected, "{expression}");
    }
    let os = parsed("os:Debian", "grain");
    assert!(os.needs_grains() && !os.needs_pillar());
    assert_eq!(os.matches(&Minion::new("web1")), Match::Unknown);
    let several = parsed("gpus:*x*y*", "grain");
    assert_eq!(
        several.matches_grains("web1", Some(&grains())),
        Match::Unknown,
        "the order of keys is not kept"
    );
}

#[test]
fn what_is_left_to_salt_is_said() {
    let said = |expression: &str, tgt_type: &str| parsed(expression, tgt_type).left_to_salt();
    assert!(said("web*", "glob").is_empty());
    assert!(said("os:x", "grain").is_empty());
    assert!(said("%web", "range")[0].contains("range server"));
    assert!(said("R@%web or R@%db", "compound").len() == 1);
    assert!(said("a*+", "pcre")[0].contains("possessive"));
    assert_eq!(verdict("w*+", "pcre"), Match::Unknown);
}

#[test]
fn an_address_that_is_none_ends_the_whole_expression_as_in_salt() {
    let grains = json!({"ipv4": ["not an address", "10.0.0.1"]});
    let target = parsed("S@10.0.0.0/8 or *", "compound");
    assert_eq!(target.matches_grains("web1", Some(&grains)), Match::No);
}

#[test]
fn hostile_grains_end_in_bounded_time() {
    let mut deep = json!("x");
    for _ in 0..12 {
        deep = json!({"a": deep.clone(), "b": deep});
    }
    let target = parsed(&("*:".repeat(30) + "nothing"), "grain");
    assert_eq!(target.matches_grains("web1", Some(&json!({"d": deep}))), Match::Unknown);
}

proptest! {
    #[test]
    fn no_expression_panics(
        text in "[\\PC GPIJLNSER@:|()\\[\\]{}?*+^$.,\\\\a-c0-3-]{0,40}",
        tgt_type in prop::sample::select(vec![
            "glob", "pcre", "list", "grain", "grain_pcre", "ipcidr", "compound", "pillar_exact", "range", "nodegroup",
        ]),
    ) {
        if let Ok(target) = Target::parse(TargetInput::Text(&text), tgt_type) {
            let _ = target.matches_grains("web1", Some(&grains()));
            let _ = target.left_to_salt();
        }
    }
}
