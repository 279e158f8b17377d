//! The `raas-plugin` command: what Salt's engine becomes, and what an operator runs on a master. The environment is read here.

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context as _, Result};
use clap::{Args, Parser, Subcommand};
use raas_plugin::check::{self, Level};
use raas_plugin::clock::SystemClock;
use raas_plugin::install::{Chosen, Install};
use raas_plugin::random::SystemRandom;
use raas_plugin::run::Run;
use raas_plugin::settings::Reading;
use raas_plugin::status::Shown;
use raas_salt::MasterConfig;

/// What is logged unless the environment says otherwise; the TLS library repeats what our own line says.
const LOG: &str = "info,rustls_platform_verifier=off";

/// Runs beside one Salt master and speaks for it to a raas server.
#[derive(Debug, Parser)]
#[command(name = "raas-plugin", version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
    /// Configuration directory of the Salt master.
    #[arg(long, global = true, default_value = "/etc/salt")]
    config_dir: PathBuf,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run beside the master. Salt's engine starts this; it ends with the master.
    Run {
        /// Where the engine left the master's options.
        #[arg(long, hide = true)]
        options_fd: Option<i32>,
    },
    /// Explain every setting and every problem of this master. Exit code 1 when there is a problem.
    Check,
    /// Show who this master is, the fingerprint to compare, and how it stands with the server.
    Status {
        /// As JSON.
        #[arg(long)]
        json: bool,
    },
    /// Write the engine and a commented master.d/raas.conf.
    Install(InstallArgs),
}

#[derive(Debug, Args)]
struct InstallArgs {
    /// URL of the server, as https://raas.example:8080.
    #[arg(long)]
    server: Option<String>,
    /// The cluster this master belongs to: the same on all its masters.
    #[arg(long)]
    cluster_id: Option<String>,
    /// The cluster is a failover cluster: a minion is on one master at a time.
    #[arg(long)]
    failover: bool,
    /// Overwrite files that differ.
    #[arg(long)]
    force: bool,
}

fn main() -> ExitCode {
    match perform(Cli::parse()) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("raas-plugin: {error:#}");
            ExitCode::from(1)
        }
    }
}

fn perform(cli: Cli) -> Result<ExitCode> {
    rustls::crypto::aws_lc_rs::default_provider()
        .install_default()
        .map_err(|_| anyhow::anyhow!("the TLS provider was installed twice"))?;
    let config_dir = cli.config_dir;
    match cli.command {
        Command::Run { options_fd } => run(config_dir, options_fd),
        Command::Check => {
            let findings = runtime(1)?.block_on(check::check(&config_dir))?;
            for finding in &findings {
                println!("{finding}");
            }
            let bad = findings.iter().any(|finding| finding.level == Level::Problem);
            Ok(ExitCode::from(u8::from(bad)))
        }
        Command::Status { json } => {
            let (config, _) = MasterConfig::read_what_can_be(&config_dir)?;
            let shown = Shown::of(&config.id, &Reading::of(&config).settings);
            if json {
                println!("{}", serde_json::to_string_pretty(&shown)?);
            } else {
                print!("{}", shown.text());
            }
            Ok(ExitCode::SUCCESS)
        }
        Command::Install(args) => install(config_dir, args),
    }
}

#[allow(clippy::disallowed_methods, reason = "main reads the environment and passes it on")]
fn run(config_dir: PathBuf, options_fd: Option<i32>) -> Result<ExitCode> {
    let run = Run {
        config_dir,
        options_fd,
        log_filter: std::env::var("RAAS_PLUGIN_LOG").unwrap_or_else(|_| LOG.to_owned()),
        clock: Arc::new(SystemClock),
        random: Arc::new(SystemRandom),
    };
    let runtime = runtime(2)?;
    let ended = runtime.block_on(run.run());
    runtime.shutdown_timeout(std::time::Duration::from_millis(500));
    ended.map(|()| ExitCode::SUCCESS)
}

fn install(config_dir: PathBuf, args: InstallArgs) -> Result<ExitCode> {
    let install = Install {
        config_dir,
        plugin: std::env::current_exe().context("cannot tell where this program is")?,
        chosen: Chosen { server: args.server, cluster_id: args.cluster_id, failover: args.failover },
        force: args.force,
    };
    for line in install.run()? {
        println!("{line}");
    }
    Ok(ExitCode::SUCCESS)
}

fn runtime(threads: usize) -> Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(threads)
        .enable_all()
        .build()
        .context("cannot start the async runtime")
}
