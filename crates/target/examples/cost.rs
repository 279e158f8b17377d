//! What matching costs, printed: `cargo run --release -p raas-target --example cost`.
#![allow(clippy::panic, reason = "its targets are fixed: one that does not parse is a mistake in this file")]

use std::time::Instant;

use raas_target::{Groups, Match, Minion, Target, TargetInput};
use serde_json::{Value, json};

const MINIONS: usize = 100_000;
const GROUPS: usize = 1_000;
/// One minion in so many changes.
const STEP: usize = 50;

/// A minion as fleets have them: some sixty grains.
fn grains(number: usize) -> Value {
    let mut grains = json!({
        "id": format!("web{number}.example.com"),
        "os": (["Debian", "RedHat", "SUSE", "Ubuntu"][number % 4]),
        "osmajorrelease": number % 5 + 8,
        "roles": [format!("role{}", number % 50), format!("tier{}", number % 7)],
        "dc": format!("dc{}", number % 40),
        "ipv4": ["127.0.0.1", format!("10.{}.{}.{}", number / 65536, number / 256 % 256, number % 256)],
        "ipv6": ["::1", format!("fd00::{number:x}")],
        "net": {"eth0": {"mtu": 1500, "speed": number % 3 * 1000}}
    });
    for extra in 0..52 {
        grains[format!("grain{extra}")] = json!(format!("value {}", number % (extra + 1)));
    }
    grains
}

fn main() {
    let fleet = fleet(MINIONS);
    cost_of_one_expression(&fleet);
    cost_of_keeping_groups_current(&fleet);
}

fn parsed(expression: &str, tgt_type: &str) -> Target {
    Target::parse(TargetInput::Text(expression), tgt_type).unwrap_or_else(|e| panic!("{expression}: {e}"))
}

fn fleet(minions: usize) -> Vec<(String, Value)> {
    (0..minions).map(|number| (format!("web{number}.example.com"), grains(number))).collect()
}

fn group(number: usize) -> Target {
    match number % 10 {
        0 => parsed(&format!("web{number}*"), "glob"),
        1 => parsed(&format!("web{number}[0-9]+"), "pcre"),
        2 => parsed(&format!("web{number}.example.com,web{}.example.com", number + 1), "list"),
        3 => parsed(&format!("10.{}.{}.0/24", number % 2, number % 256), "ipcidr"),
        4 => parsed(&format!("G@os:Debian and G@dc:dc{} and not web1*", number % 40), "compound"),
        5 => parsed(&format!("roles:role{}", number % 50), "grain"),
        6 => parsed(&format!("dc:dc({}|{})", number % 40, number % 39), "grain_pcre"),
        7 => parsed(&format!("net:eth0:speed:{}", number % 3 * 1000), "grain"),
        8 => parsed(&format!("( G@os:RedHat or G@os:SUSE ) and G@roles:tier{}", number % 7), "compound"),
        _ => parsed(&format!("grain{}:value {}", number % 52, number % 10), "grain"),
    }
}

fn resolve(fleet: &[(String, Value)], text: &str, tgt_type: &str) {
    let target = parsed(text, tgt_type);
    let start = Instant::now();
    let found = fleet
        .iter()
        .filter(|(id, grains)| target.matches(&Minion::new(id).with_grains(grains)) == Match::Yes)
        .count();
    let took = start.elapsed();
    println!("{:8.2} ms  {found:6} of {MINIONS}  {tgt_type} {text}", took.as_secs_f64() * 1e3);
}

fn cost_of_one_expression(fleet: &[(String, Value)]) {
    for (text, tgt_type) in [
        ("*", "glob"),
        ("web1*", "glob"),
        ("*9.example.com", "glob"),
        ("web[0-9]+\\.example", "pcre"),
        ("web(?!1)", "pcre"),
        ("web1.example.com,web2.example.com", "list"),
        ("os:Debian", "grain"),
        ("os:deb*", "grain"),
        ("os:(Debian|Ubuntu)", "grain_pcre"),
        ("net:eth0:mtu:1500", "grain"),
        ("*:eth0", "grain"),
        ("10.0.0.0/16", "ipcidr"),
        ("G@os:Debian and ( web1* or G@roles:role3 ) and not S@10.1.0.0/16", "compound"),
    ] {
        resolve(fleet, text, tgt_type);
    }
}

fn cost_of_keeping_groups_current(fleet: &[(String, Value)]) {
    let start = Instant::now();
    let groups = Groups::new((0..GROUPS).map(|number| (number, group(number))));
    println!("{:8.2} ms  to parse and index {GROUPS} groups", start.elapsed().as_secs_f64() * 1e3);

    let start = Instant::now();
    let members: usize = fleet
        .iter()
        .map(|(id, grains)| {
            let minion = Minion::new(id).with_grains(grains);
            groups.verdicts(&minion).filter(|(_, verdict)| *verdict == Match::Yes).count()
        })
        .sum();
    let took = start.elapsed().as_secs_f64();
    println!("{took:8.2} s   for all of them over {MINIONS} minions: {members} memberships");

    changed(&groups, fleet, "nothing new", |_, _| {});
    changed(&groups, fleet, "a grain that no group looks at", |grains, number| {
        grains["uptime"] = json!(number);
    });
    changed(&groups, fleet, "another datacentre", |grains, number| {
        grains["dc"] = json!(format!("dc{}", (number + 1) % 40));
    });
    changed(&groups, fleet, "another role", |grains, number| {
        grains["roles"] = json!([format!("role{}", (number + 1) % 50)]);
    });
    changed(&groups, fleet, "every grain", |before, number| *before = grains(number + 1));
    let start = Instant::now();
    let new: usize = fleet
        .iter()
        .step_by(STEP)
        .map(|(id, grains)| groups.changes(None, Some(&Minion::new(id).with_grains(grains))).len())
        .sum();
    print_each(start.elapsed().as_secs_f64(), "a new minion", new);
}

fn changed(
    groups: &Groups<usize>,
    fleet: &[(String, Value)],
    name: &str,
    change: impl Fn(&mut Value, usize),
) {
    let (mut changes, mut took) = (0, 0.0);
    for (number, (id, before)) in fleet.iter().enumerate().step_by(STEP) {
        let mut after = before.clone();
        change(&mut after, number);
        let (before, after) = (Minion::new(id).with_grains(before), Minion::new(id).with_grains(&after));
        let start = Instant::now();
        changes += groups.changes(Some(&before), Some(&after)).len();
        took += start.elapsed().as_secs_f64();
    }
    print_each(took, name, changes);
}

#[allow(clippy::cast_precision_loss, reason = "a figure for people")]
fn print_each(took: f64, name: &str, changes: usize) {
    let minions = MINIONS / STEP;
    println!(
        "{:8.2} µs  a minion, {name}: {changes} changes of {minions} minions",
        took / minions as f64 * 1e6
    );
}
