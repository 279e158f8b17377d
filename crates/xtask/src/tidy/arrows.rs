//! The arrows between rooms (design §4), read from `cargo metadata`: what may depend on what, and which library lives where.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result};
use serde_json::Value;

use crate::machine::Machine;
use crate::run;

/// Room → rooms that it may name. Arrows point down only.
const ROOMS: &[(&str, &[&str])] = &[
    ("wire", &[]),
    ("target", &[]),
    ("salt", &[]),
    ("console", &[]),
    ("api", &["wire"]),
    ("client", &["api", "wire"]),
    ("cluster", &["wire", "api", "target"]),
    ("db", &["wire", "api", "cluster", "target"]),
    ("plugin", &["salt", "wire"]),
    ("server", &["wire", "api", "target", "cluster", "db", "console"]),
    ("cli", &["api", "client", "db", "server"]),
    ("lab", &["api", "client", "cluster", "db", "plugin", "salt", "server", "target", "wire"]),
];

/// Library → the only rooms that may name it.
const KEPT_IN: &[(&str, &[&str])] = &[
    ("tokio-postgres", &["db"]),
    ("deadpool-postgres", &["db"]),
    ("postgres-types", &["db"]),
    ("axum", &["server", "console", "cli", "lab"]),
    ("tower-http", &["server", "console"]),
    ("reqwest", &["client", "plugin", "server", "cli", "lab"]),
    ("rusqlite", &["plugin"]),
    ("rmpv", &["salt"]),
];

/// Rooms without I/O: none of these libraries.
const PURE: (&[&str], &[&str]) =
    (&["wire", "api", "target", "cluster"], &["tokio", "axum", "reqwest", "hyper", "rustix"]);

/// Checks the arrows of all crates; what only tests use is free.
pub(super) fn check(machine: &Machine, problems: &mut Vec<String>) -> Result<()> {
    let text =
        run::quiet(&mut machine.cargo(&["metadata", "--format-version", "1", "--no-deps", "--offline"]))?;
    let metadata: Value = serde_json::from_str(&text).context("cargo metadata printed no JSON")?;
    judge(&rooms(&metadata), problems);
    Ok(())
}

/// Room → what it names, outside of its tests.
fn rooms(metadata: &Value) -> BTreeMap<String, BTreeSet<String>> {
    let mut rooms = BTreeMap::new();
    for package in metadata["packages"].as_array().into_iter().flatten() {
        let name = package["name"].as_str().unwrap_or_default();
        let names = package["dependencies"]
            .as_array()
            .into_iter()
            .flatten()
            .filter(|dependency| dependency["kind"].as_str() != Some("dev"))
            .filter_map(|dependency| dependency["name"].as_str().map(str::to_owned));
        rooms.insert(name.trim_start_matches("raas-").to_owned(), names.collect());
    }
    rooms
}

fn judge(rooms: &BTreeMap<String, BTreeSet<String>>, problems: &mut Vec<String>) {
    for (room, names) in rooms.iter().filter(|(room, _)| *room != "xtask") {
        let Some((_, allowed)) = ROOMS.iter().find(|(known, _)| known == room) else {
            problems.push(format!(
                "crates/{room}: a new room; give it its place in crates/xtask/src/tidy/arrows.rs"
            ));
            continue;
        };
        for name in names {
            let ours = name.strip_prefix("raas-").filter(|other| !allowed.contains(other));
            if let Some(other) = ours {
                problems.push(format!("crates/{room}: must not reach {other}; it may name {allowed:?}"));
            }
            if let Some((_, homes)) =
                KEPT_IN.iter().find(|(library, homes)| library == name && !homes.contains(&room.as_str()))
            {
                problems.push(format!("crates/{room}: {name} belongs to {homes:?} only"));
            }
            if PURE.0.contains(&room.as_str()) && PURE.1.contains(&name.as_str()) {
                problems.push(format!("crates/{room}: does no I/O, so it must not name {name}"));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_arrow_that_points_up_is_found_and_one_of_tests_is_not() {
        let metadata = serde_json::json!({"packages": [
            {"name": "raas-salt", "dependencies": [{"name": "raas-db", "kind": null}, {"name": "raas-wire", "kind": "dev"}]},
            {"name": "raas-api", "dependencies": [{"name": "tokio", "kind": null}]},
            {"name": "raas-server", "dependencies": [{"name": "tokio-postgres", "kind": null}]},
        ]});
        let mut problems = Vec::new();
        judge(&rooms(&metadata), &mut problems);
        assert_eq!(problems.len(), 3, "{problems:?}");
    }
}
