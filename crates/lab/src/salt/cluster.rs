//! One cluster: masters that share a key pair, and their minions.

use std::fs;
use std::net::Ipv4Addr;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, bail};

use super::{ClusterSpec, Install, Master, Minion, Mode, config};
use crate::{Venv, net::LoopbackNet, wait};

const MINIONS_LIMIT: Duration = Duration::from_mins(5);
/// One key pair for all masters of a cluster, as Salt's high-availability guides ask for.
const MAKE_KEY: &str = "\
import sys
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives import serialization as s
key = rsa.generate_private_key(65537, 2048)
d = sys.argv[1]
open(d + '/master.pem', 'wb').write(key.private_bytes(s.Encoding.PEM, s.PrivateFormat.TraditionalOpenSSL, s.NoEncryption()))
open(d + '/master.pub', 'wb').write(key.public_key().public_bytes(s.Encoding.PEM, s.PublicFormat.SubjectPublicKeyInfo).rstrip())
";

/// Masters and minions of one cluster.
#[derive(Debug)]
pub struct Cluster {
    spec: ClusterSpec,
    masters: Vec<Master>,
    minions: Vec<Minion>,
    _net: LoopbackNet,
}

impl Cluster {
    pub(super) fn lay_out(spec: ClusterSpec, venv: &Venv, root: &Path) -> Result<Self> {
        let net = LoopbackNet::take(spec.masters)?;
        let dir = root.join(&spec.id);
        let (srv, keys) = (dir.join("srv"), dir.join("key"));
        config::write_states(&srv)?;
        make_key(venv, &keys)?;
        let user = user_name()?;
        let mut masters = Vec::new();
        for number in 1..=spec.masters {
            let master = lay_out_master(&spec, number, &net, venv, (root, &dir))?;
            let text = config::master(&spec, &master.id, master.ip, &user, &master.dir, &srv);
            config::write(&master.dir.join("conf/master"), &text)?;
            copy_key(&keys, &master.dir.join("pki"))?;
            masters.push(master);
        }
        let addresses: Vec<Ipv4Addr> = masters.iter().map(Master::ip).collect();
        let mut minions = Vec::new();
        for number in 1..=spec.minions {
            let id = format!("{}-{number}", spec.id);
            let home = dir.join(format!("minion{number}"));
            directories(&home, &["conf/minion.d", "pki", "cache", "run"])?;
            config::write(
                &home.join("conf/minion"),
                &config::minion(&spec, &id, number, &addresses, &user, &home),
            )?;
            let (venv, mark) = (venv.clone(), root.to_owned());
            minions.push(Minion { id, dir: home, venv, mark, process: None, started: None });
        }
        Ok(Self { spec, masters, minions, _net: net })
    }

    /// Cluster id.
    pub fn id(&self) -> &str {
        &self.spec.id
    }

    /// How its minions hold to its masters.
    pub fn mode(&self) -> Mode {
        self.spec.mode
    }

    /// Master `number`, from 1.
    pub fn master(&mut self, number: usize) -> &mut Master {
        &mut self.masters[number - 1]
    }

    /// All masters.
    pub fn masters(&mut self) -> &mut [Master] {
        &mut self.masters
    }

    /// Minion `number`, from 1.
    pub fn minion(&mut self, number: usize) -> &mut Minion {
        &mut self.minions[number - 1]
    }

    /// All minions.
    pub fn minions(&mut self) -> &mut [Minion] {
        &mut self.minions
    }

    /// Ids of all minions.
    pub fn minion_ids(&self) -> Vec<String> {
        self.minions.iter().map(|minion| minion.id.clone()).collect()
    }

    /// Starts all masters and waits until they listen.
    pub async fn start_masters(&mut self) -> Result<()> {
        for master in &mut self.masters {
            master.start()?;
        }
        for master in &mut self.masters {
            master.ready().await?;
        }
        Ok(())
    }

    /// Stops and starts all masters.
    pub async fn restart_masters(&mut self) -> Result<()> {
        for master in &mut self.masters {
            master.stop();
        }
        self.start_masters().await
    }

    /// Installs the plugin on every master, with this cluster's id and kind.
    pub fn install_plugin(&self, plugin: &Path, server: &str) -> Result<()> {
        let cluster_id = (self.spec.mode != Mode::Single).then_some(self.id());
        let install = Install { plugin, server, cluster_id, failover: self.spec.mode == Mode::Failover };
        for master in &self.masters {
            master.install_plugin(&install)?;
        }
        Ok(())
    }

    /// Starts all minions again, as `configure` wants each by its number, and waits until each can take a job.
    pub async fn restart_minions(&mut self, configure: impl Fn(usize) -> &'static str) -> Result<()> {
        for (minion, number) in self.minions.iter_mut().zip(1..) {
            minion.kill_tree();
            minion.configure(configure(number))?;
        }
        self.start_minions().await
    }

    /// Starts all minions and waits until each can take a job.
    pub async fn start_minions(&mut self) -> Result<()> {
        for minion in &mut self.minions {
            minion.start()?;
        }
        self.minions_ready().await
    }

    /// Waits until each minion's grains are known and its subscription to jobs is there: on every running master when hot-hot,
    /// else on one. With pending keys: until each key waits.
    pub async fn minions_ready(&mut self) -> Result<()> {
        let what = format!("the minions of {}", self.id());
        let pending = !self.spec.auto_accept;
        wait::until(&what, MINIONS_LIMIT, || {
            let waiting = self.not_ready(pending);
            std::future::ready(if waiting.is_empty() {
                Ok(())
            } else {
                Err(format!("not ready: {}", waiting.join(", ")))
            })
        })
        .await
    }

    /// Waits until one minion is known to one running master since its start.
    pub async fn one_ready(&mut self, number: usize) -> Result<()> {
        let minion = &self.minions[number - 1];
        let masters: Vec<&Master> = self.masters.iter().filter(|master| master.process.is_some()).collect();
        let known = || masters.iter().any(|master| minion.known_by(&master.dir));
        wait::until_true(&format!("minion {}", minion.id), MINIONS_LIMIT, known).await
    }

    /// Waits until every started minion answers Salt's own `salt '*' test.ping`, on every running master when hot-hot, else on one.
    ///
    /// A minion that is known and connected may still be telling its master that it started; if that master dies just then,
    /// Salt 3006 hangs on it for a minute. Whoever kills masters without having run a job first waits for this.
    pub async fn minions_answer(&mut self) -> Result<()> {
        let expected = self.minions.iter().filter(|minion| minion.process.is_some()).count();
        let everywhere = self.spec.mode == Mode::HotHot;
        let what = format!("{expected} minions of {} to answer test.ping", self.id());
        wait::until(&what, MINIONS_LIMIT, || {
            let answers: Vec<usize> =
                self.masters.iter_mut().filter_map(|master| master.runs().then(|| master.ping())).collect();
            let seen = if everywhere { answers.iter().min().copied() } else { Some(answers.iter().sum()) };
            let good = seen.unwrap_or(0) >= expected;
            std::future::ready(if good { Ok(()) } else { Err(format!("answers by master: {answers:?}")) })
        })
        .await
    }

    /// Who is not ready yet, as words for an error message.
    fn not_ready(&mut self, pending: bool) -> Vec<String> {
        let running: Vec<&Master> = self.masters.iter().filter(|master| master.process.is_some()).collect();
        let everywhere = self.spec.mode == Mode::HotHot;
        let on = |minion: &Minion, master: &Master| {
            let key_waits = || master.dir.join("pki/minions_pre").join(&minion.id).exists();
            if pending { key_waits() } else { minion.known_by(&master.dir) }
        };
        let ready = |minion: &&Minion| {
            let mut there = running.iter().map(|master| on(minion, master));
            if everywhere { there.all(|one| one) } else { there.any(|one| one) }
        };
        let started: Vec<&Minion> = self.minions.iter().filter(|minion| minion.process.is_some()).collect();
        let mut waiting: Vec<String> =
            started.iter().filter(|minion| !ready(minion)).map(|minion| minion.id.clone()).collect();
        let connections: Vec<usize> = running.iter().map(|master| master.connected()).collect();
        let least =
            if everywhere { connections.iter().min().copied() } else { Some(connections.iter().sum()) };
        if !pending && least.unwrap_or(0) < started.len() {
            waiting.push(format!("connections to the publishers: {connections:?} of {}", started.len()));
        }
        waiting
    }
}

fn lay_out_master(
    spec: &ClusterSpec,
    number: u8,
    net: &LoopbackNet,
    venv: &Venv,
    (root, dir): (&Path, &Path),
) -> Result<Master> {
    let home = dir.join(format!("m{number}"));
    directories(&home, &["conf/master.d", "pki", "cache", "run", "extmods"])?;
    Ok(Master {
        id: format!("{}-m{number}", spec.id),
        ip: net.master(number),
        dir: home,
        venv: venv.clone(),
        mark: root.to_owned(),
        process: None,
    })
}

fn directories(home: &Path, names: &[&str]) -> Result<()> {
    for name in names {
        let path = home.join(name);
        fs::create_dir_all(&path).with_context(|| format!("cannot create {}", path.display()))?;
    }
    set_mode(&home.join("pki"), 0o700)
}

fn make_key(venv: &Venv, dir: &Path) -> Result<()> {
    fs::create_dir_all(dir).with_context(|| format!("cannot create {}", dir.display()))?;
    let out = Command::new(venv.program("python"))
        .args(["-c", MAKE_KEY])
        .arg(dir)
        .output()
        .context("cannot run the Python of the Salt environment")?;
    if !out.status.success() {
        bail!("cannot make a master key: {}", String::from_utf8_lossy(&out.stderr));
    }
    Ok(())
}

fn copy_key(from: &Path, pki: &Path) -> Result<()> {
    for (name, mode) in [("master.pem", 0o400), ("master.pub", 0o644)] {
        let to: PathBuf = pki.join(name);
        fs::copy(from.join(name), &to).with_context(|| format!("cannot write {}", to.display()))?;
        set_mode(&to, mode)?;
    }
    Ok(())
}

fn set_mode(path: &Path, mode: u32) -> Result<()> {
    fs::set_permissions(path, fs::Permissions::from_mode(mode))
        .with_context(|| format!("cannot change the mode of {}", path.display()))
}

fn user_name() -> Result<String> {
    let out =
        Command::new("id").arg("-un").output().context("cannot run `id -un` to learn the user's name")?;
    Ok(String::from_utf8_lossy(&out.stdout).trim().to_owned())
}
