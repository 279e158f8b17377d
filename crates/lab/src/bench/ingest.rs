//! `bench ingest`: returns per second that a real server commits, beside COPY of the same rows and Salt's own PostgreSQL
//! returner, on the same PostgreSQL in one run; and the memory of server and plugin.

mod bus;
mod report;
mod rivals;
mod sample;
mod sender;
mod usage;

use std::path::Path;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use jiff::Timestamp;
use raas_api::Jid;
use raas_api::cmd::{GetCmdStatus, GetCmdStatusParams};
use raas_lab::{Api, Bins, Server, Venv, salt_venv, wait};

use bus::Bus;
use report::{Measured, Round};
use rivals::{Rivals, Took};
use sample::Sample;
use sender::Sender;

/// Two failover clusters of two masters: half of the minions are on each.
const CLUSTERS: [&str; 2] = ["bench-a", "bench-b"];
const MASTERS: usize = 2;
/// Minions of a cluster: so many returns has a job.
const MINIONS: usize = 2000;
/// Salt's master has so many workers unless it is told otherwise (`worker_threads`).
const WORKERS: usize = 5;
/// Returns a second on the bus of the real plugin: what Salt's own bus carries (2 kB events of 3007).
const PACE: f64 = 2000.0;
const PATIENCE: Duration = Duration::from_mins(5);

/// How much is measured.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Amount {
    /// Rounds, in each of which everything is measured once.
    pub(crate) rounds: usize,
    /// Returns of a round.
    pub(crate) returns: usize,
    /// Seconds of pgjsonb in a round.
    pub(crate) seconds: u64,
}

/// Measures, and prints ratios with the figures behind them.
pub(crate) async fn ingest(bins: &Bins, cache: &Path, version: &str, amount: Amount) -> Result<ExitCode> {
    let venv = salt_venv(version, cache, &mut |step| eprintln!("{step}"))?;
    let dir =
        tempfile::Builder::new().prefix("rben").tempdir_in("/tmp").context("no directory under /tmp")?;
    let mut server = Server::new(&bins.raas)?;
    eprintln!("a server with a private PostgreSQL");
    server.start().await?;
    let api = server.api().await?;
    let rivals = Rivals::new(&venv, cache, &server.data_dir(), dir.path())?;
    let mut bench = Bench { api, server, rivals, venv: &venv, dir: dir.path(), senders: Vec::new(), jobs: 0 };
    bench.join().await?;
    let mut rounds = Vec::new();
    for number in 0..=amount.rounds {
        let name =
            if number == 0 { "not counted".to_owned() } else { format!("{number} of {}", amount.rounds) };
        eprintln!("round {name}");
        let round = bench.round(amount).await?;
        if number > 0 {
            rounds.push(round);
        }
    }
    let server_mib = usage::peak_mib(bench.server.pid()?)?;
    eprintln!("the real plugin, on a bus of its own");
    let plugin = bench.plugin(bins, amount.returns / 2).await?;
    report::print(version, amount, &Measured { rounds, server_mib, plugin });
    Ok(ExitCode::SUCCESS)
}

/// What came of the real plugin.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Plugin {
    /// Returns from its bus to the database.
    pub(crate) took: Took,
    /// The most memory it held.
    pub(crate) peak_mib: f64,
}

struct Bench<'a> {
    api: Api,
    server: Server,
    rivals: Rivals,
    venv: &'a Venv,
    dir: &'a Path,
    senders: Vec<Sender>,
    jobs: usize,
}

impl Bench<'_> {
    async fn join(&mut self) -> Result<()> {
        for cluster_id in CLUSTERS {
            for number in 1..=MASTERS {
                let master_id = format!("{cluster_id}-{number}");
                let (url, dir) = (self.server.url(), self.dir);
                self.senders.push(Sender::join(&self.api, &url, dir, &master_id, cluster_id).await?);
            }
        }
        Ok(())
    }

    async fn round(&mut self, amount: Amount) -> Result<Round> {
        let jobs = self.jobs(amount.returns)?;
        let returns: Vec<Sample> = jobs.iter().flatten().cloned().collect();
        let server = self.server(&jobs).await?;
        let file = self.dir.join("rows");
        let mut copies = Vec::new();
        for kind in ["bytea", "jsonb"] {
            rivals::write_copy(&file, kind, &returns)?;
            copies.push(self.rivals.copy(kind, &file)?);
        }
        rivals::write_dictionaries(&file, returns.get(..20_000).unwrap_or(&returns))?;
        let [one, many] = [1, WORKERS].map(|workers| self.rivals.pgjsonb(&file, workers, amount.seconds));
        let (Some(bytea), Some(jsonb)) = (copies.first(), copies.get(1)) else { anyhow::bail!("no COPY") };
        Ok(Round { server, bytea: *bytea, jsonb: *jsonb, pgjsonb: one?, pgjsonb_workers: many? })
    }

    /// New jobs of as many returns, each with the minions of one cluster.
    fn jobs(&mut self, returns: usize) -> Result<Vec<Vec<Sample>>> {
        let mut jobs = Vec::new();
        for _ in 0..returns.div_ceil(MINIONS * CLUSTERS.len()) {
            for cluster_id in CLUSTERS {
                let jid = new_jid(self.jobs)?;
                jobs.push(sample::job(&jid, self.jobs / CLUSTERS.len(), &minions(cluster_id)));
                self.jobs += 1;
            }
        }
        Ok(jobs)
    }

    /// All masters send at once; it is over when the last batch is committed.
    async fn server(&mut self, jobs: &[Vec<Sample>]) -> Result<report::Served> {
        for (place, job) in jobs.iter().enumerate() {
            let cluster = place % CLUSTERS.len();
            let named = minions(CLUSTERS[cluster]);
            let masters = &mut self.senders[cluster * MASTERS..(cluster + 1) * MASTERS];
            for (half, sender) in job.chunks(job.len().div_ceil(MASTERS)).zip(masters) {
                sender.prepare(&named, half)?;
            }
        }
        for sender in &mut self.senders {
            sender.encode()?;
        }
        let data = self.server.data_dir().join("postgres/data");
        let pid = self.server.pid()?;
        let (raas, postgres) = (usage::cpu_seconds(pid), usage::postgres_seconds(&data));
        let start = Instant::now();
        let sends = std::mem::take(&mut self.senders).into_iter().map(|mut sender| {
            tokio::spawn(async move {
                let batches = sender.send().await?;
                anyhow::Ok((sender, batches))
            })
        });
        let mut batches = 0;
        for send in sends.collect::<Vec<_>>() {
            let (sender, count) = send.await.context("a sender failed")??;
            self.senders.push(sender);
            batches += count;
        }
        let seconds = start.elapsed().as_secs_f64();
        let used = (usage::cpu_seconds(pid) - raas, usage::postgres_seconds(&data) - postgres);
        let rows = jobs.iter().map(Vec::len).sum::<usize>();
        self.stored(jobs).await?;
        let took = Took { rows: float(rows), seconds, cpu_seconds: Some(used.0 + used.1) };
        Ok(report::Served { took, batches, raas_seconds: used.0, postgres_seconds: used.1 })
    }

    /// Waits until every return is counted, each once.
    async fn stored(&self, jobs: &[Vec<Sample>]) -> Result<()> {
        let jids = jobs.iter().filter_map(|job| job.first()?.jid.parse::<Jid>().ok()).collect::<Vec<_>>();
        let expected: usize = jobs.iter().map(Vec::len).sum();
        wait::until("every return to be counted", PATIENCE, || async {
            let params = GetCmdStatusParams { jids: jids.clone() };
            let counts = self.api.call::<GetCmdStatus>(&params).await.map_err(|error| error.to_string())?;
            let counted: i64 = counts.iter().map(|count| count.returned).sum();
            let done = counts.iter().filter(|count| count.done).count();
            if usize::try_from(counted) == Ok(expected) && done == jids.len() {
                return Ok(());
            }
            Err(format!("{counted} of {expected} returns, {done} of {} jobs are done", jids.len()))
        })
        .await
    }

    /// The same kind of load through a real plugin: bus, spool, uplink.
    async fn plugin(&mut self, bins: &Bins, returns: usize) -> Result<Plugin> {
        let (dir, url) = (self.dir.join("master"), self.server.url());
        let mut bus = Bus::start((bins, self.venv), &dir, &url, "bench-bus").await?;
        self.api.accept(&self.api.pending_masters(&["bench-bus".to_owned()]).await?).await?;
        let pid = bus.plugin()?;
        wait::until("the plugin to listen", PATIENCE, || async {
            if bus.is_heard().await { Ok(()) } else { Err("nobody listens".to_owned()) }
        })
        .await?;
        let jobs = self.jobs(returns)?;
        let start = Instant::now();
        let mut fired = 0;
        for (place, job) in jobs.iter().enumerate() {
            if let Some(first) = job.first() {
                bus.job(&minions(CLUSTERS[place % CLUSTERS.len()]), first).await?;
            }
            for part in job.chunks(50) {
                bus.returns(part).await?;
                fired += part.len();
                let due = start + Duration::from_secs_f64(float(fired) / PACE);
                tokio::time::sleep_until(due.into()).await;
            }
        }
        self.stored(&jobs).await?;
        let rows = jobs.iter().map(Vec::len).sum::<usize>();
        let seconds = start.elapsed().as_secs_f64();
        bus.plugin()?;
        let cpu_seconds = Some(usage::cpu_seconds(pid));
        Ok(Plugin { took: Took { rows: float(rows), seconds, cpu_seconds }, peak_mib: usage::peak_mib(pid)? })
    }
}

fn float(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}

fn minions(cluster_id: &str) -> Vec<String> {
    (0..MINIONS).map(|number| format!("web{number:05}.{cluster_id}.example.com")).collect()
}

/// A jid of now, as Salt makes them; `number` keeps them apart.
#[allow(clippy::disallowed_methods, reason = "a benchmark's own clock")]
fn new_jid(number: usize) -> Result<String> {
    let now = Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC);
    let jid = format!("{}{:06}", now.strftime("%Y%m%d%H%M%S"), number % 1_000_000);
    jid.parse::<Jid>().map(|_| jid.clone()).map_err(|_| anyhow::anyhow!("{jid} is no jid"))
}
