//! The process of a simulated master: bus, request port, job cache, the plugin as its engine, and a socket for its minions.
//! It dies with SIGKILL as a real one does: what it had not written is gone.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::{Context, Result};
use jiff::{Timestamp, tz::TimeZone};
use raas_salt::{Value, msgpack};
use serde_json::json;
use tokio::io::{AsyncWriteExt as _, BufReader};
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::mpsc;

use super::bus::Bus;
use super::line::{self, Job, Sent, ToMaster, ToMinions};
use super::place::Place;
use super::{cache, engine, port};

/// A simulated master. A cheap clone of one.
#[derive(Clone, Debug)]
pub(super) struct Salt {
    pub(super) place: Place,
    pub(super) bus: Bus,
    pub(super) accepted: Arc<Vec<String>>,
    minions: Arc<Mutex<Vec<mpsc::UnboundedSender<Vec<u8>>>>>,
}

/// Runs the master that was set up in `dir`, with `plugin` as its engine, until it is killed.
pub async fn run(dir: &Path, plugin: &Path) -> Result<()> {
    let place = Place::at(dir);
    let bus = Bus::listen(&place.path("run/master_event_pub.ipc"))?;
    let salt =
        Salt { accepted: Arc::new(place.accepted()), place: place.clone(), bus, minions: Arc::default() };
    let socket = place.minions_socket();
    let _ = std::fs::remove_file(&socket);
    let listener =
        UnixListener::bind(&socket).with_context(|| format!("cannot listen on {}", socket.display()))?;
    port::open(salt.clone()).await?;
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(salt.clone().serve(stream));
        }
    });
    engine::keep(&place, plugin).await
}

impl Salt {
    async fn serve(self, stream: UnixStream) {
        let (from, mut to) = stream.into_split();
        let (lines, mut outbox) = mpsc::unbounded_channel::<Vec<u8>>();
        self.minions().push(lines.clone());
        tokio::spawn(async move {
            while let Some(line) = outbox.recv().await {
                if to.write_all(&line).await.is_err() {
                    break;
                }
            }
        });
        let (mut from, mut text) = (BufReader::new(from), Vec::new());
        while let Some(said) = line::next::<ToMaster>(&mut from, &mut text).await {
            match said {
                ToMaster::Attach(ids) => ids.iter().for_each(|id| self.attached(id)),
                ToMaster::Cli(job) => self.publish(*job).await,
                ToMaster::HangUp => self.bus.hang_up(),
                ToMaster::Returns(returns) => {
                    let numbers = returns.iter().map(|sent| sent.number).collect();
                    self.returned(returns).await;
                    let _ = lines.send(line::text(&ToMinions::Ack(numbers)));
                }
            }
        }
    }

    fn attached(&self, id: &str) {
        let auth = [
            ("act", Value::from("accept")),
            ("id", Value::from(id)),
            ("result", Value::from(true)),
            ("_stamp", stamp()),
        ];
        self.bus.fire("salt/auth", auth.into());
        let start = [
            ("cmd", Value::from("_minion_event")),
            ("id", Value::from(id)),
            ("tag", Value::from(format!("salt/minion/{id}/start"))),
            ("data", Value::from(format!("Minion {id} started"))),
            ("_stamp", stamp()),
        ];
        self.bus.fire(&format!("salt/minion/{id}/start"), start.into());
    }

    /// Keeps, tells and sends a job. Whoever is not connected does not hear it.
    pub(super) async fn publish(&self, job: Job) {
        let field = |key, value| (Value::from(key), value);
        let metadata = job.metadata.as_ref().map(|metadata| field("metadata", msgpack::from_json(metadata)));
        let load = vec![
            field("cmd", Value::from("publish")),
            field("fun", Value::from(job.fun.as_str())),
            field("arg", msgpack::from_json(&job.arg)),
            field("tgt", msgpack::from_json(&job.tgt)),
            field("tgt_type", Value::from(job.tgt_type.as_str())),
            field("jid", Value::from(job.jid.as_str())),
            field("ret", Value::from("")),
            field("user", Value::from(job.user.as_str())),
            field("kwargs", Value::Map(metadata.into_iter().collect())),
        ];
        let (jobs, jid) = (self.jobs(), job.jid.clone());
        let kept =
            tokio::task::spawn_blocking(move || cache::keep_load(&jobs, &jid, &Value::Map(load))).await;
        if !matches!(kept, Ok(Ok(()))) {
            eprintln!("job {} was not kept: {kept:?}", job.jid);
        }
        let new = json!({
            "jid": job.jid, "fun": job.fun, "arg": job.arg, "tgt": job.tgt, "tgt_type": job.tgt_type, "user": job.user,
            "minions": job.minions, "missing": [],
        });
        self.fire_json(&format!("salt/job/{}/new", job.jid), &new);
        let line = line::text(&ToMinions::Publish(Box::new(job)));
        self.minions().retain(|minions| minions.send(line.clone()).is_ok());
    }

    /// On the bus first, then into the cache: as Salt does.
    async fn returned(&self, returns: Vec<Sent>) {
        let mut kept = Vec::with_capacity(returns.len());
        for sent in returns {
            let value = sent
                .bytes
                .as_ref()
                .map_or_else(|| msgpack::from_json(&sent.ret), |bytes| Value::Binary(bytes.clone()));
            let mut data = vec![
                ("cmd", Value::from("_return")),
                ("id", Value::from(sent.id.as_str())),
                ("jid", Value::from(sent.jid.as_str())),
                ("fun", Value::from(sent.fun.as_str())),
                ("fun_args", msgpack::from_json(&sent.fun_args)),
                ("return", value.clone()),
                ("retcode", Value::from(sent.retcode)),
                ("success", Value::from(sent.retcode == 0)),
                ("user", Value::from("root")),
                ("_stamp", stamp()),
            ];
            data.extend(sent.metadata.as_ref().map(|metadata| ("metadata", msgpack::from_json(metadata))));
            self.bus.fire(&format!("salt/job/{}/ret/{}", sent.jid, sent.id), data);
            kept.push((sent, value));
        }
        let jobs = self.jobs();
        let written = tokio::task::spawn_blocking(move || {
            for (sent, value) in &kept {
                if let Err(error) = cache::keep_return(&jobs, sent, value) {
                    eprintln!("the return of {} to {} was not kept: {error}", sent.id, sent.jid);
                    std::process::exit(3);
                }
            }
        });
        let _ = written.await;
    }

    /// An event whose data JSON can say.
    pub(super) fn fire_json(&self, tag: &str, data: &serde_json::Value) {
        let Value::Map(mut fields) = msgpack::from_json(data) else { return };
        fields.push((Value::from("_stamp"), stamp()));
        self.bus.fire_map(tag, fields);
    }

    fn jobs(&self) -> PathBuf {
        self.place.path("cache/jobs")
    }

    fn minions(&self) -> std::sync::MutexGuard<'_, Vec<mpsc::UnboundedSender<Vec<u8>>>> {
        self.minions.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Salt's stamp: UTC, without saying so.
fn stamp() -> Value {
    Value::from(now().to_zoned(TimeZone::UTC).strftime("%Y-%m-%dT%H:%M:%S.%6f").to_string())
}

/// A jid of this moment.
pub fn jid(at: Timestamp) -> String {
    at.to_zoned(TimeZone::UTC).strftime("%Y%m%d%H%M%S%6f").to_string()
}

/// The simulation's clock.
#[allow(
    clippy::disallowed_methods,
    reason = "a simulated Salt is a program of its own, and this is its clock"
)]
pub fn now() -> Timestamp {
    Timestamp::now()
}
