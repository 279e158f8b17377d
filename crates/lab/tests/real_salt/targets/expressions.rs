//! Expressions: sensible ones made from what the fleet has, then bent, and some that are none.

use raas_target::{Published, Tgt};

use super::dice::Dice;
use super::fleet::{self, KEYS, Known};

/// One expression of a random type, as a user would give it.
pub(super) fn expression(dice: &mut Dice, fleet: &[Known]) -> Published {
    let known = &fleet[dice.throw(fleet.len())];
    let (tgt, tgt_type) = match dice.throw(14) {
        0 => (glob(dice, &known.id), "glob"),
        1 => (regex(dice, &known.id), "pcre"),
        2 => (list(dice, fleet), "list"),
        3 | 4 => (data(dice, known, ":", Value::Glob), "grain"),
        5 => (data(dice, known, ":", Value::Regex), "grain_pcre"),
        6 => (pillar(dice, known, Value::Glob), "pillar"),
        7 => (pillar(dice, known, Value::Glob), "pillar_exact"),
        8 => (pillar(dice, known, Value::Regex), "pillar_pcre"),
        9 => (network(dice), "ipcidr"),
        _ => return compound(dice, fleet),
    };
    Published { tgt: Tgt::Text(tgt), tgt_type: tgt_type.to_owned() }
}

#[derive(Clone, Copy)]
enum Value {
    Glob,
    Regex,
}

/// A text with some characters made patterns.
fn glob(dice: &mut Dice, text: &str) -> String {
    let mut out = String::new();
    for c in text.chars().take(40) {
        match dice.throw(16) {
            0 => out.push('?'),
            1 => {
                out.push('*');
                if dice.one_in(3) {
                    return out;
                }
            }
            2 => {
                let class = [
                    "[!x]", "[a-z]", "[a-c-e]", "[]]", "[!]a]", "[", "[-a]", "[^a]", "[0-9A-Z]", "[a&&b]",
                    "[\\]",
                ];
                out.push_str(dice.of(&class));
            }
            3 => out.extend(['[', c, ']']),
            4 => out.extend(c.to_uppercase()),
            5 => {}
            _ => out.push(c),
        }
    }
    if text.chars().count() > 40 || dice.one_in(6) {
        out.push('*');
    }
    out
}

/// Pieces of regular expressions; the last ten are wrong, or nearly.
const PIECES: &str = r". .* .+? \d \D \w+ \W \s \S* \b \B ^ $ \A \Z [a-z] [^a-z]+ [\w-] [^\W\d] [\s\S] []a] [^]]
    [a-] (a|b) (?:web|db) (?P<n>.)(?P=n) (.)\1 (?=w) (?!x) (?<=b) (?<!b) (?i:WEB) (?s:.) (?m:$) a{2} x{1,3} x{,2}
    x{2,} a{ { } ] \. \- \x41 \u00fc \101 \0 \n | () (?#c) x*? e?? \u00fc \u00b2
    (?i) (a ) * ++ \q [z-a] (?<n>a) (?P=n) {2}";
const WRONG: usize = 10;

/// A regular expression: a text with parts made patterns, or pieces in a row.
fn regex(dice: &mut Dice, text: &str) -> String {
    let pieces: Vec<&str> = PIECES.split_whitespace().collect();
    let mut out = String::new();
    if dice.one_in(3) {
        for _ in 0..=dice.throw(5) {
            out.push_str(dice.of(&pieces));
        }
        return out;
    }
    for c in text.chars().take(20) {
        match dice.throw(14) {
            0 => out.push_str(dice.of(&pieces[..pieces.len() - WRONG])),
            1 => out.push('.'),
            2 => out += &(escaped(c) + dice.of(&["+", "*", "?", "{1,2}", "+?"])),
            3 => out.extend(["[", &escaped(c), "x]"]),
            4 => return out + dice.of(&[".*", "$", "", r"\b", r"\Z"]),
            _ => out.push_str(&escaped(c)),
        }
    }
    out
}

fn escaped(c: char) -> String {
    if c.is_alphanumeric() || c == ' ' || c == ':' { c.to_string() } else { format!("\\{c}") }
}

fn list(dice: &mut Dice, fleet: &[Known]) -> String {
    let ids: Vec<String> = (0..=dice.throw(4)).map(|_| fleet[dice.throw(fleet.len())].id.clone()).collect();
    ids.join(dice.of(&[",", ",", ", "]))
}

/// A path into the minion's grains with a value, bent.
fn data(dice: &mut Dice, known: &Known, delimiter: &str, value: Value) -> String {
    bent_path(dice, &known.grains, delimiter, value)
}

fn pillar(dice: &mut Dice, known: &Known, value: Value) -> String {
    bent_path(dice, &known.pillar, ":", value)
}

fn bent_path(dice: &mut Dice, data: &serde_json::Value, delimiter: &str, value: Value) -> String {
    let mut components = fleet::path(dice, data);
    let last = components.pop().unwrap_or_default();
    for component in &mut components {
        match dice.throw(14) {
            0 => "*".clone_into(component),
            1 => *component = glob(dice, component),
            2 => dice.of(&KEYS).clone_into(component),
            3 => *component = format!(" {component}"),
            4 => dice
                .of(&["-1", "0", "+1", " 2", "'os'", "1_0", "٣", "#", "a: b", "[x]", "&a", "yes "])
                .clone_into(component),
            _ => {}
        }
    }
    if dice.one_in(8) {
        components.insert(dice.throw(components.len() + 1), "*".to_owned());
    }
    components.push(match value {
        Value::Glob if dice.one_in(3) => last,
        Value::Glob => glob(dice, &last),
        Value::Regex => regex(dice, &last),
    });
    components.join(delimiter)
}

fn network(dice: &mut Dice) -> String {
    dice.of(&[
        "10.0.0.0/8",
        "10.0.0.1",
        "10.0.0.0/255.0.0.0",
        "10.0.0.0/0.255.255.255",
        "10.1.2.3/8",
        "0.0.0.0/0",
        "::/0",
        "fd00::/8",
        "fd00::5",
        "FD00:0:0::5",
        "fe80::1%eth0",
        "fe80::1",
        "fe80::/10",
        "::ffff:1.2.3.4",
        "::ffff:0:0/96",
        "127.0.0.1/32",
        "10.0.0.0/08",
        "10.0.0.0/33",
        "010.0.0.1",
        "10.0.0",
        "::1",
        "2001:db8:0:0:1::1",
        "2001:db8::1:0:0:1",
        "1:2:3:4:5:6:7::",
        "10.0.0.0/",
        "/8",
        "x",
        "167772161",
        "192.168.1.0/24",
        "10.0.0.0/8 ",
    ])
    .to_owned()
}

/// Leaves joined, mostly well.
fn compound(dice: &mut Dice, fleet: &[Known]) -> Published {
    let mut words = Vec::new();
    tree(dice, fleet, 3, &mut words);
    if dice.one_in(12) {
        let noise = dice.of(&[
            "and", "or", "not", "(", ")", "web1", "(web1", "web1)", "X@a", "L|@a", "R@%a", "AND", "G@",
        ]);
        words.insert(dice.throw(words.len() + 1), noise.to_owned());
    }
    if dice.one_in(12) && words.len() > 1 {
        words.remove(dice.throw(words.len()));
    }
    let tgt = if dice.one_in(8) {
        Tgt::List(words)
    } else {
        Tgt::Text(words.join(dice.of(&[" ", " ", "  ", "\t"])))
    };
    Published { tgt, tgt_type: "compound".to_owned() }
}

fn tree(dice: &mut Dice, fleet: &[Known], depth: usize, words: &mut Vec<String>) {
    match dice.throw(if depth == 0 { 4 } else { 10 }) {
        0..=3 => words.push(leaf(dice, fleet)),
        4 => {
            words.push("not".to_owned());
            tree(dice, fleet, 0, words);
        }
        5 => {
            words.extend(["not", "("].map(str::to_owned));
            tree(dice, fleet, depth - 1, words);
            words.push(")".to_owned());
        }
        6 => {
            words.push("(".to_owned());
            tree(dice, fleet, depth - 1, words);
            words.push(")".to_owned());
        }
        joined => {
            tree(dice, fleet, depth - 1, words);
            words.extend(["and", "or", "and not"][joined - 7].split(' ').map(str::to_owned));
            tree(dice, fleet, depth - 1, words);
        }
    }
}

fn leaf(dice: &mut Dice, fleet: &[Known]) -> String {
    let known = &fleet[dice.throw(fleet.len())];
    let word = match dice.throw(9) {
        0 => glob(dice, &known.id),
        1 => format!("G@{}", data(dice, known, ":", Value::Glob)),
        2 => {
            let delimiter = dice.of(&["|", "@", ";", "é", "a"]);
            format!("G{delimiter}@{}", data(dice, known, delimiter, Value::Glob))
        }
        3 => format!("P@{}", data(dice, known, ":", Value::Regex)),
        4 => format!("I@{}", pillar(dice, known, Value::Glob)),
        5 => format!("J@{}", pillar(dice, known, Value::Regex)),
        6 => format!("E@{}", regex(dice, &known.id)),
        7 => format!("L@{}", list(dice, fleet).replace(", ", ",")),
        _ => format!("S@{}", network(dice)),
    };
    if word.is_empty() { "*".to_owned() } else { word }
}
