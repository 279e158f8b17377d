//! The main job on real Salt, in one screen: each step with what it proves.

use std::path::Path;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use raas_api::Jid;
use raas_api::cluster::Cluster;
use raas_api::cmd::CmdDetail;
use raas_lab::{Api, Bins, ClusterSpec, SaltLab, Server, salt_venv, wait};
use serde_json::json;

use crate::screen::Screen;

const WEB: &str = "eu-web";
const DB: &str = "eu-db";
/// Minions of each cluster.
const MINIONS: u8 = 3;
/// Patience with a job on a busy machine.
const JOB_LIMIT: Duration = Duration::from_mins(2);

/// All that runs, in the order in which it is to end.
struct Demo {
    screen: Screen,
    salt: SaltLab,
    server: Server,
    jobs: Vec<(Jid, usize)>,
}

/// Runs it; the exit code is the result.
pub(crate) async fn run(bins: &Bins, cache: &Path, version: &str, once: bool) -> Result<ExitCode> {
    let screen = Screen::new();
    screen.title(&format!("raas on real Salt {version} and real PostgreSQL: nothing here is simulated"));
    let step = screen.step("Salt");
    let venv = salt_venv(version, cache, &mut |text| step.say(text))?;
    step.done(&format!("{version} from the Python registry"));
    let port = if std::net::TcpListener::bind("127.0.0.1:8080").is_ok() {
        8080
    } else {
        raas_lab::net::free_port()?
    };
    let server = Server::new(&bins.raas)?.on_port(port);
    let mut demo = Demo { screen, salt: SaltLab::new(venv)?, server, jobs: Vec::new() };
    if let Err(error) = demo.play(bins).await {
        eprintln!("\nFAILED: {error:#}\n\n{}", demo.clues());
        return Ok(ExitCode::FAILURE);
    }
    println!("\n Console        {}", demo.server.url());
    println!(" Sign in        root, password in {}", demo.server.password_file().display());
    if once {
        return Ok(ExitCode::SUCCESS);
    }
    println!(" Ctrl-C ends everything.");
    std::future::pending().await
}

impl Demo {
    async fn play(&mut self, bins: &Bins) -> Result<()> {
        let api = self.start_server().await?;
        self.start_masters().await?;
        self.install_plugin(&bins.plugin).await?;
        self.accept(&api).await?;
        self.show_clusters(&api).await?;
        self.keys_everywhere(&api).await?;
        self.job(&api, "test.ping", &[]).await?;
        self.job(&api, "state.apply", &[json!("ok")]).await?;
        self.runner(&api).await?;
        self.kill_first_master(&api).await?;
        self.ping_after_the_kill(&api).await?;
        self.count_outcomes(&api).await
    }

    async fn start_server(&mut self) -> Result<Api> {
        let step = self.screen.step("server");
        step.say("making a private PostgreSQL");
        self.server.start().await?;
        let api = self.server.api().await?;
        step.done(&format!("{}, with its own private PostgreSQL", self.server.url()));
        Ok(api)
    }

    async fn start_masters(&mut self) -> Result<()> {
        let step = self.screen.step("salt-masters");
        for spec in [ClusterSpec::failover(WEB, 2, MINIONS), ClusterSpec::hot_hot(DB, 2, MINIONS)] {
            step.say(&format!("the masters of {}", spec.id));
            self.salt.add(spec)?.start_masters().await?;
        }
        step.done("2 of eu-web with one key, 2 of eu-db with another, as they were before raas");
        Ok(())
    }

    async fn install_plugin(&mut self, plugin: &Path) -> Result<()> {
        let step = self.screen.step("raas-plugin install");
        let url = self.server.url();
        for cluster in self.salt.clusters() {
            step.say(&format!("on the masters of {}, then restarting them", cluster.id()));
            cluster.install_plugin(plugin, &url)?;
            cluster.restart_masters().await?;
        }
        step.done("on 4 masters; each restarted, as an operator does");
        Ok(())
    }

    async fn accept(&mut self, api: &Api) -> Result<()> {
        let step = self.screen.step("masters accepted");
        let masters = self.salt.master_ids();
        step.say("waiting until they make themselves known");
        let keys = api.pending_masters(&masters).await?;
        api.accept(&keys).await?;
        step.done(&format!("{} of {}, each by the fingerprint of its key", keys.len(), masters.len()));
        Ok(())
    }

    async fn show_clusters(&mut self, api: &Api) -> Result<()> {
        let step = self.screen.step("one group per cluster");
        for cluster in self.salt.clusters() {
            step.say(&format!("starting the minions of {}", cluster.id()));
            cluster.start_minions().await?;
        }
        step.say("waiting until the server sees them");
        let web = api.wait_present(WEB, 2, i64::from(MINIONS), JOB_LIMIT).await?;
        let db = api.wait_present(DB, 2, i64::from(MINIONS), JOB_LIMIT).await?;
        step.done(&format!("{}; {}", in_words(&web), in_words(&db)));
        Ok(())
    }

    /// Until now the second master never met the minions: one act writes their keys there.
    async fn keys_everywhere(&mut self, api: &Api) -> Result<()> {
        let step = self.screen.step("minion keys accepted");
        let minions = self.salt.cluster(WEB)?.minion_ids();
        api.accept_minions(WEB, &minions, JOB_LIMIT).await?;
        step.done("for the whole of eu-web: the same keys on both masters, no master was stopped for it");
        Ok(())
    }

    /// A function on both clusters at once, as two jobs.
    async fn job(&mut self, api: &Api, fun: &str, arguments: &[serde_json::Value]) -> Result<()> {
        let step = self.screen.step(fun);
        let minions = usize::from(MINIONS);
        let start = Instant::now();
        let web = api.run(WEB, fun, arguments).await?;
        let db = api.run(DB, fun, arguments).await?;
        self.jobs.extend([(web.clone(), minions), (db.clone(), minions)]);
        let mut answers = api.all_succeeded(&web, minions, JOB_LIMIT).await?;
        answers.extend(api.all_succeeded(&db, minions, JOB_LIMIT).await?);
        step.done(&format!(
            "{} of {} minions answered within {:.1} s",
            answers.len(),
            2 * minions,
            start.elapsed().as_secs_f64()
        ));
        Ok(())
    }

    async fn runner(&mut self, api: &Api) -> Result<()> {
        let step = self.screen.step("a runner");
        let mut proof = Vec::new();
        for cluster in [WEB, DB] {
            // Every master of the cluster could write this file: each run would leave a line.
            let trace = self.salt.dir().join(format!("runs-on-{cluster}"));
            std::fs::write(&trace, "").with_context(|| format!("cannot write {}", trace.display()))?;
            let arguments = [json!("file.append"), json!(trace), json!("it ran")];
            let jid = api.run_runner(cluster, "salt.cmd", &arguments).await?;
            self.jobs.push((jid.clone(), 1));
            let outcomes = api.all_succeeded(&jid, 1, JOB_LIMIT).await?;
            let text = std::fs::read_to_string(&trace)
                .with_context(|| format!("the runner left no {}", trace.display()))?;
            let runs = text.lines().count();
            ensure!(runs == 1, "the runner ran {runs} times on {cluster}");
            let on = outcomes.first().and_then(|outcome| outcome.master_id.clone()).unwrap_or_default();
            proof.push(format!("{cluster}: once, on {on}"));
        }
        step.done(&proof.join("; "));
        Ok(())
    }

    async fn kill_first_master(&mut self, api: &Api) -> Result<()> {
        let step = self.screen.step("eu-web-m1 killed");
        let web = self.salt.cluster(WEB)?;
        let processes = web.master(1).tree().len();
        web.master(1).kill_tree();
        let start = Instant::now();
        step.say("its whole tree is gone; waiting until the server sees the minions on eu-web-m2");
        let second = format!("{WEB}-m2");
        wait::until("all minions of eu-web on eu-web-m2", JOB_LIMIT, || async {
            let now = api.whereabouts(WEB).await.map_err(|error| error.to_string())?;
            let all = now.len() == usize::from(MINIONS) && now.values().all(|master| *master == second);
            if all { Ok(()) } else { Err(format!("{now:?}")) }
        })
        .await?;
        let seconds = start.elapsed().as_secs_f64();
        step.done(&format!(
            "{processes} processes, SIGKILL; 3 of 3 minions on eu-web-m2 after {seconds:.1} s"
        ));
        Ok(())
    }

    async fn ping_after_the_kill(&mut self, api: &Api) -> Result<()> {
        let step = self.screen.step("test.ping again");
        let minions = usize::from(MINIONS);
        let jid = api.run(WEB, "test.ping", &[]).await?;
        self.jobs.push((jid.clone(), minions));
        let answers = api.all_succeeded(&jid, minions, JOB_LIMIT).await?;
        step.done(&format!("{} of {minions} minions answered through the surviving master", answers.len()));
        Ok(())
    }

    async fn count_outcomes(&mut self, api: &Api) -> Result<()> {
        let step = self.screen.step("one outcome each");
        let mut pairs = 0;
        for (jid, expected) in &self.jobs {
            let outcomes = api.outcomes(jid).await?;
            one_each(jid, &outcomes, *expected)?;
            pairs += outcomes.len();
        }
        step.done(&format!(
            "{} jobs, {pairs} (jid, minion) pairs: exactly one outcome each, nothing ran twice",
            self.jobs.len()
        ));
        Ok(())
    }

    fn clues(&mut self) -> String {
        format!("The server said last:\n{}\n{}", self.server.last_words(), self.salt.last_words())
    }
}

fn in_words(cluster: &Cluster) -> String {
    let Cluster { cluster_id, kind, masters, minions, .. } = cluster;
    let kind =
        serde_json::to_value(kind).ok().and_then(|word| word.as_str().map(str::to_owned)).unwrap_or_default();
    format!("{cluster_id}: {kind}, {} masters, {} minions present", masters.len(), minions.present)
}

fn one_each(jid: &Jid, outcomes: &[CmdDetail], expected: usize) -> Result<()> {
    let mut ids: Vec<&str> = outcomes.iter().map(|outcome| outcome.minion_id.as_str()).collect();
    ids.sort_unstable();
    ids.dedup();
    ensure!(
        ids.len() == expected && outcomes.len() == expected,
        "{jid}: {expected} outcomes were expected, there are {ids:?}"
    );
    let twice: Vec<&str> =
        outcomes.iter().filter(|one| one.ran_twice).map(|one| one.minion_id.as_str()).collect();
    ensure!(twice.is_empty(), "{jid} ran twice on {twice:?}");
    Ok(())
}
