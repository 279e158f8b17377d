//! A stand-in for a Salt master beside the real plugin: its directories, its event bus, and a request port that answers pings.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use anyhow::{Context, Result};
use raas_lab::{Bins, Process, Venv, net};
use raas_salt::{Value, msgpack};
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream, UnixListener, UnixStream};
use tokio::sync::Mutex;
use tokio::task::AbortHandle;

use super::sample::Sample;

/// What Salt does to run the engine: its arguments are the plugin and the directory of the configuration.
const BECOME: &str = "import sys, yaml, raas_engine as engine\n\
                      engine.__opts__ = yaml.safe_load(open(sys.argv[2] + '/master'))\n\
                      engine.start(*sys.argv[1:])\n";

/// The master, with its plugin running.
pub(super) struct Bus {
    dir: PathBuf,
    plugin: Process,
    readers: Arc<Mutex<Vec<UnixStream>>>,
    tasks: Vec<AbortHandle>,
}

impl Drop for Bus {
    fn drop(&mut self) {
        self.tasks.iter().for_each(AbortHandle::abort);
    }
}

impl Bus {
    /// Opens bus and port, and starts the plugin beside them.
    pub(super) async fn start(
        (bins, venv): (&Bins, &Venv),
        dir: &Path,
        server: &str,
        master_id: &str,
    ) -> Result<Self> {
        for made in ["conf", "run", "cache", "pki/minions", "pki/minions_pre"] {
            fs::create_dir_all(dir.join(made)).with_context(|| format!("cannot make {made}"))?;
        }
        let port = net::free_port()?;
        let d = dir.display();
        let text = format!(
            "id: {master_id}\nuser: root\nroot_dir: {d}\npki_dir: {d}/pki\ncachedir: {d}/cache\nsock_dir: {d}/run\n\
             interface: 127.0.0.1\ntransport: tcp\nret_port: {port}\npublish_port: 1\nlog_file: {d}/master.log\n\
             sseapi_server: {server}\nsseapi_cluster_id: {master_id}\nsseapi_failover_master: true\n"
        );
        fs::write(dir.join("conf/master"), text).context("cannot write the master's configuration")?;
        fs::write(dir.join("cache/.root_key"), "key").context("cannot write the key")?;
        let readers = Arc::new(Mutex::new(Vec::new()));
        let bus = UnixListener::bind(dir.join("run/master_event_pub.ipc")).context("cannot open the bus")?;
        let requests =
            TcpListener::bind(("127.0.0.1", port)).await.context("cannot open the request port")?;
        let listening = Arc::clone(&readers);
        let tasks = vec![
            tokio::spawn(async move {
                while let Ok((reader, _)) = bus.accept().await {
                    listening.lock().await.push(reader);
                }
            })
            .abort_handle(),
            tokio::spawn(async move {
                while let Ok((stream, _)) = requests.accept().await {
                    tokio::spawn(answer(stream));
                }
            })
            .abort_handle(),
        ];
        // As Salt starts it: through the engine, with what that one says to the C library.
        fs::write(dir.join("raas_engine.py"), raas_plugin::install::ENGINE)
            .context("cannot write the engine")?;
        let mut command = Command::new(venv.program("python"));
        command.args(["-c", BECOME]).arg(&bins.plugin).arg(dir.join("conf"));
        command.env("PYTHONPATH", dir).env("RAAS_PLUGIN_LOG", "info");
        let plugin = Process::start("raas-plugin", &mut command, &dir.join("plugin.out"))?;
        Ok(Self { dir: dir.to_owned(), plugin, readers, tasks })
    }

    /// The plugin's process.
    pub(super) fn plugin(&mut self) -> Result<u32> {
        anyhow::ensure!(
            self.plugin.runs(),
            "raas-plugin ended: {} (in {})",
            self.plugin.last_words(),
            self.dir.display()
        );
        Ok(self.plugin.pid())
    }

    /// Whether the plugin listens.
    pub(super) async fn is_heard(&self) -> bool {
        !self.readers.lock().await.is_empty()
    }

    /// Puts a job on the bus.
    pub(super) async fn job(&self, named: &[String], job: &Sample) -> Result<()> {
        let jid = &job.jid;
        let new = json!({
            "jid": jid, "fun": job.fun, "arg": [], "tgt": "*", "tgt_type": "glob", "user": "root", "minions": named,
        });
        self.write(&frame(&format!("salt/job/{jid}/new"), &new)).await
    }

    /// Puts returns on the bus.
    pub(super) async fn returns(&self, returns: &[Sample]) -> Result<()> {
        for one in returns {
            let value: serde_json::Value = serde_json::from_str(&one.value)?;
            let arguments: serde_json::Value = serde_json::from_str(one.fun_args)?;
            let data = json!({
                "cmd": "_return", "id": one.minion_id, "jid": one.jid, "fun": one.fun, "fun_args": arguments,
                "return": value, "retcode": 0, "success": true, "_stamp": "2026-01-02T00:00:00.000000",
            });
            self.write(&frame(&format!("salt/job/{}/ret/{}", one.jid, one.minion_id), &data)).await?;
        }
        Ok(())
    }

    async fn write(&self, frame: &[u8]) -> Result<()> {
        for reader in self.readers.lock().await.iter_mut() {
            reader.write_all(frame).await.context("the plugin left the bus")?;
        }
        Ok(())
    }
}

/// An event as Salt writes it.
fn frame(tag: &str, data: &serde_json::Value) -> Vec<u8> {
    let mut body = format!("{tag}\n\n").into_bytes();
    body.extend(msgpack::write(&msgpack::from_json(data)));
    let head = (Value::from("head"), Value::Map(Vec::new()));
    msgpack::write(&Value::Map(vec![head, (Value::from("body"), Value::Binary(body))]))
}

/// The request port: it pings back, and no target of a publish is there.
async fn answer(mut stream: TcpStream) {
    let reply = json!({"head": {"mid": 1}, "body": {"load": {"jid": null, "minions": [], "error": "Master could not resolve minions for target *"}}});
    let reply = msgpack::write(&msgpack::from_json(&reply));
    let mut bytes = vec![0; 1 << 16];
    while stream.read(&mut bytes).await.is_ok_and(|read| read > 0) {
        if stream.write_all(&reply).await.is_err() {
            return;
        }
    }
}
