//! `cargo xtask …`: demo, test, bench, tidy. Each installs what it needs or says in one sentence how to get it.

mod bench;
mod compose;
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
