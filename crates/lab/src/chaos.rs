//! `chaos`: a simulated fleet sends returns through the real plugins and servers while all of them are killed, cut off and
//! slowed at random; at the end the history is compared with what the minions truly did.

mod database;
mod figures;
pub(crate) mod fleet;
mod load;
mod plan;
mod proof;
mod strike;

use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use raas_lab::Bins;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use figures::{Figures, Times};
use fleet::Fleet;
use load::Issued;
use plan::{Step, Targets};
use proof::Proven;

/// How long nothing may get better after the last fault before the run has failed.
const PATIENCE: Duration = Duration::from_mins(4);

/// What a run shall be.
#[derive(Clone, Debug)]
pub(crate) struct Options {
    /// Decides everything that is left to chance.
    pub(crate) seed: u64,
    /// Seconds of load under faults.
    pub(crate) seconds: u64,
    /// Returns, about.
    pub(crate) returns: u64,
    /// Minions of each cluster.
    pub(crate) minions: usize,
    /// Leave the directory for a person.
    pub(crate) keep: bool,
}

impl Options {
    pub(crate) fn length(&self) -> Duration {
        Duration::from_secs(self.seconds)
    }

    /// More than a check of every day.
    pub(crate) fn is_long(&self) -> bool {
        self.seconds > 60
    }
}

/// Runs it. The exit code says whether everything was proven.
pub(crate) async fn run(bins: &Bins, options: &Options) -> Result<ExitCode> {
    let seed = options.seed;
    eprintln!("chaos, seed {seed}: setting up two servers, PostgreSQL, two clusters of two masters");
    let mut fleet = Fleet::set_up(bins, options).await.with_context(|| format!("seed {seed}: setting up"))?;
    if options.keep {
        Arc::get_mut(&mut fleet).context("the fleet is used already")?.dir.disable_cleanup(true);
        eprintln!("chaos, seed {seed}: everything is in {}", fleet.dir.path().display());
    }
    let good = under_way(&fleet, options).await.with_context(|| format!("chaos failed; seed {seed}"))?;
    fleet.database.stop().await;
    Ok(if good { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

async fn under_way(fleet: &Arc<Fleet>, options: &Options) -> Result<bool> {
    let (figures, issued) = (Arc::new(Figures::default()), Arc::new(Issued::default()));
    let mut beside = JoinSet::new();
    beside.spawn(Arc::clone(fleet).keep());
    beside.spawn(Arc::clone(&figures).watch_door(fleet.door.url()));
    beside.spawn(Arc::clone(&figures).watch_memory(Arc::clone(fleet)));
    let start = Instant::now();
    storm(fleet, options, &figures, &issued).await?;
    strike::mend_all(fleet).await?;
    let (mended, load) = (Instant::now(), start.elapsed());
    eprintln!("chaos: all is mended; waiting until everything has ended");
    fleet::quiet(fleet, PATIENCE).await?;
    let times = Times { load, drain: mended.elapsed() };
    eprintln!("chaos: all is quiet; comparing the history with what the minions did");
    let mut proven = proven(fleet, &issued).await?;
    beside.shutdown().await;
    if proven.sums.kept < options.returns / 2 {
        let few = format!(
            "only {} of about {} returns came to be: this proves too little",
            proven.sums.kept, options.returns
        );
        proven.wrong(few);
    }
    print!("{}", figures.table(options.seed, &times, &proven));
    for problem in &proven.problems {
        println!("WRONG: {problem}");
    }
    if proven.wrong > 0 {
        println!(
            "chaos FAILED, seed {}: {} things are wrong; the first are above",
            options.seed, proven.wrong
        );
    }
    Ok(proven.wrong == 0)
}

/// Load and faults, until the time is over.
async fn storm(
    fleet: &Arc<Fleet>,
    options: &Options,
    figures: &Arc<Figures>,
    issued: &Arc<Issued>,
) -> Result<()> {
    let end = CancellationToken::new();
    let mut loads = JoinSet::new();
    for at in 0..fleet.clusters.len() {
        loads.spawn(load::jobs(Arc::clone(fleet), at, Arc::clone(issued), options.clone(), end.clone()));
        loads.spawn(load::runners(Arc::clone(fleet), at, Arc::clone(issued), options.seed, end.clone()));
    }
    let targets = Targets {
        servers: fleet.nodes.len(),
        masters: fleet.masters().len(),
        clusters: fleet.clusters.len(),
    };
    let (start, mut strikes) = (Instant::now(), JoinSet::new());
    for step in plan::draw(options.seed, options.length(), targets) {
        tokio::time::sleep_until((start + step.at).into()).await;
        strikes.spawn(strike(Arc::clone(fleet), Arc::clone(figures), step));
    }
    tokio::time::sleep_until((start + options.length()).into()).await;
    end.cancel();
    while let Some(struck) = strikes.join_next().await {
        struck.context("a fault failed")??;
    }
    while loads.join_next().await.is_some() {}
    Ok(())
}

async fn strike(fleet: Arc<Fleet>, figures: Arc<Figures>, step: Step) -> Result<()> {
    if strike::strike(&fleet, &step).await.with_context(|| format!("{step:?}"))? {
        figures.struck(strike::name(step.fault));
    }
    Ok(())
}

/// What comes a little late is not lost: a difference must stay to count.
async fn proven(fleet: &Fleet, issued: &Issued) -> Result<Proven> {
    let since = Instant::now();
    loop {
        let proven = proof::prove(fleet, issued).await?;
        if proven.wrong == 0 || since.elapsed() > Duration::from_secs(45) {
            return Ok(proven);
        }
        tokio::time::sleep(Duration::from_secs(5)).await;
    }
}
