//! `cargo xtask chaos`: build, then run the simulated fleet under faults (crates/lab).

use std::os::unix::process::CommandExt as _;
use std::process::Command;

use anyhow::{Context, Result};

use crate::install::{self, Need};
use crate::machine::Machine;
use crate::run::{self, Count};

/// What the short run of `cargo xtask test` is.
const SHORT: Choice = Choice {
    seconds: 30,
    seed: Some(20_261_126),
    returns: Some(4000),
    minions: 40,
    release: false,
    keep: false,
};
/// Returns per second when none are named.
const PACE: u64 = 100;

/// How it shall be.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Choice {
    /// Seconds of load under faults.
    pub(crate) seconds: u64,
    /// Repeats the decisions of a run; none: drawn.
    pub(crate) seed: Option<u64>,
    /// Returns, about.
    pub(crate) returns: Option<u64>,
    /// Minions of each cluster.
    pub(crate) minions: u32,
    /// Build with optimisation.
    pub(crate) release: bool,
    /// Leave the directory.
    pub(crate) keep: bool,
}

/// Does not return when all goes well: the run takes this process's place.
pub(crate) fn run(machine: &mut Machine, choice: Choice) -> Result<bool> {
    install::ensure(machine, &[Need::PostgreSql])?;
    let mut cargo = machine.cargo(&["build", "--quiet"]);
    cargo.args(["--package", "raas-cli", "--package", "raas-plugin", "--package", "raas-lab"]);
    if choice.release {
        println!("Building with optimisation (the first time takes many minutes)");
        cargo.arg("--release");
    }
    run::open(&mut cargo)?;
    let bins = machine.target.join(if choice.release { "release" } else { "debug" });
    Err(command(machine, &bins, choice).exec()).context("cannot start the run")
}

/// The short run, as one test.
pub(crate) fn short(machine: &Machine) -> Result<Count> {
    run::open(&mut command(machine, &machine.bin_dir(), SHORT))?;
    Ok(Count { passed: 1, failed: 0 })
}

fn command(machine: &Machine, bins: &std::path::Path, choice: Choice) -> Command {
    let mut command = machine.command(bins.join("raas-lab"));
    let seed = choice.seed.unwrap_or_else(|| u64::from(std::process::id()));
    let returns = choice.returns.unwrap_or(choice.seconds * PACE);
    command.arg("--bin-dir").arg(bins).arg("chaos");
    command.args(["--seed", &seed.to_string(), "--seconds", &choice.seconds.to_string()]);
    command.args(["--returns", &returns.to_string(), "--minions", &choice.minions.to_string()]);
    if choice.keep {
        command.arg("--keep");
    }
    command
}
