//! `cargo xtask …`: demo, test, bench, tidy. Each installs what it needs or says in one sentence how to get it.

mod bench;
mod chaos;
mod compose;
mod conformance;
mod console;
mod demo;
mod install;
mod machine;
mod node;
mod run;
mod test;
mod tidy;
mod tools;

use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};

use machine::Machine;

/// Tasks of the raas source tree.
#[derive(Parser)]
#[command(name = "cargo xtask", version)]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// The main job on real Salt, in one screen: two clusters, jobs, a killed master, and what it proves.
    Demo {
        /// End by itself; the exit code is the result.
        #[arg(long)]
        once: bool,
        /// Version of Salt, as 3006.30, 3007.17 or 3008.5.
        #[arg(long, default_value = demo::SALT)]
        salt: String,
    },
    /// Everything that CI runs.
    Test {
        /// Tell the real-Salt story on 3006, 3007 and 3008.
        #[arg(long)]
        all_salt: bool,
        /// Only what needs neither Salt nor a browser.
        #[arg(long)]
        quick: bool,
    },
    /// Ratios measured side by side in one run.
    Bench {
        #[command(subcommand)]
        subject: bench::Subject,
    },
    /// A simulated fleet sends returns while servers, PostgreSQL, plugins and masters are killed, cut off and slowed; at the end
    /// the history is compared with what the minions truly did.
    Chaos {
        /// Minutes of load under faults.
        #[arg(long, default_value_t = 1)]
        minutes: u64,
        /// Repeats the decisions of a run.
        #[arg(long)]
        seed: Option<u64>,
        /// Returns to send in that time, about; 100 a second when left out.
        #[arg(long)]
        returns: Option<u64>,
        /// Minions of each of the two clusters.
        #[arg(long, default_value_t = 100)]
        minions: u32,
        /// Build with optimisation.
        #[arg(long)]
        release: bool,
        /// Leave the directory of the run, with all logs.
        #[arg(long)]
        keep: bool,
    },
    /// Every method of the API on a fresh server, beside the public catalogue, with what its schema allows and what it does not;
    /// then broken calls.
    Conformance {
        /// Repeats the calls of a run.
        #[arg(long)]
        seed: Option<u64>,
        /// Broken calls.
        #[arg(long, default_value_t = 10_000)]
        malformed: u32,
        /// Seconds of schemathesis on /openapi.json; 0: without it.
        #[arg(long, default_value_t = 300)]
        schemathesis: u32,
    },
    /// The rules of the house that no compiler checks.
    Tidy,
    /// Build the console (what `raas` then serves).
    Console,
    /// Install what demo and test need.
    Install,
}

fn main() -> ExitCode {
    match perform(Arguments::parse().task) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

fn perform(task: Task) -> Result<bool> {
    let mut machine = Machine::look()?;
    match task {
        Task::Demo { once, salt } => demo::run(&mut machine, once, &salt),
        Task::Test { all_salt, quick } => test::run(&mut machine, test::Choice { all_salt, quick }),
        Task::Bench { subject } => bench::run(&mut machine, &subject),
        Task::Chaos { minutes, seed, returns, minions, release, keep } => {
            let seconds = minutes * 60;
            chaos::run(&mut machine, chaos::Choice { seconds, seed, returns, minions, release, keep })
        }
        Task::Conformance { seed, malformed, schemathesis } => {
            conformance::run(&mut machine, conformance::Choice { seed, malformed, schemathesis })
        }
        Task::Tidy => {
            tidy::run(&machine)?;
            println!("tidy");
            Ok(true)
        }
        Task::Console => {
            install::ensure(&mut machine, &[install::Need::Node])?;
            console::build(&machine).map(|()| true)
        }
        Task::Install => install::ensure(&mut machine, install::ALL).map(|()| true),
    }
}
