//! What `bench ingest` prints: ratios within one run, with the absolute figures and how each was measured.

use super::{Amount, MASTERS, MINIONS, Plugin, WORKERS, rivals::Took};

/// The goals of this house.
const OF_COPY: f64 = 0.5;
const OF_PGJSONB: f64 = 100.0;
const SERVER_MIB: f64 = 300.0;
const PLUGIN_MIB: f64 = 20.0;

/// What the server did in a round.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Served {
    pub(crate) took: Took,
    pub(crate) batches: usize,
    pub(crate) raas_seconds: f64,
    pub(crate) postgres_seconds: f64,
}

/// Everything, measured once.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Round {
    pub(crate) server: Served,
    pub(crate) bytea: Took,
    pub(crate) jsonb: Took,
    pub(crate) pgjsonb: Took,
    pub(crate) pgjsonb_workers: Took,
}

/// All of it.
#[derive(Debug)]
pub(crate) struct Measured {
    pub(crate) rounds: Vec<Round>,
    pub(crate) server_mib: f64,
    pub(crate) plugin: Plugin,
}

impl Measured {
    fn median(&self, what: impl Fn(&Round) -> f64) -> f64 {
        median(self.rounds.iter().map(what).collect())
    }
}

fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures.get(figures.len() / 2).copied().unwrap_or(f64::NAN)
}

pub(crate) fn print(version: &str, amount: Amount, measured: &Measured) {
    println!(
        "\n{} returns a round, medians of {} rounds (least to most); 3 of 10 jobs are test.ping, 6 are states of 2 kB that\n\
         differ, 1 is a state that is equal on all minions",
        amount.returns, amount.rounds
    );
    println!("{:<44}{:>12}{:>22}{:>12}", "", "returns/s", "least to most", "CPU µs each");
    let took = |name: &str, of: fn(&Round) -> Took| {
        let rates: Vec<f64> = measured.rounds.iter().map(|round| of(round).rate()).collect();
        let (least, most) =
            (rates.iter().copied().fold(f64::INFINITY, f64::min), rates.iter().copied().fold(0.0, f64::max));
        let cpu = measured.median(|round| of(round).cpu_seconds.unwrap_or(f64::NAN) / of(round).rows * 1e6);
        let cpu = if cpu.is_nan() { String::new() } else { format!("{cpu:.0}") };
        println!("{name:<44}{:>12.0}{:>22}{cpu:>12}", median(rates), format!("{least:.0} to {most:.0}"));
    };
    took("raas serve: HTTP to commit", |round| round.server.took);
    took("COPY, values as bytea", |round| round.bytea);
    took("COPY, values as jsonb", |round| round.jsonb);
    took("pgjsonb, 1 worker", |round| round.pgjsonb);
    took(&format!("pgjsonb, {WORKERS} workers"), |round| round.pgjsonb_workers);
    let each =
        |seconds: fn(&Round) -> f64| measured.median(|round| seconds(round) / round.server.took.rows * 1e6);
    println!(
        "  of raas serve's CPU: {:.0} µs the server, {:.0} µs PostgreSQL; {:.0} returns a batch",
        each(|round| round.server.raas_seconds),
        each(|round| round.server.postgres_seconds),
        measured.median(|round| round.server.took.rows / super::float(round.server.batches))
    );
    ratios(measured);
    memory(measured);
    how(version, amount);
}

/// Within each round, then the median.
fn ratios(measured: &Measured) {
    println!("\n{:<44}{:>12}{:>12}", "", "ratio", "goal");
    let ratio = |name: &str, to: fn(&Round) -> Took, goal: f64| {
        let ratio = measured.median(|round| round.server.took.rate() / to(round).rate());
        println!(
            "{name:<44}{ratio:>12.2}{:>12}",
            format!("{} {goal}", if ratio >= goal { "met:" } else { "missed:" })
        );
    };
    ratio("to COPY of the same rows as bytea", |round| round.bytea, OF_COPY);
    ratio("to COPY of the same rows as jsonb", |round| round.jsonb, OF_COPY);
    ratio("to pgjsonb with 1 worker", |round| round.pgjsonb, OF_PGJSONB);
    ratio(&format!("to pgjsonb with {WORKERS} workers"), |round| round.pgjsonb_workers, OF_PGJSONB);
}

fn memory(measured: &Measured) {
    println!("\n{:<44}{:>12}{:>12}", "most memory (VmHWM)", "MiB", "goal");
    let line = |name: &str, mib: f64, goal: f64| {
        println!(
            "{name:<44}{mib:>12.1}{:>12}",
            format!("{} {goal}", if mib <= goal { "met:" } else { "missed:" })
        );
    };
    line("raas serve, without PostgreSQL", measured.server_mib, SERVER_MIB);
    line("raas-plugin, fed by an event bus", measured.plugin.peak_mib, PLUGIN_MIB);
    let took = measured.plugin.took;
    println!(
        "  the plugin carried {:.0} returns, put on its bus at {} a second, at {:.0}/s to their commit, with {:.0} µs of CPU each",
        took.rows,
        super::PACE,
        took.rate(),
        took.cpu_seconds.unwrap_or(f64::NAN) / took.rows * 1e6
    );
}

fn how(version: &str, amount: Amount) {
    println!(
        "\nHow: raas serve with its private PostgreSQL and default settings, in processes of their own. {} masters of two failover\n\
         clusters send at once, each its next batch when the one before is committed; batches are those of a plugin with\n\
         much to send (2000 records, 1 MiB, signed, zstd), encoded before the clock starts, sent with the plugin's client, and hold jobs, signs of life and returns;\n\
         {MINIONS} minions return a job. Afterwards every return must be counted. COPY: one binary COPY and its commit into a table\n\
         without any index, by psycopg2, in the same PostgreSQL; jsonb is what Salt's returner stores, bytea is the harder\n\
         measure. pgjsonb: Salt {version}'s own module with the schema of its documentation, {} s; {WORKERS} is Salt's default of\n\
         worker_threads. CPU of COPY is that of its backend.",
        MASTERS * super::CLUSTERS.len(),
        amount.seconds
    );
}
