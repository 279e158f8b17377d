//! `raas_target` beside Salt's own matchers: the same minions, the same expressions, no difference.
//!
//! `RAAS_LAB_TARGET_CASES` (1000 when it does not say) and `RAAS_LAB_SEED` (1) choose how many cases and which.

mod dice;
mod expressions;
mod fleet;
mod salt;
mod smallest;

use raas_target::{Match, Minion, Published, Target, TargetInput, Tgt};

use dice::Dice;
use fleet::Known;
use salt::Salt;

/// Minions of each fleet.
const MINIONS: usize = 28;
/// Cases on one fleet; then come other minions.
const ROUND: usize = 500;

/// Cases for the master, whose own matchers are slow.
const MASTERS_CASES: usize = 200;

/// What was seen.
#[derive(Debug, Default)]
struct Tally {
    cases: usize,
    verdicts: usize,
    matched: usize,
    open: usize,
    refused: usize,
    /// Refused, while Salt's minions take the nonsense for something; with what was said.
    taken_by_salt: usize,
    /// What differs, in words; the first ones as small as they get.
    differences: Vec<String>,
}

/// Most differences that are told.
const TOLD: usize = 8;

#[allow(
    clippy::disallowed_methods,
    reason = "a test binary's main is libtest's; its environment is read here"
)]
fn number(name: &str, default: u64) -> u64 {
    std::env::var(name)
        .ok()
        .map_or(default, |text| text.parse().unwrap_or_else(|e| panic!("{name}={text}: {e}")))
}

#[test]
fn targets_match_as_salts_own_matchers_do() {
    let venv = super::salt();
    let cases = usize::try_from(number("RAAS_LAB_TARGET_CASES", 1_000)).unwrap();
    let seed = number("RAAS_LAB_SEED", 1);
    let (mut salt, mut dice, mut tally) = (Salt::start(&venv), Dice::new(seed), Tally::default());
    while tally.cases < cases && tally.differences.len() < TOLD {
        let fleet = fleet::fleet(&mut dice, MINIONS);
        salt.fleet(&fleet);
        let given: Vec<Published> = (0..ROUND).map(|_| expressions::expression(&mut dice, &fleet)).collect();
        round(&mut salt, &fleet, &given, &mut tally);
    }
    assert!(
        tally.differences.is_empty(),
        "seed {seed}, {} cases:\n{}",
        tally.cases,
        tally.differences.join("\n")
    );
    println!("Salt {} seed {seed}: {tally:?}", venv.version());
    assert!(tally.matched > tally.verdicts / 50, "too few matches to prove anything: {tally:?}");
    assert!(tally.open < tally.verdicts / 20, "too much is left open: {tally:?}");
}

fn round(salt: &mut Salt, fleet: &[Known], given: &[Published], tally: &mut Tally) {
    let parsed: Vec<_> = given.iter().map(parse).collect();
    let published: Vec<Published> = given
        .iter()
        .zip(&parsed)
        .map(|(given, target)| {
            target.as_ref().map_or_else(|_| given.clone(), |target| target.published().clone())
        })
        .collect();
    let salts = salt.minions_say(&published);
    for ((given, target), salts) in given.iter().zip(&parsed).zip(&salts) {
        tally.cases += 1;
        match target {
            Ok(target) => compare(salt, fleet, (given, target), salts, tally),
            Err(error) => {
                tally.refused += 1;
                if !salts.is_empty() {
                    tally.taken_by_salt += 1;
                    if !refused_on_purpose(given, &error.to_string()) {
                        tally.differences.push(format!("{given:?} {error}: Salt takes it for {salts:?}"));
                    }
                }
            }
        }
    }
}

fn parse(given: &Published) -> Result<Target, raas_target::TargetError> {
    match &given.tgt {
        Tgt::Text(text) => Target::parse(TargetInput::Text(text), &given.tgt_type),
        Tgt::List(members) => Target::parse(TargetInput::List(members), &given.tgt_type),
    }
}

/// Salt's minions make something of these that nobody means: a wrong part of a compound target counts as "no", so that
/// `not` of it is everybody, and so do empty parentheses; a parenthesis or letter glued to a word makes an odd glob of
/// it; two targets in a row, the second in parentheses, is an error that Python only meets when it gets there; a reversed range is empty for some Pythons; what is no regular expression may still be a key, literally.
/// What is refused for how its words are joined must be nonsense for Salt too.
fn refused_on_purpose(given: &Published, said: &str) -> bool {
    let joined = ["found \"", "found the end, expected"];
    let odd_word = [
        "a parenthesis with spaces",
        "an IP address",
        "bits beyond",
        "a prefix length",
        "line breaks",
        "found \"(\"",
    ];
    match given.tgt_type.as_str() {
        "compound" => {
            !joined.iter().any(|found| said.contains(found))
                || odd_word.iter().any(|meant| said.contains(meant))
        }
        "grain_pcre" | "pillar_pcre" => true,
        "glob" => said.contains("the lower character first"),
        _ => said.contains("is empty"),
    }
}

fn compare(
    salt: &mut Salt,
    fleet: &[Known],
    (given, target): (&Published, &Target),
    salts: &[usize],
    tally: &mut Tally,
) {
    for (place, known) in fleet.iter().enumerate() {
        let salts = salts.contains(&place);
        tally.verdicts += 1;
        tally.matched += usize::from(salts);
        let verdict = target.matches(&known.minion());
        tally.open += usize::from(verdict == Match::Unknown);
        if differs(verdict, salts) {
            tally.differences.push(smallest::told(salt, known, given));
            salt.fleet(fleet);
            return;
        }
        // What is not known must not be guessed.
        let blind = [Minion { pillar: None, ..known.minion() }, Minion { grains: None, ..known.minion() }];
        for minion in blind {
            let verdict = target.matches(&minion);
            // A network beside what is known of the id: that an address is none (see Compound) cannot be known.
            let raises = minion.grains.is_none() && format!("{:?}", given.tgt).contains("S@");
            if !raises && differs(verdict, salts) {
                tally.differences.push(format!("{given:?} guessed {verdict:?} of {minion:?}; Salt: {salts}"));
            }
        }
    }
}

fn differs(verdict: Match, salts: bool) -> bool {
    verdict == Match::from(!salts)
}

/// The master only says whom it expects. Where it knows all grains and pillars it says the same, but for two things:
/// a network meets one grain that is no address, anywhere, and the master matches nobody; an id with commas is found in
/// a list by the minion only.
#[test]
fn masters_expect_whom_minions_say() {
    let venv = super::salt();
    let (mut salt, mut dice) = (Salt::start(&venv), Dice::new(number("RAAS_LAB_SEED", 1)));
    let fleet: Vec<Known> = fleet::fleet(&mut dice, MINIONS).into_iter().map(fleet::tame).collect();
    salt.fleet(&fleet);
    let given = (0..MASTERS_CASES).map(|_| expressions::expression(&mut dice, &fleet));
    let published: Vec<Published> =
        given.filter_map(|given| parse(&given).ok().map(|target| target.published().clone())).collect();
    let (minions, masters) = (salt.minions_say(&published), salt.master_says(&published));
    for ((case, minions), masters) in published.iter().zip(minions).zip(masters) {
        assert_eq!(masters, minions, "{case:?}");
    }
}
