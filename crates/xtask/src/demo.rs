//! `cargo xtask demo`: install, build, then become the demonstration itself (crates/lab).

use std::os::unix::process::CommandExt;
use std::time::Instant;

use anyhow::{Context, Result};

use crate::install::{self, Need};
use crate::machine::Machine;
use crate::{console, run};

/// The version of Salt when none is named.
pub(crate) const SALT: &str = "3006.30";

/// Does not return when all goes well: the demonstration takes this process's place, so that Ctrl-C reaches it alone.
pub(crate) fn run(machine: &mut Machine, once: bool, salt: &str) -> Result<bool> {
    install::ensure(machine, &[Need::PostgreSql, Need::PythonVenv, Need::Node])?;
    if console::is_there(machine) {
        println!("Building the console");
        console::build(machine)?;
    }
    println!("Building raas and raas-plugin (the first time takes minutes)");
    let start = Instant::now();
    run::open(&mut machine.cargo(&[
        "build",
        "--quiet",
        "--package",
        "raas-cli",
        "--package",
        "raas-plugin",
        "--package",
        "raas-lab",
    ]))?;
    println!("Built in {:.0} s", start.elapsed().as_secs_f64());
    let mut demo = machine.command(machine.bin_dir().join("raas-lab"));
    demo.arg("--bin-dir")
        .arg(machine.bin_dir())
        .arg("--cache")
        .arg(machine.lab_cache())
        .args(["--salt", salt, "demo"]);
    if once {
        demo.arg("--once");
    }
    Err(demo.exec()).context("cannot start the demonstration")
}
