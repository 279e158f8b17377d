//! `bench lists`: every list of the API on a database with 100,000 minions and 10,000,000 returns; how long each page takes.
//! Which calls are made is in `cases`, what the database is filled with in `fill`.

mod cases;
mod fill;
mod report;

use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use raas_db::private::{PrivateOptions, PrivatePostgres};
use raas_lab::{Api, Bins, Server};
use serde_json::Value;

use super::figures::Figures;
use cases::{Case, Cases};
pub(crate) use fill::Size;
use report::Line;

/// Not counted: statements are prepared and caches filled then.
const WARM_UP: usize = 2;
/// A case that takes so long is not measured further.
const PATIENCE: Duration = Duration::from_secs(15);
/// A page far behind, where a list does not say how many it has.
const DEEP: u32 = 500;
/// Nobody calls in this fleet: what was seen last must stay good for as long as a filled database is kept.
const FOR_EVER_S: &str = "2000000";

/// `shared_buffers` of PostgreSQL.
const MEMORY: &str = "1GB";

/// What is measured.
#[derive(Clone, Debug)]
pub(crate) struct Options {
    /// What the database holds.
    pub(crate) size: Size,
    /// Calls of each case.
    pub(crate) rounds: usize,
    /// A filled database that is kept; made there when there is none.
    pub(crate) dir: Option<PathBuf>,
    /// Only cases whose name contains this.
    pub(crate) only: Option<String>,
}

/// Measures; the exit code says whether every case is fast enough.
pub(crate) async fn lists(bins: &Bins, options: &Options) -> Result<ExitCode> {
    let temporary =
        tempfile::Builder::new().prefix("rlist").tempdir_in("/tmp").context("no directory under /tmp")?;
    let dir = options.dir.as_deref().unwrap_or(temporary.path());
    std::fs::create_dir_all(dir).with_context(|| format!("cannot make {}", dir.display()))?;
    std::fs::set_permissions(dir, std::fs::Permissions::from_mode(0o755))?;
    let mut server = server(bins, dir)?;
    let known = filled(&mut server, &dir.join("filled.json"), options.size).await?;
    let mut of_its_own = PrivateOptions::new(server.data_dir(), "");
    // What a private database has is made for a trial. This is what PostgreSQL's own advice gives one on a machine of 4 GB.
    of_its_own.settings = vec![("shared_buffers".to_owned(), MEMORY.to_owned())];
    let postgres = PrivatePostgres::start(of_its_own).await.context("PostgreSQL does not start")?;
    // One that a killed server left behind has the settings of that server.
    ensure!(!postgres.is_adopted(), "PostgreSQL runs on {} already: stop it first", dir.display());
    let mut server = server.database(postgres.url());
    let measured = measured(&mut server, postgres.url(), &known, options).await;
    server.stop();
    postgres.stop().await;
    let (lines, cases) = measured?;
    println!("\nPostgreSQL with shared_buffers = {MEMORY}");
    Ok(report::print(&known, lines, cases.left_out()))
}

fn server(bins: &Bins, dir: &Path) -> Result<Server> {
    let server = Server::in_dir(&bins.raas, dir)?
        .setting("RAAS__PRESENCE__MASTER_EXPIRY_S", FOR_EVER_S)
        .setting("RAAS__PRESENCE__MINION_EXPIRY_S", FOR_EVER_S);
    Ok(server)
}

/// What the database is filled with; it is filled now where it was not before.
async fn filled(server: &mut Server, told: &Path, size: Size) -> Result<Value> {
    if !told.exists() {
        // The server makes its database; it is filled while no server runs.
        server.start().await?;
        server.stop();
        let known = fill::fill(&server.data_dir(), size).await?;
        std::fs::write(told, known.to_string()).context("cannot write what was filled in")?;
    }
    serde_json::from_str(&std::fs::read_to_string(told)?)
        .with_context(|| format!("{} cannot be read", told.display()))
}

/// Starts the server, waits until it has worked in what was filled, and measures every case.
async fn measured(
    server: &mut Server,
    url: &str,
    known: &Value,
    options: &Options,
) -> Result<(Vec<Line>, Cases)> {
    let start = Instant::now();
    server.start().await?;
    fill::worked_in(url).await?;
    eprintln!("what was filled is worked in after {:.0} s", start.elapsed().as_secs_f64());
    let api = server.api().await?;
    let told = crate::conformance::told(&api).await?;
    let cases = Cases::read()?;
    let mut lines = Vec::new();
    for method in cases.lists(&told)? {
        for case in cases.of(&method, &told[&method], known)? {
            lines.extend(measure(&api, &case, options).await?);
        }
    }
    Ok((lines, cases))
}

/// Calls it again and again; nothing when it is not wanted.
async fn measure(api: &Api, case: &Case, options: &Options) -> Result<Option<Line>> {
    if options.only.as_ref().is_some_and(|part| !case.name().contains(part.as_str())) {
        return Ok(None);
    }
    let Some(kwarg) = kwarg(api, case).await? else { return Ok(None) };
    let (began, mut took, mut rows) = (Instant::now(), Vec::new(), 0);
    for round in 0..WARM_UP + options.rounds {
        let start = Instant::now();
        let ret = call(api, case, &kwarg).await?;
        let time = start.elapsed().as_secs_f64() * 1e3;
        if round >= WARM_UP || began.elapsed() > PATIENCE {
            took.push(time);
        }
        rows = rows_of(&ret);
        if began.elapsed() > PATIENCE {
            break;
        }
    }
    let figures = Figures::of(took);
    eprintln!("{:>9.1} ms {}", figures.percentile(50), case.name());
    Ok(Some(Line { name: case.name(), figures, rows }))
}

/// The parameters; the last page is known when the first was seen. None: there is one page only.
async fn kwarg(api: &Api, case: &Case) -> Result<Option<Value>> {
    let mut kwarg = case.kwarg.clone();
    if case.last_page {
        let first = call(api, case, &kwarg).await?;
        let (Some(count), Some(limit)) = (first["count"].as_i64(), first["limit"].as_i64()) else {
            // Pages without a count: a deep one.
            kwarg["page"] = Value::from(DEEP);
            return Ok(Some(kwarg));
        };
        if limit <= 0 || count <= limit {
            return Ok(None);
        }
        kwarg["page"] = Value::from((count - 1) / limit);
    }
    Ok(Some(kwarg))
}

async fn call(api: &Api, case: &Case, kwarg: &Value) -> Result<Value> {
    let (resource, method) = case.method.split_once('.').context("no method")?;
    let answer = api.raw(resource, method, kwarg.clone()).await;
    Ok(answer.with_context(|| format!("{} with {kwarg}", case.name()))?.ret)
}

fn rows_of(ret: &Value) -> usize {
    let list = if ret["results"].is_array() { &ret["results"] } else { ret };
    list.as_array().map(Vec::len).or_else(|| list.as_object().map(serde_json::Map::len)).unwrap_or(1)
}
