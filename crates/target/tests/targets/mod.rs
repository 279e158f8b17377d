//! One file per subject.

mod groups;
mod matching;
mod nodegroups;
mod refusals;

use raas_target::{Match, Minion, Target, TargetInput};
use serde_json::{Value, json};

fn grains() -> Value {
    json!({
        "id": "web1", "os": "Debian", "num": 3, "lean": true, "none": null, "float": 1.5,
        "roles": ["web", "edge"], "ipv4": ["127.0.0.1", "10.1.2.3"], "ipv6": ["::1", "fd00::5", "fe80::1%eth0"],
        "net": {"eth0": {"mtu": 1500, "ips": ["10.1.2.3"]}}, "a:b": "c", "disks": [{"name": "sda"}, {"name": "sdb"}],
        "city": "Zürich", "empty": {}, "matrix": [["a", "b"], []], "gpus": [{"vendor": "x", "model": "y"}]
    })
}

fn parsed(expression: &str, tgt_type: &str) -> Target {
    Target::parse(TargetInput::Text(expression), tgt_type).unwrap_or_else(|e| panic!("{expression}: {e}"))
}

/// Of web1, whose grains and pillar are known.
fn verdict(expression: &str, tgt_type: &str) -> Match {
    let (grains, pillar) = (grains(), json!({"role": "db", "users": {"ann": {"shell": "sh"}}}));
    parsed(expression, tgt_type).matches(&Minion::new("web1").with_grains(&grains).with_pillar(&pillar))
}
