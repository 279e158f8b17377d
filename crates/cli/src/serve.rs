//! `raas serve`: from flags, file and environment to a running server.

use std::{io::IsTerminal as _, path::PathBuf, process::ExitCode, sync::Arc};

use anyhow::Context as _;
use clap::Args;
use raas_server::{
    ServeOptions,
    clock::SystemClock,
    config::{self, Config, Layers, LogFormat},
    random::SystemRandom,
};
use serde_json::Value;
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;
use tracing_subscriber::EnvFilter;

use crate::environment;

/// Flags of `raas serve`; each is a key of the configuration.
#[derive(Debug, Args)]
pub(crate) struct ServeArgs {
    /// Configuration file (YAML); `raas config default` prints one.
    #[arg(long)]
    config: Option<PathBuf>,
    /// Address and port.
    #[arg(long)]
    listen: Option<String>,
    /// Where the private PostgreSQL and root's first password are kept.
    #[arg(long)]
    data_dir: Option<String>,
    /// PostgreSQL to use instead of a private one.
    #[arg(long, env = "RAAS_DATABASE_URL", hide_env_values = true)]
    database_url: Option<String>,
}

pub(crate) fn load(args: &ServeArgs) -> anyhow::Result<(Config, Option<String>)> {
    let file = match &args.config {
        Some(path) => {
            let text =
                std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
            Some((path.display().to_string(), text))
        }
        None => None,
    };
    let flags = [
        ("server.listen", &args.listen),
        ("server.data_dir", &args.data_dir),
        ("database.url", &args.database_url),
    ]
    .into_iter()
    .filter_map(|(key, value)| value.clone().map(|value| (key.to_owned(), Value::String(value))))
    .collect();
    Ok((
        config::load(&Layers { file, environment: environment::layers(), flags })?,
        environment::root_password(),
    ))
}

pub(crate) fn run(args: &ServeArgs) -> anyhow::Result<ExitCode> {
    let (config, root_password) = load(args)?;
    log(&config)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let shutdown = CancellationToken::new();
        tokio::spawn(stop_on_signal(shutdown.clone()));
        let options = ServeOptions {
            config,
            clock: Arc::new(SystemClock),
            random: Arc::new(SystemRandom),
            root_password,
            search_path: environment::search_path(),
            shutdown,
            ready: None,
        };
        raas_server::serve(options).await
    })?;
    Ok(ExitCode::SUCCESS)
}

async fn stop_on_signal(shutdown: CancellationToken) {
    let (Ok(mut term), Ok(mut int)) = (signal(SignalKind::terminate()), signal(SignalKind::interrupt()))
    else {
        return;
    };
    tokio::select! {
        _ = term.recv() => {}
        _ = int.recv() => {}
    }
    tracing::info!("stopping");
    shutdown.cancel();
}

fn log(config: &Config) -> anyhow::Result<()> {
    let filter = EnvFilter::try_new(&config.log.filter)
        .with_context(|| format!("log.filter: {:?}", config.log.filter))?;
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(std::io::stderr().is_terminal())
        .with_writer(std::io::stderr);
    match config.log.format {
        LogFormat::Text => builder.init(),
        LogFormat::Json => builder.json().init(),
    }
    Ok(())
}
