//! What is no target is refused with a sentence: where, what stands there, what is expected.

use raas_target::{Target, TargetError, TargetInput};

fn refused(text: &str, tgt_type: &str) -> String {
    Target::parse(TargetInput::Text(text), tgt_type).unwrap_err().to_string()
}

#[test]
fn a_refusal_names_the_place_what_is_there_and_what_is_expected() {
    for (text, tgt_type, said) in [
        (
            "os",
            "grain",
            "grain target \"os\": at character 3: found the end, without a value, expected key:value",
        ),
        ("10.0.0.0/99", "ipcidr", "at character 10: found \"99\", expected a prefix length"),
        ("10.1.2.3/8", "ipcidr", "expected the network 10.0.0.0/8"),
        ("ten", "ipcidr", "found \"ten\", expected an IP address"),
        ("web[z-a]", "glob", "at character 5: found the range 'z' to 'a'"),
        ("web(1", "pcre", "at character 4: found a group that is never closed"),
        ("os:(Debian", "grain_pcre", "at character 4: found a group that is never closed"),
        ("web* and", "compound", "at character 9: found the end, expected a target"),
        ("( web*", "compound", "at character 7: found the end, expected a \")\" with spaces around it"),
        ("( web*", "compound", "for the \"(\" at character 1"),
        ("web* db*", "compound", "at character 6: found \"db*\", expected \"and\""),
        ("web* and and db*", "compound", "at character 10: found \"and\""),
        ("not not web*", "compound", "at character 5: found \"not\""),
        ("( ) or web*", "compound", "at character 1: found an empty pair of parentheses"),
        ("or web*", "compound", "at character 1: found \"or\", expected a target"),
        ("(web* or db*)", "compound", "at character 1: found \"(web*\", expected a parenthesis with spaces"),
        ("é* and X@a", "compound", "at character 8: found X@, expected one of G@ grain"),
        ("web* and L|@a", "compound", "at character 11: found '|' between L and @"),
        ("web* and E@a**", "compound", "at character 14: found a multiple repeat"),
        ("web* and G@os", "compound", "at character 14: found the end, without a value"),
    ] {
        let sentence = refused(text, tgt_type);
        assert!(sentence.contains(said), "{text}: {sentence}");
    }
}

#[test]
fn what_cannot_be_a_target_at_all_is_refused() {
    assert!(refused("*", "globb").contains("\"globb\" is not known; use glob, pcre"));
    assert!(refused(" ", "glob").contains("is empty"));
    assert!(refused("web", "nodegroup").contains("saved target groups"));
    assert!(refused("N@web", "compound").contains("nodegroup \"web\" is not known"));
    let one = ["a".to_owned()];
    assert_eq!(
        Target::parse(TargetInput::List(&one), "glob").unwrap_err(),
        TargetError::ArrayGiven("glob".to_owned())
    );
    assert_eq!(Target::parse(TargetInput::List(&[]), "list").unwrap_err(), TargetError::Empty);
}

#[test]
fn what_has_no_bounds_is_refused() {
    assert!(refused(&"( ".repeat(10_000), "compound").contains("parentheses more than 64 deep"));
    assert!(refused(&vec!["web*"; 10_001].join(" or "), "compound").contains("at most 10000"));
    assert!(refused(&vec!["a"; 40].join(":"), "grain").contains("at most 32"));
    let long = "x".repeat(1_000_000) + " and";
    assert!(refused(&long, "compound").len() < 500, "a message repeats no more than a line");
}
