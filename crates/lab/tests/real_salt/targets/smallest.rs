//! A difference, made as small as it gets, then told.

use raas_target::{Match, Published, Tgt};
use serde_json::Value;

use super::fleet::Known;
use super::salt::Salt;
use super::{differs, parse};

/// The smallest case that still differs, in words.
pub(super) fn told(salt: &mut Salt, known: &Known, given: &Published) -> String {
    let (mut known, mut given) = (known.clone(), given.clone());
    loop {
        let smaller = minions(&known).into_iter().map(|known| (known, given.clone()));
        let shorter = expressions(&given).into_iter().map(|given| (known.clone(), given));
        match smaller.chain(shorter).find(|(known, given)| said(salt, known, given).is_some()) {
            Some(found) => (known, given) = found,
            None => break,
        }
    }
    let said = said(salt, &known, &given);
    format!(
        "a difference; the smallest case:\n  target {:?} ({})\n  minion {:?}\n  grains {}\n  pillar {}\n  (ours, Salt's): {said:?}",
        given.tgt, given.tgt_type, known.id, known.grains, known.pillar
    )
}

/// What is said, when it differs.
fn said(salt: &mut Salt, known: &Known, given: &Published) -> Option<(Match, bool)> {
    let target = parse(given).ok()?;
    salt.fleet(std::slice::from_ref(known));
    let salts = !salt.minions_say(std::slice::from_ref(target.published()))[0].is_empty();
    let verdict = target.matches(&known.minion());
    differs(verdict, salts).then_some((verdict, salts))
}

fn minions(known: &Known) -> Vec<Known> {
    let grains = values(&known.grains).into_iter().map(|grains| Known { grains, ..known.clone() });
    let pillar = values(&known.pillar).into_iter().map(|pillar| Known { pillar, ..known.clone() });
    let id =
        shorter(&known.id).into_iter().filter(|id| !id.is_empty()).map(|id| Known { id, ..known.clone() });
    grains
        .chain(pillar)
        .chain(id)
        .filter(|known| known.grains.is_object() && known.pillar.is_object())
        .collect()
}

fn expressions(given: &Published) -> Vec<Published> {
    let of = |tgt| Published { tgt, tgt_type: given.tgt_type.clone() };
    match &given.tgt {
        Tgt::Text(text) => {
            let words: Vec<&str> = text.split(' ').collect();
            let fewer = (0..words.len()).map(|at| [&words[..at], &words[at + 1..]].concat().join(" "));
            fewer.chain(shorter(text)).map(|text| of(Tgt::Text(text))).collect()
        }
        Tgt::List(words) => {
            (0..words.len()).map(|at| of(Tgt::List([&words[..at], &words[at + 1..]].concat()))).collect()
        }
    }
}

/// One character less.
fn shorter(text: &str) -> Vec<String> {
    let chars: Vec<char> = text.chars().collect();
    (0..chars.len()).map(|at| chars[..at].iter().chain(&chars[at + 1..]).collect()).collect()
}

/// One member less, or one member smaller.
fn values(value: &Value) -> Vec<Value> {
    match value {
        Value::Object(map) => {
            let mut out = Vec::new();
            for (key, member) in map {
                let mut less = map.clone();
                less.remove(key);
                out.push(Value::Object(less));
                for member in values(member) {
                    let mut smaller = map.clone();
                    smaller.insert(key.clone(), member);
                    out.push(Value::Object(smaller));
                }
            }
            out
        }
        Value::Array(members) => {
            let mut out = Vec::new();
            for (at, member) in members.iter().enumerate() {
                out.push(Value::Array([&members[..at], &members[at + 1..]].concat()));
                for member in values(member) {
                    let mut smaller = members.clone();
                    smaller[at] = member;
                    out.push(Value::Array(smaller));
                }
            }
            out
        }
        Value::String(text) => shorter(text).into_iter().map(Value::String).collect(),
        _ => Vec::new(),
    }
}
