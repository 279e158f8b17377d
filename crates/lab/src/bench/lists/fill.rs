//! Fills the database that a server made: SQL of `fill/`, straight into the tables. Nothing is measured here.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan as _};
use raas_db::private::{PrivateOptions, PrivatePostgres};
use raas_db::{Client, Db, DbOptions, Session as _, partition};
use serde_json::{Value, json};

/// Days of history.
const DAYS: i32 = 32;
/// For one statement.
const LONGEST: Duration = Duration::from_hours(2);
/// How often it is looked whether the server is ready with it.
const LOOK: Duration = Duration::from_millis(500);
/// So many looks in a row find it ready.
const RESTED: u32 = 6;
/// As fast as can be: what is half filled is thrown away.
const SETTINGS: &[(&str, &str)] = &[
    ("shared_buffers", "1GB"),
    ("wal_level", "minimal"),
    ("max_wal_senders", "0"),
    ("max_wal_size", "4GB"),
    ("work_mem", "128MB"),
    ("maintenance_work_mem", "256MB"),
    ("synchronous_commit", "off"),
    ("autovacuum", "off"),
];

/// How much the database holds.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Size {
    /// Minions of four clusters.
    pub(crate) minions: u32,
    /// Returns of a month, about.
    pub(crate) returns: u64,
}

/// Fills the private PostgreSQL of a server that does not run; returns values that mean something there.
pub(super) async fn fill(data_dir: &Path, size: Size) -> Result<Value> {
    eprintln!("filling a database with {} minions and {} returns: some minutes", size.minions, size.returns);
    let mut options = PrivateOptions::new(data_dir, "");
    options.throwaway = true;
    options.settings = SETTINGS.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
    let postgres = PrivatePostgres::start(options).await.context("PostgreSQL does not start")?;
    let filled = pour(postgres.url(), size).await;
    postgres.stop().await;
    filled
}

/// Waits until the server has worked in what was filled, as it did in any fleet that did not come all at once.
pub(super) async fn worked_in(url: &str) -> Result<()> {
    let client = Db::open(DbOptions::new(url)).await?.client().await?;
    let (start, mut rested) = (Instant::now(), 0);
    while start.elapsed() < LONGEST {
        let current: bool =
            client.query_one(include_str!("fill/current.sql"), &[]).await?.try_get("current")?;
        // One that has only just started may not have looked yet.
        rested = if current { rested + 1 } else { 0 };
        if rested > RESTED {
            return Ok(());
        }
        tokio::time::sleep(LOOK).await;
    }
    bail!("the server has not worked in what was filled after {LONGEST:?}")
}

async fn pour(url: &str, size: Size) -> Result<Value> {
    let mut options = DbOptions::new(url);
    (options.statement_timeout, options.answer_timeout) = (LONGEST, LONGEST);
    options.idle_in_transaction_timeout = LONGEST;
    let db = Db::open(options).await?;
    let now = now();
    let mut one = session(&db, size, now).await?;
    let other = session(&db, size, now).await?;
    partition::ensure_days(&mut one, &days(now)?).await?;
    step(&one, "minions", include_str!("fill/fleet.sql")).await?;
    step(&one, "people and what they save", include_str!("fill/saved.sql")).await?;
    step(&one, "jobs", include_str!("fill/jobs.sql")).await?;
    let outcomes = step(&one, "outcomes", include_str!("fill/outcomes.sql"));
    let returns = step(&other, "returns", include_str!("fill/returns.sql"));
    tokio::try_join!(outcomes, returns)?;
    step(&one, "commands", include_str!("fill/commands.sql")).await?;
    step(&one, "runs of states", include_str!("fill/highstates.sql")).await?;
    // Keys are counted in one statement for all minions, which no fleet does: half of the table would be what they were before.
    step(&one, "room", "VACUUM FULL minion").await?;
    step(&one, "statistics", "VACUUM ANALYZE").await?;
    let text: String = one.query_one(include_str!("fill/known.sql"), &[]).await?.try_get(0)?;
    let mut known: Value = serde_json::from_str(&text).context("what is known is no JSON")?;
    known["size"] = json!({"minions": size.minions, "returns": size.returns});
    Ok(known)
}

async fn session(db: &Db, size: Size, now: Timestamp) -> Result<Client> {
    let client = db.client().await?;
    let Size { minions, returns } = size;
    let settings =
        format!("SET bench.minions = '{minions}'; SET bench.returns = '{returns}'; SET bench.now = '{now}'");
    client.batch(&settings).await?;
    Ok(client)
}

async fn step(client: &Client, what: &str, sql: &str) -> Result<()> {
    let start = Instant::now();
    client.batch(sql).await.with_context(|| format!("filling in {what}"))?;
    eprintln!("  {what}: {:.0} s", start.elapsed().as_secs_f64());
    Ok(())
}

fn days(now: Timestamp) -> Result<Vec<Date>> {
    let today = now.to_zoned(jiff::tz::TimeZone::UTC).date();
    (-DAYS..=2).map(|by| Ok(today.checked_add(by.days())?)).collect()
}

#[allow(clippy::disallowed_methods, reason = "a benchmark's own clock")]
fn now() -> Timestamp {
    Timestamp::now()
}
