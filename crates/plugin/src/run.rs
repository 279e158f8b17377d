//! `raas-plugin run`: what the engine becomes. Reads the settings, starts the parts, and ends them in order: when told to,
//! and when the master's main process is gone.

mod facts;
mod made;
mod options;
mod record;

use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use raas_salt::{MasterConfig, Requests};
use raas_wire::SaltState;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::{mpsc, watch};
use tokio_util::sync::CancellationToken;

use crate::clock::Clock;
use crate::identity::Identity;
use crate::jobs::Jobs;
use crate::lock;
use crate::parent::Parent;
use crate::random::Random;
use crate::settings::Settings;
use crate::spool::{Options as SpoolOptions, Spool};
use crate::uplink::{Client, Link, Pin, Standing};
use crate::watch::SaltNow;

use made::Made;

/// How long a predecessor may take to end.
const PATIENCE: Duration = Duration::from_secs(30);
/// How long the last word to the server may take: Salt kills what takes long to stop.
const FAREWELL: Duration = Duration::from_secs(2);

/// What `run` is told.
#[derive(Debug)]
pub struct Run {
    /// Configuration directory of the master.
    pub config_dir: PathBuf,
    /// Where the engine left the master's own options.
    pub options_fd: Option<i32>,
    /// What is logged.
    pub log_filter: String,
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub random: Arc<dyn Random>,
}

impl Run {
    /// Until the plugin is told to end, or its master is gone.
    ///
    /// # Errors
    /// When the settings are wrong, or a file that it needs cannot be used.
    pub async fn run(self) -> Result<()> {
        let parent = Parent::now();
        let config = options::config(&self.config_dir, self.options_fd)?;
        let reading = crate::settings::Reading::of(&config);
        crate::log::start(&self.log_filter, Some(&reading.settings.places.log));
        let settings = Settings::of(&config)
            .inspect_err(|error| tracing::error!("raas.conf cannot be used:\n{error}"))
            .context("raas.conf cannot be used")?;
        let started = self.start(&config, &settings, parent).await;
        started.inspect_err(|error| tracing::error!("raas-plugin ends: {error:#}"))
    }

    async fn start(&self, config: &MasterConfig, settings: &Settings, parent: Parent) -> Result<()> {
        let places = &settings.places;
        make_directory(&places.dir)?;
        let lock = lock::take(&places.lock, PATIENCE)
            .await
            .with_context(|| format!("cannot lock {}", places.lock.display()))?;
        let Some(_lock) = lock else {
            bail!("another raas-plugin of this master holds {} and does not end", places.lock.display());
        };
        let identity = Identity::load_or_make(&places.public_key, &*self.random)?;
        tracing::info!(
            master = config.id, cluster = settings.cluster_id.as_deref().unwrap_or("none"), kind = %settings.kind,
            server = settings.server, fingerprint = identity.fingerprint, "raas-plugin starts"
        );
        let spool = SpoolOptions { path: places.spool.clone(), limits: settings.limits };
        let spool = Spool::open(spool, Arc::clone(&self.clock), Arc::clone(&self.random))?;
        let client = Arc::new(Client::new(Link {
            server: settings.server.clone(),
            validate: settings.validate,
            timeout: settings.timeout,
            identity,
            pin: Pin::load(&places.server_key)?,
            clock: Arc::clone(&self.clock),
            random: Arc::clone(&self.random),
        })?);
        let (jobs, requests) = (Jobs::default(), Requests::new(config));
        let main = parent.identity();
        self.together(Made { config, settings, spool, client, jobs, requests, main }, parent).await
    }

    /// All parts side by side, then their end: work first, so that what runs is still heard; the server's line last.
    async fn together(&self, made: Made<'_>, parent: Parent) -> Result<()> {
        let (salt_out, salt) = watch::channel(SaltNow::default());
        let (work_out, work) = mpsc::unbounded_channel();
        let (standing_out, standing) = watch::channel(Standing::starting(self.clock.now()));
        let main_alive = Arc::new(AtomicBool::new(true));
        let [work_end, watch_end, link_end] = [(); 3].map(|()| CancellationToken::new());

        let working = tokio::spawn(made.worker(self).run(work, work_end.clone()));
        let watch = made.watch(self, salt_out, Arc::clone(&main_alive));
        let watching = tokio::spawn(crate::watch::run(watch, watch_end.clone()));
        let uplink = Arc::new(made.uplink(salt.clone(), work_out, standing_out));
        let linking = tokio::spawn({
            let (uplink, end) = (Arc::clone(&uplink), link_end.clone());
            async move { uplink.run(end).await }
        });
        let board = record::Board::new(made.config, made.settings, Arc::clone(&self.clock));
        let recording = tokio::spawn(board.keep(standing, salt, made.spool.depth()));

        let last = until_the_end(parent).await?;
        main_alive.store(last == SaltState::Gone, Ordering::Relaxed);
        for (end, task) in [(work_end, working), (watch_end, watching), (link_end, linking)] {
            end.cancel();
            if let Err(error) = task.await {
                tracing::error!(%error, "a part of the plugin failed");
            }
        }
        uplink.farewell(last, FAREWELL).await;
        recording.abort();
        tracing::info!("raas-plugin ends");
        Ok(())
    }
}

/// Waits for a signal, or for the end of the master's main process; says how Salt is then.
async fn until_the_end(parent: Parent) -> Result<SaltState> {
    let mut terminate = signal(SignalKind::terminate()).context("cannot listen for SIGTERM")?;
    let mut interrupt = signal(SignalKind::interrupt()).context("cannot listen for SIGINT")?;
    let (why, state) = tokio::select! {
        _ = terminate.recv() => ("SIGTERM", SaltState::Gone),
        _ = interrupt.recv() => ("SIGINT", SaltState::Gone),
        () = parent.gone() => ("the master's main process is gone", SaltState::Orphaned),
    };
    tracing::info!(why, "raas-plugin is ending");
    Ok(state)
}

fn make_directory(dir: &Path) -> Result<()> {
    std::fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(dir)
        .with_context(|| format!("{} cannot be made; the master's user needs it", dir.display()))
}
