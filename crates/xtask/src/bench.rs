//! `cargo xtask bench …`: build with optimisation, then become the benchmark itself (crates/lab). Ratios of one run, no bare figures.

use std::os::unix::process::CommandExt;
use std::path::PathBuf;

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
    /// Members of 1,000 target groups kept current for 100,000 minions: time to resolve all, time until changes are worked in,
    /// size of the table, memory of the server.
    Groups {
        /// Minions.
        #[arg(long, default_value_t = 100_000)]
        minions: u32,
        /// Saved target groups.
        #[arg(long, default_value_t = 1_000)]
        groups: u32,
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
    /// Calls per second: `test.echo` and jobs, beside salt-api and a bare loop of publishes to the same master.
    Rpc {
        /// Version of Salt, as 3006.30, 3007.17 or 3008.5.
        #[arg(long, default_value = crate::demo::SALT)]
        salt: String,
        /// Rounds, in each of which everything is measured once.
        #[arg(long, default_value_t = 3)]
        rounds: usize,
        /// Seconds of each measurement.
        #[arg(long, default_value_t = 10)]
        seconds: u64,
    },
    /// Every list of the API with 100,000 minions and 10,000,000 returns in the database; fails when a case has p99 > 50 ms.
    Lists {
        /// Minions.
        #[arg(long, default_value_t = 100_000)]
        minions: u32,
        /// Returns, about.
        #[arg(long, default_value_t = 10_000_000)]
        returns: u64,
        /// Calls of each case.
        #[arg(long, default_value_t = 50)]
        rounds: usize,
        /// Keep the filled database in this directory, and take it again.
        #[arg(long)]
        dir: Option<PathBuf>,
        /// Only cases whose name contains this.
        #[arg(long)]
        only: Option<String>,
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
        Subject::Groups { minions, groups } => {
            bench.args(["bench-groups", "--minions", &minions.to_string(), "--groups", &groups.to_string()]);
        }
        Subject::Ingest { salt, rounds, returns } => {
            bench.args(["--salt", salt, "bench-ingest", "--rounds", &rounds.to_string()]);
            bench.args(["--returns", &returns.to_string()]);
        }
        Subject::Rpc { salt, rounds, seconds } => {
            bench.args(["--salt", salt, "bench-rpc", "--rounds", &rounds.to_string()]);
            bench.args(["--seconds", &seconds.to_string()]);
        }
        Subject::Lists { minions, returns, rounds, dir, only } => {
            bench.args(["bench-lists", "--minions", &minions.to_string(), "--returns", &returns.to_string()]);
            bench.args(["--rounds", &rounds.to_string()]);
            if let Some(dir) = dir {
                bench.arg("--dir").arg(dir);
            }
            if let Some(only) = only {
                bench.args(["--only", only]);
            }
        }
    }
    Err(bench.exec()).context("cannot start the benchmark")
}
