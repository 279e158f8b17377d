//! What a chaos run breaks: two servers on one PostgreSQL behind a balancer, clusters of simulated masters with the real
//! plugin, a faulty proxy on every line between them.

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use raas_lab::process::MARK;
use raas_lab::proxy::Target;
use raas_lab::sim::{Book, Dice, Minions, Place, Rules, place};
use raas_lab::{Api, Bins, FaultyProxy, Process, Server, net, tree, wait};
use tempfile::TempDir;
use tokio::sync::{Mutex, OnceCell};

use super::Options;
use super::database::Database;

/// Name and password of the only account.
pub(crate) const ROOT: (&str, &str) = ("root", "only-for-chaos");
const MASTERS: usize = 2;
/// For everything to be there at the start.
const START: Duration = Duration::from_mins(3);
/// Settings of the servers: a run must not wait long for what it broke.
const SETTINGS: &[(&str, &str)] = &[
    ("RAAS_ROOT_PASSWORD", ROOT.1),
    ("RAAS__PRESENCE__MASTER_EXPIRY_S", "10"),
    ("RAAS__JOBS__TIMEOUT_S", "15"),
    ("RAAS__JOBS__PUBLISH_BEFORE_S", "10"),
    ("RAAS__JOBS__ASK_WAIT_S", "6"),
    ("RAAS__JOBS__ASK_AGAIN_S", "10"),
    ("RAAS__JOBS__RUN_TIMEOUT_S", "60"),
];

/// A server with its line to PostgreSQL.
#[derive(Debug)]
pub(crate) struct Node {
    pub(crate) server: Mutex<Server>,
    pub(crate) line: FaultyProxy,
    /// It shall be down now.
    pub(crate) down: AtomicBool,
}

/// A simulated master.
#[derive(Debug)]
pub(crate) struct Master {
    pub(crate) id: String,
    pub(crate) place: Place,
    /// Its plugin's line to the servers.
    pub(crate) line: FaultyProxy,
    pub(crate) process: Mutex<Option<Process>>,
}

/// A cluster.
#[derive(Debug)]
pub(crate) struct Cluster {
    pub(crate) id: String,
    pub(crate) failover: bool,
    pub(crate) masters: Vec<Arc<Master>>,
    pub(crate) minions: Minions,
    pub(crate) book: Arc<Book>,
}

/// All of it. Dropping it ends all processes.
#[derive(Debug)]
pub(crate) struct Fleet {
    pub(crate) clusters: Vec<Cluster>,
    pub(crate) nodes: Vec<Arc<Node>>,
    /// The balancer for those who use the API.
    pub(crate) door: FaultyProxy,
    pub(crate) database: Database,
    api: OnceCell<Arc<Api>>,
    program: std::path::PathBuf,
    bins: Bins,
    pub(crate) dir: TempDir,
}

impl Fleet {
    /// Sets it up and waits until all is present.
    pub(crate) async fn set_up(bins: &Bins, options: &Options) -> Result<Arc<Self>> {
        let dir = tempfile::Builder::new()
            .prefix("rchaos")
            .tempdir_in("/tmp")
            .context("no directory under /tmp")?;
        std::fs::set_permissions(dir.path(), std::fs::Permissions::from_mode(0o755))?;
        let database = Database::start(&dir.path().join("db"), options.is_long()).await?;
        let mut nodes = Vec::new();
        for name in ["a", "b"] {
            nodes.push(Arc::new(node(bins, dir.path(), name, &database).await?));
        }
        let mut addresses = Vec::new();
        for node in &nodes {
            let mut server = node.server.lock().await;
            server.start().await?;
            addresses.push(Target::Tcp(server.url().trim_start_matches("http://").parse()?));
        }
        let door = FaultyProxy::balance(addresses.clone()).await?;
        let program = std::env::current_exe().context("cannot tell where this program is")?;
        let mut clusters = Vec::new();
        for (id, failover) in [("fo", true), ("hh", false)] {
            clusters.push(cluster(dir.path(), id, failover, options, &addresses).await?);
        }
        let api = OnceCell::new();
        let fleet = Self { clusters, nodes, door, database, api, program, bins: bins.clone(), dir };
        for master in fleet.masters() {
            fleet.start_master(master).await?;
        }
        fleet.accept().await?;
        Ok(Arc::new(fleet))
    }

    /// Masters of all clusters.
    pub(crate) fn masters(&self) -> Vec<&Arc<Master>> {
        self.clusters.iter().flat_map(|cluster| &cluster.masters).collect()
    }

    /// The cluster of a master, and its place in it.
    pub(crate) fn place_of(&self, mut master: usize) -> Option<(&Cluster, usize)> {
        for cluster in &self.clusters {
            if master < cluster.masters.len() {
                return Some((cluster, master));
            }
            master -= cluster.masters.len();
        }
        None
    }

    /// Signs in through the balancer.
    pub(crate) async fn api(&self) -> Result<Arc<Api>> {
        let signed_in = self
            .api
            .get_or_try_init(|| async { Api::login(&self.door.url(), ROOT.0, ROOT.1).await.map(Arc::new) });
        signed_in.await.cloned()
    }

    /// Starts a master's process, unless it runs.
    pub(crate) async fn start_master(&self, master: &Master) -> Result<()> {
        let mut process = master.process.lock().await;
        if process.as_mut().is_some_and(Process::runs) {
            return Ok(());
        }
        let mut command = Command::new(&self.program);
        command.arg("--bin-dir").arg(self.bins.plugin.parent().unwrap_or(Path::new("/")));
        command.arg("sim-master").arg(master.place.path("")).env(MARK, self.dir.path());
        *process = Some(Process::start(&master.id, &mut command, &master.place.path("log/salt.log"))?);
        Ok(())
    }

    /// Keeps what shall run running: a server that ended by itself is started again, as a service manager does.
    pub(crate) async fn keep(self: Arc<Self>) {
        loop {
            tokio::time::sleep(Duration::from_millis(300)).await;
            for node in &self.nodes {
                let mut server = node.server.lock().await;
                if !node.down.load(Ordering::Relaxed)
                    && server.process().is_none_or(|process| !process.runs())
                {
                    let _ = server.launch();
                }
            }
        }
    }

    async fn accept(&self) -> Result<()> {
        let api = self.api().await?;
        let ids: Vec<String> = self.masters().iter().map(|master| master.id.clone()).collect();
        let keys = api.pending_masters(&ids).await?;
        api.accept(&keys).await?;
        for cluster in &self.clusters {
            let minions = i64::try_from(cluster.book.minions().len())?;
            let there = api.wait_present(&cluster.id, cluster.masters.len(), minions, START).await;
            there.with_context(|| self.clues())?;
        }
        Ok(())
    }

    /// Where a person can look.
    pub(crate) fn clues(&self) -> String {
        let logs: Vec<String> = self
            .masters()
            .iter()
            .map(|master| {
                let log = master.place.path("log/raas-plugin.log");
                format!("{}:\n{}", log.display(), raas_lab::process::last_lines(&log, 5))
            })
            .collect();
        logs.join("\n")
    }
}

impl Master {
    /// Its plugin's process.
    pub(crate) fn plugin(&self) -> Option<u32> {
        let pid: u32 = std::fs::read_to_string(self.place.path("plugin.pid")).ok()?.parse().ok()?;
        let name = std::fs::read_to_string(format!("/proc/{pid}/comm")).unwrap_or_default();
        (tree::alive(pid) && name.trim() == "raas-plugin").then_some(pid)
    }
}

async fn node(bins: &Bins, dir: &Path, name: &str, database: &Database) -> Result<Node> {
    let line = FaultyProxy::balance(vec![Target::Socket(database.socket())]).await?;
    let home = dir.join(format!("server-{name}"));
    std::fs::create_dir_all(&home)?;
    let mut server = Server::in_dir(&bins.raas, &home)?.database(&Database::url(line.address()));
    for (key, value) in SETTINGS {
        server = server.setting(key, value);
    }
    Ok(Node { server: Mutex::new(server), line, down: AtomicBool::new(false) })
}

async fn cluster(
    dir: &Path,
    id: &str,
    failover: bool,
    options: &Options,
    servers: &[Target],
) -> Result<Cluster> {
    let ids: Vec<String> = (0..options.minions).map(|n| format!("{id}-{n:04}")).collect();
    let mut masters = Vec::new();
    for number in 1..=MASTERS {
        let line = FaultyProxy::balance(servers.to_vec()).await?;
        let master_id = format!("{id}-m{number}");
        let config = place::Config {
            id: &master_id,
            cluster_id: id,
            failover,
            server: &line.url(),
            ret_port: net::free_port()?,
            poll_s: 3,
            minions: &ids,
        };
        let place = Place::set_up(&dir.join(&master_id), &config)?;
        masters.push(Arc::new(Master { id: master_id, place, line, process: Mutex::new(None) }));
    }
    if masters.len() < 2 {
        bail!("a cluster needs two masters");
    }
    let book = Arc::new(Book::open(&dir.join(format!("{id}.book")), &ids)?);
    let rules = Rules {
        failover,
        masters: masters.iter().map(|master| master.place.minions_socket()).collect(),
        longest: Duration::from_millis(1500),
    };
    let minions = Minions::start(rules, Arc::clone(&book), Dice::named(options.seed, id));
    Ok(Cluster { id: id.to_owned(), failover, masters, minions, book })
}

/// Waits until no plugin has anything to tell any more, and every command has ended.
pub(crate) async fn quiet(fleet: &Fleet, limit: Duration) -> Result<()> {
    let api = wait::until("a server to answer", limit, || async {
        fleet.api().await.map_err(|error| format!("{error:#}"))
    })
    .await?;
    let (mut least, mut since) = (i64::MAX, std::time::Instant::now());
    loop {
        let left = super::proof::left(&api).await;
        match left {
            Ok(0) => return Ok(()),
            Ok(left) if left < least => (least, since) = (left, std::time::Instant::now()),
            _ => {}
        }
        if since.elapsed() > limit {
            let left = left.map_or_else(|error| format!("{error:#}"), |left| left.to_string());
            bail!(
                "nothing got less for {} s; left are {left} commands and records\n{}",
                limit.as_secs(),
                fleet.clues()
            );
        }
        tokio::time::sleep(Duration::from_millis(300)).await;
    }
}
