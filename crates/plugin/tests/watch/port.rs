//! A stand-in for the request port (`transport: tcp`): answers pings and publishes, and lets minions answer on the bus.

use std::sync::{Arc, Mutex};

use raas_salt::Value;
use raas_salt::msgpack;
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream, UnixStream};
use tokio::task::AbortHandle;

use super::salt::{fire, returned};

/// How the port behaves from now on.
#[derive(Clone, Debug, Default)]
pub(super) struct Script {
    /// It takes requests, but answers none.
    pub(super) mute: bool,
    /// Accepted minions: whom a publish names.
    pub(super) minions: Vec<String>,
    /// Those of them that answer `test.ping`.
    pub(super) answering: Vec<String>,
}

type Buses = Arc<Mutex<Vec<UnixStream>>>;

/// The port.
pub(super) struct Port {
    pub(super) number: u16,
    pub(super) script: Arc<Mutex<Script>>,
    /// What was published.
    pub(super) published: Arc<Mutex<Vec<Value>>>,
    tasks: Arc<Mutex<Vec<AbortHandle>>>,
}

impl Port {
    pub(super) async fn open(script: Script, buses: Buses) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let number = listener.local_addr().unwrap().port();
        let (script, published) = (Arc::new(Mutex::new(script)), Arc::default());
        let tasks: Arc<Mutex<Vec<AbortHandle>>> = Arc::default();
        let serving = Serving { script: Arc::clone(&script), published: Arc::clone(&published), buses };
        let serving_tasks = Arc::clone(&tasks);
        let accepting = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let task = tokio::spawn(serving.clone().serve(stream));
                serving_tasks.lock().unwrap().push(task.abort_handle());
            }
        });
        tasks.lock().unwrap().push(accepting.abort_handle());
        Self { number, script, published, tasks }
    }

    /// Nothing listens there any more.
    pub(super) fn close(&self) {
        self.tasks.lock().unwrap().iter().for_each(AbortHandle::abort);
    }
}

impl Drop for Port {
    fn drop(&mut self) {
        self.close();
    }
}

#[derive(Clone)]
struct Serving {
    script: Arc<Mutex<Script>>,
    published: Arc<Mutex<Vec<Value>>>,
    buses: Buses,
}

impl Serving {
    async fn serve(self, mut stream: TcpStream) {
        let mut bytes = Vec::new();
        while stream.read_buf(&mut bytes).await.is_ok_and(|read| read > 0) {
            let Ok(envelope) = msgpack::read(&bytes) else { continue };
            bytes.clear();
            let load = msgpack::get(msgpack::get(&envelope, "body").unwrap(), "load").unwrap().clone();
            let script = self.script.lock().unwrap().clone();
            if script.mute {
                continue;
            }
            let is_publish = msgpack::text(&load, "cmd") == Some("publish");
            let reply = if is_publish { self.publish(&load, &script) } else { json!({"clear_load": {}}) };
            let reply = msgpack::from_json(&json!({"head": {"mid": 1}, "body": reply}));
            stream.write_all(&msgpack::write(&reply)).await.unwrap();
            if is_publish {
                self.answer(&load, &script).await;
            }
        }
    }

    fn publish(&self, load: &Value, script: &Script) -> serde_json::Value {
        self.published.lock().unwrap().push(load.clone());
        if script.minions.is_empty() {
            return json!({"load": {"jid": null, "minions": [], "error": "Master could not resolve minions for target *"}});
        }
        json!({"enc": "clear", "load": {"jid": msgpack::text(load, "jid"), "minions": script.minions, "missing": []}})
    }

    async fn answer(&self, load: &Value, script: &Script) {
        let jid = msgpack::text(load, "jid").unwrap();
        let new = json!({"jid": jid, "fun": "test.ping", "tgt": "*", "tgt_type": "glob", "minions": script.minions});
        fire(&self.buses, &format!("salt/job/{jid}/new"), &msgpack::from_json(&new)).await;
        for minion_id in &script.answering {
            let data = msgpack::from_json(&returned(jid, minion_id, &json!(true)));
            fire(&self.buses, &format!("salt/job/{jid}/ret/{minion_id}"), &data).await;
        }
    }
}
