//! `cargo xtask conformance`: build, then call every method of the API on a fresh server (crates/lab).

use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use crate::install::{self, Need};
use crate::machine::Machine;
use crate::run::{self, Count};

/// From the Python registry.
const SCHEMATHESIS: &str = "4.32.5";
/// Written last: an environment without it was not finished.
const FINISHED: &str = ".finished";
/// The short run in `cargo xtask test`.
const SHORT: Choice = Choice { seed: Some(20_261_126), malformed: 2000, schemathesis: 30 };

/// How it shall be.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Choice {
    /// Repeats the calls of a run; none: drawn.
    pub(crate) seed: Option<u64>,
    /// Broken calls.
    pub(crate) malformed: u32,
    /// Seconds of schemathesis; 0: without it.
    pub(crate) schemathesis: u32,
}

/// Does not return when all goes well: the run takes this process's place.
pub(crate) fn run(machine: &mut Machine, choice: Choice) -> Result<bool> {
    install::ensure(machine, &[Need::PostgreSql, Need::PythonVenv])?;
    run::open(&mut machine.cargo(&["build", "--quiet", "--workspace", "--bins"]))?;
    let tester = tester(machine)?;
    Err(command(machine, &tester, choice).exec()).context("cannot start the run")
}

/// The short run, as one test.
pub(crate) fn short(machine: &Machine) -> Result<Count> {
    run::open(&mut command(machine, &tester(machine)?, SHORT))?;
    Ok(Count { passed: 1, failed: 0 })
}

/// Schemathesis in an environment of its own, installed now when it is not there.
fn tester(machine: &Machine) -> Result<PathBuf> {
    let dir = machine.tools().join(format!("schemathesis-{SCHEMATHESIS}"));
    let program = dir.join("bin/schemathesis");
    if dir.join(FINISHED).is_file() {
        return Ok(program);
    }
    run::quiet(machine.command("python3").args(["-m", "venv"]).arg(&dir))?;
    let wanted = format!("schemathesis=={SCHEMATHESIS}");
    run::quiet(machine.command(dir.join("bin/pip")).args(["--quiet", "install", &wanted]))
        .context("schemathesis cannot be installed: is the Python registry reachable?")?;
    std::fs::write(dir.join(FINISHED), SCHEMATHESIS).context("cannot write beside schemathesis")?;
    Ok(program)
}

fn command(machine: &Machine, tester: &Path, choice: Choice) -> Command {
    let bins = machine.bin_dir();
    let mut command = machine.command(bins.join("raas-lab"));
    let seed = choice.seed.unwrap_or_else(|| u64::from(std::process::id()));
    command.arg("--bin-dir").arg(&bins).arg("conformance").args(["--seed", &seed.to_string()]);
    command.args(["--malformed", &choice.malformed.to_string()]);
    if choice.schemathesis > 0 {
        command.arg("--schemathesis").arg(tester).args(["--seconds", &choice.schemathesis.to_string()]);
    }
    command
}
