//! docker-compose.yml: read as YAML with its references followed, then by docker-compose itself where there is one.

use anyhow::{Context, Result, bail};
use serde_yaml::Value;

use crate::machine::Machine;
use crate::run;

/// `docker-compose`, or docker's own `compose`: program and first arguments.
pub(crate) fn program(machine: &Machine) -> Option<(&'static str, &'static [&'static str])> {
    let known: [(&str, &[&str]); 2] = [("docker", &["compose"]), ("docker-compose", &[])];
    known.into_iter().find(|(program, first)| {
        machine.command(program).args(*first).arg("version").output().is_ok_and(|out| out.status.success())
    })
}

/// Checks the file; returns how.
pub(crate) fn check(machine: &Machine) -> Result<&'static str> {
    by_hand(machine)?;
    let Some((program, first)) = program(machine) else {
        return Ok("read as YAML, no docker-compose here");
    };
    run::quiet(machine.command(program).args(first).args(["config", "--quiet"]))?;
    Ok("docker-compose config, and every reference followed")
}

fn by_hand(machine: &Machine) -> Result<()> {
    let path = machine.root.join("docker-compose.yml");
    let text = std::fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    let mut file: Value = serde_yaml::from_str(&text).context("docker-compose.yml is not YAML")?;
    file.apply_merge().context("docker-compose.yml has a merge that cannot be applied")?;
    let services = file["services"].as_mapping().context("docker-compose.yml has no services")?;
    for (name, service) in services {
        let name = name.as_str().unwrap_or_default();
        for (section, known) in [("secrets", &file["secrets"]), ("configs", &file["configs"])] {
            for item in service[section].as_sequence().into_iter().flatten() {
                let wanted = item.as_str().or_else(|| item["source"].as_str()).unwrap_or_default();
                if known.get(wanted).is_none() {
                    bail!("docker-compose.yml: service {name} names the unknown {section} {wanted:?}");
                }
            }
        }
        let depends =
            service["depends_on"].as_mapping().into_iter().flatten().filter_map(|(other, _)| other.as_str());
        if let Some(other) = depends.into_iter().find(|other| !services.contains_key(*other)) {
            bail!("docker-compose.yml: service {name} depends on the unknown {other:?}");
        }
        if let Some(file) =
            service["build"]["dockerfile"].as_str().filter(|file| !machine.root.join(file).is_file())
        {
            bail!("docker-compose.yml: service {name} is built from {file}, which is not there");
        }
    }
    Ok(())
}
