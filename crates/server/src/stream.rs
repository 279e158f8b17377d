//! `/stream`: a snapshot number, then numbered changes. The stream only says *what* changed; the truth is in the RPC.

mod sight;
mod teller;

use std::{collections::VecDeque, convert::Infallible, sync::Mutex, time::Duration};

use axum::{
    extract::State,
    http::HeaderMap,
    response::sse::{Event, KeepAlive, Sse},
};
use futures_util::{Stream as Events, StreamExt as _};
use raas_api::LiveChange;
use raas_db::listen::{self, Wake};
use serde_json::json;
use tokio::sync::broadcast;
use tokio_stream::wrappers::ReceiverStream;
use uuid::Uuid;

use crate::{Actor, AppState, Change};
use teller::Teller;

/// How many changes a client may have missed and still resume.
const KEPT: usize = 10_000;
const HEARTBEAT: Duration = Duration::from_secs(15);

/// What is sent.
#[derive(Clone, Debug)]
enum Item {
    /// Look at everything again; changes go on after this number.
    Snapshot(u64),
    /// One change.
    Changed(u64, Change),
}

impl Item {
    /// The job that it names.
    fn jid(&self) -> Option<&str> {
        match self {
            Self::Snapshot(_) => None,
            Self::Changed(_, change) => change.jid.as_deref(),
        }
    }
}

/// The numbered changes of this server.
#[derive(Debug)]
pub struct Stream {
    /// Numbers mean nothing to another server, or to this one after a restart.
    instance: Uuid,
    log: Mutex<Log>,
    live: broadcast::Sender<Item>,
}

#[derive(Debug, Default)]
struct Log {
    last: u64,
    kept: VecDeque<(u64, Change)>,
}

impl Stream {
    /// An empty one.
    pub fn new(instance: Uuid) -> Self {
        Self { instance, log: Mutex::default(), live: broadcast::channel(1024).0 }
    }

    fn log(&self) -> std::sync::MutexGuard<'_, Log> {
        self.log.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    fn push(&self, change: Change) {
        let mut log = self.log();
        log.last += 1;
        let number = log.last;
        log.kept.push_back((number, change.clone()));
        if log.kept.len() > KEPT {
            log.kept.pop_front();
        }
        let _ = self.live.send(Item::Changed(number, change));
    }

    /// Something may have been missed: nobody can resume from before, everybody looks again.
    fn reset(&self) {
        let mut log = self.log();
        log.last += 1;
        log.kept.clear();
        let _ = self.live.send(Item::Snapshot(log.last));
    }

    /// What a client gets first: the changes since its number, or a new snapshot number.
    fn since(&self, resume: Option<u64>) -> (Vec<Item>, broadcast::Receiver<Item>) {
        let log = self.log();
        let first = log.last + 1 - log.kept.len() as u64;
        let items = match resume {
            Some(number) if number <= log.last && number + 1 >= first => log
                .kept
                .iter()
                .filter(|(n, _)| *n > number)
                .map(|(n, change)| Item::Changed(*n, change.clone()))
                .collect(),
            _ => vec![Item::Snapshot(log.last)],
        };
        (items, self.live.subscribe())
    }

    fn event(&self, item: &Item) -> Event {
        let (name, number, data) = match item {
            Item::Snapshot(number) => ("snapshot", number, json!({"number": number})),
            Item::Changed(number, change) => {
                let Change { topic, cluster_id, jid } = change.clone();
                let told = LiveChange { number: *number, topic, cluster_id, jid };
                ("change", number, json!(told))
            }
        };
        Event::default().event(name).id(format!("{}:{number}", self.instance)).data(data.to_string())
    }

    fn number(&self, last_event_id: &str) -> Option<u64> {
        let (instance, number) = last_event_id.split_once(':')?;
        (instance == self.instance.to_string()).then(|| number.parse().ok())?
    }
}

/// Feeds the stream from the database's notifications until shutdown.
pub(crate) async fn pump(state: AppState) {
    let mut wakes = state.listener.subscribe();
    loop {
        let wake = tokio::select! {
            () = state.shutdown.cancelled() => return,
            wake = wakes.next() => wake,
        };
        match wake {
            None => return,
            Some(Wake::Rescan) => state.stream.reset(),
            Some(Wake::Notified { channel, payload }) if channel == listen::CHANGE => {
                match serde_json::from_str(&payload) {
                    Ok(change) => state.stream.push(change),
                    Err(_) => state.stream.reset(),
                }
            }
            Some(Wake::Notified { .. }) => {}
        }
    }
}

/// `GET /stream`, for whoever is signed in: what the account may be told of, until the session ends.
pub(crate) async fn stream(
    actor: Actor,
    State(state): State<AppState>,
    headers: HeaderMap,
) -> Sse<impl Events<Item = Result<Event, Infallible>>> {
    let resume =
        headers.get("last-event-id").and_then(|id| id.to_str().ok()).and_then(|id| state.stream.number(id));
    let since = state.stream.since(resume);
    let shutdown = state.shutdown.clone();
    let events = ReceiverStream::new(Teller::start(state, actor, since))
        .take_until(async move { shutdown.cancelled_owned().await });
    Sse::new(events).keep_alive(KeepAlive::new().interval(HEARTBEAT))
}
