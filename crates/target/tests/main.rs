//! Target expressions, through the public door.
#![allow(missing_docs)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use proptest::prelude::*;
use raas_target::{Match, Target, TargetError, TargetInput};
use serde_json::{Value, json};

fn grains() -> Value {
    json!({
        "id": "web1", "os": "Debian", "num": 3, "lean": true, "none": null,
        "roles": ["web", "edge"], "ipv4": ["127.0.0.1", "10.1.2.3"], "ipv6": ["::1", "fd00::5"],
        "net": {"eth0": {"mtu": 1500, "ips": ["10.1.2.3"]}}, "a:b": "c", "disks": [{"name": "sda"}, {"name": "sdb"}]
    })
}

fn verdict(expression: &str, tgt_type: &str) -> Match {
    Target::parse(TargetInput::Text(expression), tgt_type).unwrap().matches("web1", Some(&grains()))
}

#[test]
fn every_type_matches_as_salt_does() {
    for (expression, tgt_type, expected) in [
        ("*", "glob", Match::Yes),
        ("web[1-3]", "glob", Match::Yes),
        ("web", "glob", Match::No),
        ("web", "pcre", Match::Yes),
        ("web$", "pcre", Match::No),
        ("(?=web).*", "pcre", Match::Unknown),
        ("db1,web1", "list", Match::Yes),
        ("os:debian", "grain", Match::Yes),
        ("os:Deb*", "grain", Match::Yes),
        ("os:RedHat", "grain", Match::No),
        ("roles:edge", "grain", Match::Yes),
        ("num:3", "grain", Match::Yes),
        ("lean:True", "grain", Match::Yes),
        ("net:eth0:mtu:1500", "grain", Match::Yes),
        ("net:eth0:mtu", "grain", Match::Yes),
        ("net:*:mtu", "grain", Match::Yes),
        ("disks:name:sdb", "grain", Match::Yes),
        ("disks:0:name:sda", "grain", Match::Yes),
        ("nope:x", "grain", Match::No),
        ("os:(Debian|Ubuntu)", "grain_pcre", Match::Yes),
        ("10.0.0.0/8", "ipcidr", Match::Yes),
        ("10.1.2.3", "ipcidr", Match::Yes),
        ("192.168.0.0/16", "ipcidr", Match::No),
        ("fd00::/8", "ipcidr", Match::Yes),
        ("x:y", "pillar", Match::Unknown),
    ] {
        assert_eq!(verdict(expression, tgt_type), expected, "{tgt_type} {expression}");
    }
}

#[test]
fn compound_targets_combine_with_the_usual_precedence() {
    for (expression, expected) in [
        ("web* and G@os:Debian", Match::Yes),
        ("not web*", Match::No),
        ("db* or web* and G@os:RedHat", Match::No),
        ("( db* or web* ) and G@os:Debian", Match::Yes),
        ("(db* or web*) and not L@db1,db2", Match::Yes),
        ("G|@net|eth0|mtu|1500", Match::Yes),
        ("S@10.0.0.0/8 and E@web[0-9]+", Match::Yes),
        ("I@role:x and db*", Match::No),
        ("I@role:x and web*", Match::Unknown),
        ("I@role:x or web*", Match::Yes),
        ("not I@role:x", Match::Unknown),
    ] {
        assert_eq!(verdict(expression, "compound"), expected, "{expression}");
    }
}

#[test]
fn grains_that_were_never_seen_leave_the_answer_open() {
    let target = Target::parse(TargetInput::Text("os:Debian"), "grain").unwrap();
    assert!(target.needs_grains());
    assert_eq!(target.matches("web1", None), Match::Unknown);
}

#[test]
fn what_is_no_target_is_refused_with_a_sentence() {
    let refused = |text: &str, tgt_type: &str| {
        Target::parse(TargetInput::Text(text), tgt_type).unwrap_err().to_string()
    };
    assert!(refused("*", "globb").contains("\"globb\" is not known"));
    assert!(refused("", "glob").contains("is empty"));
    assert!(refused("os", "grain").contains("expected grain:value"));
    assert!(refused("10.0.0.0/99", "ipcidr").contains("CIDR"));
    assert!(refused("web* and", "compound").contains("ends where a target was expected"));
    assert!(refused("( web*", "compound").contains("not closed"));
    assert!(refused("web* db*", "compound").contains("join with and/or"));
    assert_eq!(
        Target::parse(TargetInput::List(&["a".to_owned()]), "glob").unwrap_err(),
        TargetError::ArrayGiven("glob".to_owned())
    );
    let deep = "( ".repeat(10_000);
    assert!(refused(&deep, "compound").contains("nested too deeply"));
}

proptest! {
    #[test]
    fn no_expression_panics(text in "\\PC{0,40}", tgt_type in prop::sample::select(vec!["glob", "pcre", "list", "grain", "grain_pcre", "ipcidr", "compound"])) {
        if let Ok(target) = Target::parse(TargetInput::Text(&text), tgt_type) {
            let _ = target.matches("web1", Some(&grains()));
        }
    }
}
