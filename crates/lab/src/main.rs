//! `raas-lab`: the demonstration, Salt environments, and a stage for other programs. Started by `cargo xtask`.

mod bench;
mod chaos;
mod conformance;
mod demo;
mod screen;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::{Parser, Subcommand};
use raas_lab::{Bins, ClusterSpec, Stage, salt_venv};
use tokio::signal::unix::{SignalKind, signal};

/// Real Salt, a real server and real PostgreSQL, for people and for tests.
#[derive(Parser)]
#[command(name = "raas-lab", version)]
struct Arguments {
    /// Where `raas` and `raas-plugin` are.
    #[arg(long)]
    bin_dir: PathBuf,
    /// Where Python environments are kept between runs.
    #[arg(long, default_value = "target/lab")]
    cache: PathBuf,
    /// Version of Salt.
    #[arg(long, default_value = "3006.30")]
    salt: String,
    #[command(subcommand)]
    act: Act,
}

#[derive(Subcommand)]
enum Act {
    /// The main job, end to end, in one screen.
    Demo {
        /// End by itself.
        #[arg(long)]
        once: bool,
    },
    /// How long a job takes through raas, beside Salt's own command line.
    BenchDispatch {
        /// Jobs each way.
        #[arg(long, default_value_t = 20)]
        rounds: usize,
    },
    /// What it costs to keep the members of many target groups current.
    BenchGroups {
        /// Minions.
        #[arg(long, default_value_t = 100_000)]
        minions: u32,
        /// Saved target groups.
        #[arg(long, default_value_t = 1_000)]
        groups: u32,
    },
    /// Returns per second that the server commits, beside COPY and Salt's own PostgreSQL returner.
    BenchIngest {
        /// Rounds, in each of which everything is measured once.
        #[arg(long, default_value_t = 3)]
        rounds: usize,
        /// Returns of a round.
        #[arg(long, default_value_t = 80_000)]
        returns: usize,
        /// Seconds of Salt's returner in a round.
        #[arg(long, default_value_t = 10)]
        seconds: u64,
    },
    /// Every list of the API on a database as large as a big fleet's; fails when one is slow.
    BenchLists {
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
    /// Calls per second, beside salt-api and a bare loop of publishes.
    BenchRpc {
        /// Rounds, in each of which everything is measured once.
        #[arg(long, default_value_t = 3)]
        rounds: usize,
        /// Seconds of each measurement.
        #[arg(long, default_value_t = 10)]
        seconds: u64,
    },
    /// A simulated fleet under faults; at the end the history is compared with what the minions truly did.
    Chaos {
        /// Decides what is left to chance.
        #[arg(long)]
        seed: u64,
        /// Seconds of load under faults.
        #[arg(long)]
        seconds: u64,
        /// Returns, about.
        #[arg(long)]
        returns: u64,
        /// Minions of each of the two clusters.
        #[arg(long)]
        minions: usize,
        /// Leave the directory for a person.
        #[arg(long)]
        keep: bool,
    },
    /// Every method of the API beside the public catalogue, with what its schema allows and what it does not.
    Conformance {
        /// Decides what is left to chance.
        #[arg(long)]
        seed: u64,
        /// Broken calls.
        #[arg(long)]
        malformed: usize,
        /// The program of schemathesis, which then tests `/openapi.json` too.
        #[arg(long)]
        schemathesis: Option<PathBuf>,
        /// How long it gets.
        #[arg(long, default_value_t = 60)]
        seconds: u32,
    },
    /// A simulated Salt master; `chaos` starts them.
    #[command(hide = true)]
    SimMaster {
        /// Its directory.
        dir: PathBuf,
    },
    /// Only build the Python environment with Salt.
    Venv,
    /// Set a stage (server, a failover and a hot-hot cluster) and run a program on it.
    ///
    /// The program finds it by RAAS_URL, RAAS_USER and RAAS_PASSWORD_FILE.
    Stage {
        /// Where the program runs.
        #[arg(long)]
        dir: PathBuf,
        /// The program and its arguments.
        #[arg(last = true, required = true)]
        program: Vec<String>,
    },
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    // Dropping the act ends whatever it started.
    let result = tokio::select! {
        result = act(arguments) => result,
        name = asked_to_end() => {
            eprintln!("\n{name}: ending everything that was started");
            Ok(ExitCode::from(130))
        }
    };
    result.unwrap_or_else(|error| {
        eprintln!("{error:#}");
        ExitCode::FAILURE
    })
}

async fn act(mut arguments: Arguments) -> Result<ExitCode> {
    // What is started from here has working directories of its own.
    arguments.cache = std::path::absolute(&arguments.cache).context("the cache has no absolute path")?;
    arguments.bin_dir =
        std::path::absolute(&arguments.bin_dir).context("the programs have no absolute path")?;
    let bins = || Bins::in_dir(&arguments.bin_dir);
    match arguments.act {
        Act::Demo { once } => demo::run(&bins()?, &arguments.cache, &arguments.salt, once).await,
        Act::BenchDispatch { rounds } => {
            bench::dispatch(&bins()?, &arguments.cache, &arguments.salt, rounds).await
        }
        Act::BenchGroups { minions, groups } => {
            bench::groups(&bins()?, bench::GroupSize { minions, groups }).await
        }
        Act::BenchIngest { rounds, returns, seconds } => {
            let amount = bench::Amount { rounds, returns, seconds };
            bench::ingest(&bins()?, &arguments.cache, &arguments.salt, amount).await
        }
        Act::BenchLists { minions, returns, rounds, dir, only } => {
            let dir = dir.map(std::path::absolute).transpose().context("no such directory")?;
            let size = bench::Size { minions, returns };
            bench::lists(&bins()?, &bench::ListOptions { size, rounds, dir, only }).await
        }
        Act::BenchRpc { rounds, seconds } => {
            bench::rpc(&bins()?, &arguments.cache, &arguments.salt, (rounds, seconds)).await
        }
        Act::Chaos { seed, seconds, returns, minions, keep } => {
            chaos::run(&bins()?, &chaos::Options { seed, seconds, returns, minions, keep }).await
        }
        Act::Conformance { seed, malformed, schemathesis, seconds } => {
            let schemathesis = schemathesis.as_deref().map(|program| (program, seconds));
            conformance::run(&bins()?, conformance::Options { seed, malformed, schemathesis }).await
        }
        Act::SimMaster { dir } => {
            raas_lab::sim::salt::run(&dir, &bins()?.plugin).await.map(|()| ExitCode::SUCCESS)
        }
        Act::Venv => {
            salt_venv(&arguments.salt, &arguments.cache, &mut |step| println!("{step}"))?;
            Ok(ExitCode::SUCCESS)
        }
        Act::Stage { dir, program } => {
            set_stage(&bins()?, &arguments.cache, &arguments.salt, &dir, &program).await
        }
    }
}

async fn set_stage(
    bins: &Bins,
    cache: &std::path::Path,
    salt: &str,
    dir: &std::path::Path,
    program: &[String],
) -> Result<ExitCode> {
    let mut say = |step: &str| eprintln!("{step}");
    let venv = salt_venv(salt, cache, &mut say)?;
    let specs =
        vec![ClusterSpec::failover("eu-web", 2, 2).lean(), ClusterSpec::hot_hot("eu-db", 2, 2).lean()];
    let stage = Stage::set(bins, venv, specs, &mut say).await?;
    run_on(&stage, dir, program).await
}

async fn run_on(stage: &Stage, dir: &std::path::Path, program: &[String]) -> Result<ExitCode> {
    let (name, rest) = program.split_first().context("no program was named")?;
    let status = tokio::process::Command::new(name)
        .args(rest)
        .current_dir(dir)
        .env("RAAS_URL", stage.server.url())
        .env("RAAS_USER", "root")
        .env("RAAS_PASSWORD_FILE", stage.server.password_file())
        .kill_on_drop(true)
        .status()
        .await
        .with_context(|| format!("cannot run {name}"))?;
    Ok(if status.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Waits for Ctrl-C, SIGTERM or a closed terminal.
async fn asked_to_end() -> &'static str {
    let listen = |kind| signal(kind).ok();
    let (mut terminate, mut hang_up) = (listen(SignalKind::terminate()), listen(SignalKind::hangup()));
    let wait = async |stream: &mut Option<tokio::signal::unix::Signal>| match stream {
        Some(stream) => stream.recv().await,
        None => std::future::pending().await,
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => "Ctrl-C",
        _ = wait(&mut terminate) => "SIGTERM",
        _ = wait(&mut hang_up) => "SIGHUP",
    }
}
