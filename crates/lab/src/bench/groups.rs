//! `bench groups`: what it costs to keep the members of 1,000 target groups current for 100,000 minions. What the database is
//! filled with is in `fill`, what is printed in `report`.

mod fill;
mod process;
mod report;

use std::os::unix::fs::PermissionsExt as _;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use raas_db::private::{PrivateOptions, PrivatePostgres};
use raas_db::{Client, Db, DbOptions, Session as _, listen};
use raas_lab::{Api, Bins, Server};
use serde_json::{Value, json};

use super::figures::Figures;
pub(crate) use fill::Size;
use report::{Change, Report, Table};

/// How long anything may take.
const PATIENCE: Duration = Duration::from_hours(1);
/// How often it is looked whether something is current, while the measured process works.
const LOOK: Duration = Duration::from_millis(10);
/// Calls of each way of reading; and rounds of changes.
const ROUNDS: usize = 10;
/// Minions that tell other grains at once.
const CHANGED: [u32; 2] = [1_000, 10_000];
/// Nobody calls in this fleet.
const FOR_EVER_S: &str = "2000000";
/// A quarter of all minions, by a grain.
const DEBIAN: &str = "os:Debian";

/// Measures and prints.
pub(crate) async fn groups(bins: &Bins, size: Size) -> Result<ExitCode> {
    let dir =
        tempfile::Builder::new().prefix("rgrp").tempdir_in("/tmp").context("no directory under /tmp")?;
    std::fs::set_permissions(dir.path(), std::fs::Permissions::from_mode(0o755))?;
    let postgres = PrivatePostgres::start(PrivateOptions::new(dir.path().join("db"), "bench")).await?;
    let measured = measure(bins, postgres.url(), size).await;
    postgres.stop().await;
    report::print(size, &measured?);
    Ok(ExitCode::SUCCESS)
}

async fn measure(bins: &Bins, url: &str, size: Size) -> Result<Report> {
    let mut server = Server::new(&bins.raas)?
        .database(url)
        .setting("RAAS__PRESENCE__MASTER_EXPIRY_S", FOR_EVER_S)
        .setting("RAAS__PRESENCE__MINION_EXPIRY_S", FOR_EVER_S);
    // It makes its tables; they are filled while no server runs.
    server.start().await?;
    server.stop();
    let db = Db::open(options(url)).await?;
    fill::fill(&db, size).await?;
    let client = db.client().await?;
    let start = Instant::now();
    server.start().await?;
    let resolved = current(&client, start).await?;
    eprintln!("  all groups are resolved: {:.0} s", resolved.as_secs_f64());
    let pid = server.pid()?;
    let peak_resolving = process::mib(pid, "VmHWM")?;
    client.batch("VACUUM ANALYZE target_member").await?;
    let table = table(&client).await?;
    let mut changes = Vec::new();
    for minions in CHANGED.into_iter().filter(|minions| *minions <= size.minions) {
        changes.push(Change { minions, took: changed(&client, minions, false).await? });
        changes.push(Change { minions, took: changed(&client, minions, true).await? });
    }
    let api = server.api().await?;
    let (saved, kept, anew) = read(&api, &client).await?;
    let idle = (process::mib(pid, "VmRSS")?, process::mib(pid, "VmHWM")?);
    Ok(Report { resolved, peak_resolving, table, changes, saved, kept, anew, idle })
}

fn options(url: &str) -> DbOptions {
    let mut options = DbOptions::new(url);
    (options.statement_timeout, options.answer_timeout) = (PATIENCE, PATIENCE);
    options.idle_in_transaction_timeout = PATIENCE;
    options
}

/// Waits until every group is resolved and every change worked in; how long that was.
async fn current(client: &Client, since: Instant) -> Result<Duration> {
    let sql = include_str!("groups/fill/current.sql");
    while since.elapsed() < PATIENCE {
        if client.query_one(sql, &[]).await?.try_get("current")? {
            return Ok(since.elapsed());
        }
        tokio::time::sleep(LOOK).await;
    }
    bail!("the members were not current after {PATIENCE:?}")
}

async fn table(client: &Client) -> Result<Table> {
    let sql = include_str!("groups/fill/table.sql");
    let row = client.query_one(sql, &[]).await?;
    let (rows, heap, indexes) = (row.try_get("rows")?, row.try_get("heap")?, row.try_get("indexes")?);
    Ok(Table { rows, heap, indexes, minions: row.try_get("minions")? })
}

/// So many minions tell other grains at once: milliseconds from their commit until the members are current, in some rounds.
/// `matters`: each leaves some groups for others; else no group looks at what changed.
async fn changed(client: &Client, minions: u32, matters: bool) -> Result<Figures> {
    let mut took = Vec::new();
    for round in 0..ROUNDS {
        let settings = format!(
            "SET bench.changed = '{minions}'; SET bench.round = '{round}'; SET bench.matters = '{matters}'"
        );
        client.batch(&settings).await?;
        client.batch(include_str!("groups/fill/told.sql")).await?;
        let start = Instant::now();
        listen::notify(client, listen::WORK, "targets").await?;
        took.push(current(client, start).await?.as_secs_f64() * 1e3);
    }
    eprintln!("  {minions} minions changed {ROUNDS} times");
    Ok(Figures::of(took))
}

/// A quarter of all minions as a new group: until it is resolved; and its members, kept and worked out anew.
async fn read(api: &Api, client: &Client) -> Result<(f64, Figures, Figures)> {
    let tgt = json!({"*": {"tgt_type": "grain", "tgt": DEBIAN}});
    let start = Instant::now();
    let new = json!({"name": "bench", "tgt": tgt});
    let uuid = api.raw("tgt", "save_target_group", new).await?.ret;
    let saved = current(client, start).await?.as_secs_f64() * 1e3;
    let ways = [json!({"tgt_uuid": uuid}), json!({"tgt": tgt})];
    let (mut took, mut shown) = ([Vec::new(), Vec::new()], [Value::Null, Value::Null]);
    for _ in 0..ROUNDS {
        for (way, kwarg) in ways.iter().enumerate() {
            let start = Instant::now();
            shown[way] = api.raw("tgt", "get_target_group_minions", kwarg.clone()).await?.ret;
            took[way].push(start.elapsed().as_secs_f64() * 1e3);
        }
    }
    if shown[0] != shown[1] {
        bail!("the kept members are not those that are worked out anew");
    }
    let [kept, anew] = took.map(Figures::of);
    Ok((saved, kept, anew))
}
