//! A stand-in for a Salt master: its directories, its event bus, its request port.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use raas_salt::Value;
use raas_salt::{MasterConfig, msgpack};
use serde_json::json;
use tokio::io::AsyncWriteExt as _;
use tokio::net::{UnixListener, UnixStream};

use super::port::{Port, Script};

/// A master.
pub(super) struct Salt {
    dir: tempfile::TempDir,
    pub(super) config: MasterConfig,
    pub(super) port: Port,
    buses: Arc<Mutex<Vec<UnixStream>>>,
    accepting: tokio::task::JoinHandle<()>,
}

impl Salt {
    /// One that has never met a minion.
    pub(super) async fn start() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let buses = Arc::default();
        let port = Port::open(Script::default(), Arc::clone(&buses)).await;
        let text = format!(
            "id: m1\nuser: root\nroot_dir: {}\npki_dir: pki\ncachedir: cache\nsock_dir: run\ninterface: 127.0.0.1\n\
             transport: tcp\nret_port: {}\npublish_port: 1\n",
            dir.path().display(),
            port.number
        );
        for made in ["conf", "run", "cache", "pki/minions", "pki/minions_pre"] {
            fs::create_dir_all(dir.path().join(made)).unwrap();
        }
        fs::write(dir.path().join("conf/master"), text).unwrap();
        fs::write(dir.path().join("cache/.root_key"), "key").unwrap();
        let config = MasterConfig::read(&dir.path().join("conf")).unwrap();
        let accepting = listen(&dir.path().join("run/master_event_pub.ipc"), Arc::clone(&buses));
        Self { dir, config, port, buses, accepting }
    }

    /// A file of the master.
    pub(super) fn path(&self, path: &str) -> PathBuf {
        self.dir.path().join(path)
    }

    /// Writes a file of msgpack.
    pub(super) fn put(&self, path: &str, value: &serde_json::Value) {
        self.write(path, &msgpack::write(&msgpack::from_json(value)));
    }

    /// Writes a file.
    pub(super) fn write(&self, path: &str, bytes: &[u8]) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        // Whole or not at all: the plugin may look at any time.
        let half = self.path("half-written");
        fs::write(&half, bytes).unwrap();
        fs::rename(half, path).unwrap();
    }

    /// Puts an event on the bus.
    pub(super) async fn fire(&self, tag: &str, data: &serde_json::Value) {
        self.fire_value(tag, &msgpack::from_json(data)).await;
    }

    /// Puts an event on the bus that JSON cannot hold.
    pub(super) async fn fire_value(&self, tag: &str, data: &Value) {
        fire(&self.buses, tag, data).await;
    }

    /// Puts a return on the bus, as a minion sent it.
    pub(super) async fn fire_return(&self, jid: &str, minion_id: &str, value: serde_json::Value) {
        self.fire(&format!("salt/job/{jid}/ret/{minion_id}"), &returned(jid, minion_id, &value)).await;
    }

    /// Closes the bus for everybody; it can be connected to again.
    pub(super) fn hang_up(&self) {
        self.buses.lock().unwrap().clear();
    }
}

impl Drop for Salt {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

/// The data of a return.
pub(super) fn returned(jid: &str, minion_id: &str, value: &serde_json::Value) -> serde_json::Value {
    json!({
        "cmd": "_return", "id": minion_id, "jid": jid, "fun": "cmd.run", "fun_args": ["x"], "return": value,
        "retcode": 0, "success": true, "user": "root", "_stamp": "2026-01-02T03:04:05.000678",
    })
}

/// Writes a frame to everybody who listens.
pub(super) async fn fire(buses: &Mutex<Vec<UnixStream>>, tag: &str, data: &Value) {
    let mut body = format!("{tag}\n\n").into_bytes();
    body.extend(msgpack::write(data));
    let head = (Value::from("head"), Value::Map(Vec::new()));
    let frame = msgpack::write(&Value::Map(vec![head, (Value::from("body"), Value::Binary(body))]));
    let mut taken = std::mem::take(&mut *buses.lock().unwrap());
    for bus in &mut taken {
        let _ = bus.write_all(&frame).await;
    }
    buses.lock().unwrap().extend(taken);
}

fn listen(path: &Path, buses: Arc<Mutex<Vec<UnixStream>>>) -> tokio::task::JoinHandle<()> {
    let listener = UnixListener::bind(path).unwrap();
    tokio::spawn(async move {
        while let Ok((bus, _)) = listener.accept().await {
            buses.lock().unwrap().push(bus);
        }
    })
}
