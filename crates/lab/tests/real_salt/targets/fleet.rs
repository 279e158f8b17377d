//! Minions as no sane fleet has them: hostile ids, grains and pillars.

use raas_target::Minion;
use serde_json::{Map, Value, json};

use super::dice::Dice;

/// All that there is to know of a minion.
#[derive(Clone, Debug)]
pub(super) struct Known {
    pub(super) id: String,
    pub(super) grains: Value,
    pub(super) pillar: Value,
}

pub(super) const KEYS: [&str; 20] = [
    "os", "roles", "net", "eth0", "a:b", "*", "", "0", "1", "-1", "ünï", "A|B", "x y", " os", "OS", "mtu",
    "None", "True", "[a]", "ipv4",
];
const TEXTS: [&str; 30] = [
    "Debian",
    "debian",
    "RedHat",
    "",
    "*",
    "a",
    "b",
    "a:b",
    "b:c:d",
    "Zürich",
    "ZÜRICH",
    "straße",
    "ΣΑΣ",
    "İ",
    "ſ",
    "True",
    "None",
    "1",
    "1500",
    "[a]",
    "a\nb",
    "line\n",
    "'q'",
    "\"d\"",
    "x y",
    "\u{1f600}",
    "\u{7f}\u{200b}",
    "e\u{301}",
    "²٣",
    "10.0.0.1",
];
const ADDRESSES: [&str; 14] = [
    "10.0.0.1",
    "10.1.2.3",
    "127.0.0.1",
    "192.168.1.255",
    "0.0.0.0",
    "255.255.255.255",
    "::1",
    "fd00::5",
    "fe80::1%eth0",
    "fe80::1",
    "::ffff:1.2.3.4",
    "::ffff:102:304",
    "2001:db8::1:0:0:1",
    "FD00::5",
];

/// `count` minions; the first ones have ids that break things.
pub(super) fn fleet(dice: &mut Dice, count: usize) -> Vec<Known> {
    let long = "x".repeat(180) + "-long";
    let odd = [
        "web1",
        "web2.example.com",
        "WEB1",
        "db-1",
        "Zürich-1",
        "a,b",
        "my host",
        "(paren)",
        "web3\n",
        "[a]",
        "*",
        "and",
        "G@x",
        "e\u{301}",
        "²",
        "ſ",
        &long,
        "web1,",
        "-",
        "N@web",
    ];
    let mut fleet = Vec::new();
    for number in 0..count {
        let id = odd.get(number).map_or_else(|| format!("m{number}"), ToString::to_string);
        fleet.push(Known { id, grains: top(dice), pillar: top(dice) });
    }
    fleet
}

impl Known {
    pub(super) fn minion(&self) -> Minion<'_> {
        Minion::new(&self.id).with_grains(&self.grains).with_pillar(&self.pillar)
    }
}

/// The same, without commas in its id, and with addresses only where they belong.
pub(super) fn tame(mut known: Known) -> Known {
    known.id = known.id.replace(',', "_");
    for proto in ["ipv4", "ipv6"] {
        if let Some(held) = known.grains.get_mut(proto) {
            let all = held.as_array().cloned().unwrap_or_default();
            *held = all.into_iter().filter(|member| ADDRESSES.iter().any(|one| member == one)).collect();
        }
    }
    known
}

fn top(dice: &mut Dice) -> Value {
    let mut map = Map::new();
    for _ in 0..dice.throw(9) {
        let key = dice.of(&KEYS);
        map.insert(key.to_owned(), value(dice, 3));
    }
    for proto in ["ipv4", "ipv6"] {
        if !dice.one_in(4) {
            map.insert(proto.to_owned(), addresses(dice));
        }
    }
    Value::Object(map)
}

fn addresses(dice: &mut Dice) -> Value {
    if dice.one_in(12) {
        return value(dice, 1);
    }
    let mut list: Vec<Value> = (0..dice.throw(4)).map(|_| json!(dice.of(&ADDRESSES))).collect();
    if dice.one_in(10) {
        let garbage =
            dice.of(&[json!("garbage"), json!(167_772_161), json!(null), json!(true), json!({}), json!(-1)]);
        list.push(garbage);
    }
    Value::Array(list)
}

pub(super) fn value(dice: &mut Dice, depth: usize) -> Value {
    match dice.throw(if depth == 0 { 7 } else { 11 }) {
        0..=3 => json!(dice.of(&TEXTS)),
        4 => dice.of(&[json!(0), json!(1), json!(-1), json!(1500), json!(i64::MAX), json!(u64::MAX)]),
        5 => dice.of(&[
            json!(1.5),
            json!(1e-7),
            json!(0.1),
            json!(-0.0),
            json!(2.0),
            json!(1e17),
            json!(1e300),
        ]),
        6 => dice.of(&[json!(true), json!(false), json!(null)]),
        7 | 8 => Value::Array((0..dice.throw(4)).map(|_| value(dice, depth - 1)).collect()),
        _ => {
            let mut map = Map::new();
            for _ in 0..dice.throw(4) {
                let key = dice.of(&KEYS);
                map.insert(key.to_owned(), value(dice, depth - 1));
            }
            Value::Object(map)
        }
    }
}

/// A path into `data`, its components and the value at its end as text.
pub(super) fn path(dice: &mut Dice, data: &Value) -> Vec<String> {
    let mut components = Vec::new();
    let mut at = data;
    loop {
        match at {
            Value::Object(map) if !map.is_empty() => {
                let (key, value) = map.iter().nth(dice.throw(map.len())).unwrap();
                components.push(key.clone());
                at = value;
            }
            Value::Array(members) if !members.is_empty() => {
                let place = dice.throw(members.len());
                if dice.one_in(2) {
                    components.push(place.to_string());
                }
                at = &members[place];
            }
            Value::String(text) => {
                components.push(text.clone());
                return components;
            }
            other => {
                components.push(match other {
                    Value::Null => "None".to_owned(),
                    Value::Bool(true) => "True".to_owned(),
                    Value::Bool(false) => "False".to_owned(),
                    other => other.to_string(),
                });
                return components;
            }
        }
        if dice.one_in(5) && components.len() > 1 {
            return components;
        }
    }
}
