//! `cargo xtask bench …`: build with optimisation, then become the benchmark itself (crates/lab). Ratios of one run, no bare figures.

use std::os::unix::process::CommandExt;

use anyhow::{Context, Result};
use clap::Subcommand;

use crate::install::{self, Need};
use crate::machine::Machine;
use crate::run;

/// What is measured.
#[derive(Subcommand)]
pub(crate) enum Subject {
    /// API call → publish request, first and last return stored; beside `salt '*' test.ping`.
    Dispatch {
        /// Version of Salt, as 3006.30, 3007.17 or 3008.5.
        #[arg(long, default_value = crate::demo::SALT)]
        salt: String,
        /// Jobs each way.
        #[arg(long, default_value_t = 20)]
        rounds: usize,
    },
    /// Returns per second committed, beside COPY of the same rows and Salt's PostgreSQL returner; memory of server and plugin.
    Ingest {
        /// Version of Salt, as 3006.30, 3007.17 or 3008.5.
        #[arg(long, default_value = crate::demo::SALT)]
        salt: String,
        /// Rounds, in each of which everything is measured once.
        #[arg(long, default_value_t = 3)]
        rounds: usize,
        /// Returns of a round.
        #[arg(long, default_value_t = 80_000)]
        returns: usize,
    },
}

/// Does not return when all goes well: the benchmark takes this process's place.
pub(crate) fn run(machine: &mut Machine, subject: &Subject) -> Result<bool> {
    install::ensure(machine, &[Need::PostgreSql, Need::PythonVenv])?;
    println!("Building raas and raas-plugin with optimisation (the first time takes many minutes)");
    let packages = ["--package", "raas-cli", "--package", "raas-plugin", "--package", "raas-lab"];
    run::open(machine.cargo(&["build", "--quiet", "--release"]).args(packages))?;
    let bins = machine.target.join("release");
    let mut bench = machine.command(bins.join("raas-lab"));
    bench.arg("--bin-dir").arg(&bins).arg("--cache").arg(machine.lab_cache());
    match subject {
        Subject::Dispatch { salt, rounds } => {
            // The plugins inherit it from their masters, and tell when a publish request leaves them.
            bench.env("RAAS_PLUGIN_LOG", "info,raas_plugin=debug");
            bench.args(["--salt", salt, "bench-dispatch", "--rounds", &rounds.to_string()]);
        }
        Subject::Ingest { salt, rounds, returns } => {
            bench.args(["--salt", salt, "bench-ingest", "--rounds", &rounds.to_string()]);
            bench.args(["--returns", &returns.to_string()]);
        }
    }
    Err(bench.exec()).context("cannot start the benchmark")
}
