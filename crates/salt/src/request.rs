//! Clear requests to the master's request port: publish with our own jid, runner, wheel, ping. How bytes travel is in
//! `connection`, what replies mean in `reply`.

use std::io;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rmpv::Value;
use tokio::time::{Instant, timeout_at};

use crate::MasterConfig;
use crate::config::Transport;

mod connection;
mod key;
mod load;
mod reply;
mod zmtp;

pub use load::PublishRequest;
pub use reply::{Publication, RunnerStarted, WheelReply};

use connection::Connection;
use key::MasterKey;

/// Why a request failed, told apart by what may have happened.
#[derive(Debug, thiserror::Error)]
pub enum RequestError {
    /// Nothing was sent: certainly not carried out.
    #[error("Salt's request port {address} cannot be reached: {why}")]
    Unreachable {
        /// Where.
        address: String,
        /// Something takes connections there, but does not speak (a frozen or overloaded master).
        mute: bool,
        /// What happened.
        why: String,
    },
    /// It was sent and no answer came: it **may** have been carried out.
    #[error("Salt's request port {address} did not answer: {why}")]
    Unanswered {
        /// Where.
        address: String,
        /// What happened.
        why: String,
    },
    /// Salt took it and failed at it: it **may** have been carried out.
    #[error(
        "Salt failed at the request to its port {address} and said only {said:?}: the master's log says why"
    )]
    Failed {
        /// Where.
        address: String,
        /// Salt's whole answer.
        said: String,
    },
    /// Salt refused: certainly not carried out.
    #[error("Salt refused the request: {0}")]
    Refused(String),
    /// Salt did not take our key.
    #[error("Salt did not take the key of {key}: {message}", key = key.display())]
    Authentication {
        /// The key file.
        key: PathBuf,
        /// What Salt said.
        message: String,
    },
    /// There is no key to ask with; nothing was sent.
    #[error("cannot read Salt's key file {path}: {source}; the plugin must run as the master's user", path = path.display())]
    Key {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

impl RequestError {
    /// Whether the request may have been carried out all the same.
    pub fn may_have_happened(&self) -> bool {
        matches!(self, Self::Unanswered { .. } | Self::Failed { .. })
    }
}

/// The request port of one master. A cheap clone of one client; requests may run side by side.
#[derive(Clone, Debug)]
pub struct Requests(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    host: String,
    port: u16,
    transport: Transport,
    key: MasterKey,
    /// Connections that answered before, and when, the last one at the end; taken out while they are used.
    kept: Mutex<Vec<(Connection, Instant)>>,
}

/// No more are kept: a new connection is a ping more for a busy master, an old one a file that both keep open.
const KEPT: usize = 16;
/// Nor is one that nobody used for so long.
const IDLE: Duration = Duration::from_secs(30);

/// A connection that answered so recently has a living master behind it.
const JUST_NOW: Duration = Duration::from_millis(100);

/// How long a request may take.
#[derive(Clone, Copy, Debug)]
struct Limit {
    until: Instant,
    whole: Duration,
}

impl Limit {
    fn passed(self) -> String {
        format!("no answer within {:?}", self.whole)
    }
}

/// Whether a request may go out on a connection that may have died meanwhile, and then once more on a new one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Repeat {
    /// It does nothing, however often.
    Harmless,
    /// Twice is as good as once, but once is not nothing.
    AsOnce,
    Never,
}

impl Requests {
    /// Of this master. Connects at the first request.
    pub fn new(config: &MasterConfig) -> Self {
        let (host, port) = config.request_address();
        let key = MasterKey::new(config);
        Self(Arc::new(Inner { host, port, transport: config.transport, key, kept: Mutex::default() }))
    }

    /// Connections that are kept and not in use.
    pub fn idle_connections(&self) -> usize {
        self.0.kept.lock().unwrap_or_else(PoisonError::into_inner).len()
    }

    /// Whether a worker of the master answers.
    pub async fn ping(&self, limit: Duration) -> Result<(), RequestError> {
        self.call(&load::ping(), limit, Repeat::Harmless).await.map(drop)
    }

    /// Publishes a job with our own jid. Sending it again (a kept connection had died) is harmless: minions run a jid once.
    pub async fn publish(&self, job: &PublishRequest, limit: Duration) -> Result<Publication, RequestError> {
        let key = self.key().await?;
        let answer = self.call(&load::publish(job, &key), limit, Repeat::AsOnce).await?;
        reply::publication(&self.checked(answer, &key)?)
    }

    /// Starts a runner function. Its result comes over the bus as `salt/run/<jid>/ret`; 3008 sends none at all for some
    /// errors. `arg` is an array, `kwarg` a map.
    pub async fn runner(
        &self,
        fun: &str,
        arg: &serde_json::Value,
        kwarg: &serde_json::Value,
        user: &str,
        limit: Duration,
    ) -> Result<RunnerStarted, RequestError> {
        let key = self.key().await?;
        let load = load::local("runner", fun, arg, kwarg, &key.user(user), &key);
        let answer = self.call(&load, limit, Repeat::Never).await?;
        reply::runner(&self.checked(answer, &key)?, &self.address())
    }

    /// Runs a wheel function and waits for its result.
    pub async fn wheel(
        &self,
        fun: &str,
        arg: &serde_json::Value,
        kwarg: &serde_json::Value,
        user: &str,
        limit: Duration,
    ) -> Result<WheelReply, RequestError> {
        let key = self.key().await?;
        let load = load::local("wheel", fun, arg, kwarg, &key.user(user), &key);
        let answer = self.call(&load, limit, Repeat::Never).await?;
        reply::wheel(&self.checked(answer, &key)?, &self.address())
    }

    /// Read off the async threads: the cache may be on a slow disk.
    async fn key(&self) -> Result<key::KeyText, RequestError> {
        let files = self.0.key.clone();
        tokio::task::spawn_blocking(move || files.read()).await.unwrap_or_else(|error| {
            Err(RequestError::Key { path: self.0.key.path(), source: io::Error::other(error) })
        })
    }

    fn checked(&self, answer: Value, key: &key::KeyText) -> Result<Value, RequestError> {
        reply::checked(answer, key, &self.address())
    }

    fn address(&self) -> String {
        format!("{}:{}", self.0.host, self.0.port)
    }

    async fn call(&self, load: &Value, limit: Duration, repeat: Repeat) -> Result<Value, RequestError> {
        let limit = Limit { until: Instant::now() + limit, whole: limit };
        let payload = load::payload(load);
        let mut heard = None;
        if repeat != Repeat::Never
            && let Some(kept) = self.kept(limit, repeat).await?
        {
            match timeout_at(limit.until, kept.ask(&payload)).await {
                Ok(Ok((answer, connection))) => return Ok(self.keep(connection, answer)),
                Ok(Err(error)) => {
                    tracing::debug!(%error, "the kept connection to Salt had died");
                    heard = Some(error).filter(|_| repeat == Repeat::AsOnce);
                }
                Err(_) => return Err(self.unanswered(limit.passed())),
            }
        }
        let connection = self.fresh(limit, repeat).await.map_err(|error| match heard {
            // Salt may have read it before the connection ended.
            Some(first) => self.unanswered(format!("{first}; then: {error}")),
            None => error,
        })?;
        match timeout_at(limit.until, connection.ask(&payload)).await {
            Ok(Ok((answer, connection))) => Ok(self.keep(connection, answer)),
            Ok(Err(error)) => Err(self.unanswered(error.to_string())),
            Err(_) => Err(self.unanswered(limit.passed())),
        }
    }

    /// The kept connection, when it is alive.
    async fn kept(&self, limit: Limit, repeat: Repeat) -> Result<Option<Connection>, RequestError> {
        let Some((connection, answered)) = self.take_kept() else { return Ok(None) };
        if repeat == Repeat::Harmless || answered.elapsed() < JUST_NOW {
            return Ok(Some(connection));
        }
        match self.awake(connection, limit).await {
            Ok(connection) => Ok(Some(connection)),
            Err(Some(error)) => Err(error),
            Err(None) => Ok(None),
        }
    }

    async fn fresh(&self, limit: Limit, repeat: Repeat) -> Result<Connection, RequestError> {
        let connection = self.connect(limit).await?;
        if repeat == Repeat::Harmless {
            return Ok(connection);
        }
        self.awake(connection, limit).await.map_err(|error| {
            error.unwrap_or_else(|| self.unreachable(true, "it hung up on a ping".to_owned()))
        })
    }

    /// Pings before anything that does something: what a frozen or overloaded master has in its buffers it carries out
    /// whenever it wakes, however late. The error is none when the connection had died.
    async fn awake(&self, connection: Connection, limit: Limit) -> Result<Connection, Option<RequestError>> {
        let late = || Some(self.unreachable(true, limit.passed()));
        match timeout_at(limit.until, connection.ask(&load::payload(&load::ping()))).await {
            // Whoever stood still meanwhile finds the answer there, and the time gone.
            Ok(Ok(_)) if Instant::now() >= limit.until => Err(late()),
            Ok(Ok((_, connection))) => Ok(connection),
            Ok(Err(error)) => {
                tracing::debug!(%error, "a connection to Salt had died");
                Err(None)
            }
            Err(_) => Err(late()),
        }
    }

    async fn connect(&self, limit: Limit) -> Result<Connection, RequestError> {
        if self.0.transport == Transport::Other {
            let why = "only `transport: zeromq` and `transport: tcp` are spoken".to_owned();
            return Err(self.unreachable(false, why));
        }
        let stream = match timeout_at(limit.until, connection::tcp(&self.0.host, self.0.port)).await {
            Ok(Ok(stream)) => stream,
            Ok(Err(error)) => return Err(self.unreachable(false, error.to_string())),
            Err(_) => return Err(self.unreachable(false, format!("no connection within {:?}", limit.whole))),
        };
        match timeout_at(limit.until, Connection::open(stream, self.0.transport)).await {
            Ok(Ok(connection)) => Ok(connection),
            Ok(Err(error)) => Err(self.unreachable(true, error.to_string())),
            Err(_) => {
                let why = format!("it takes connections, but said nothing within {:?}", limit.whole);
                Err(self.unreachable(true, why))
            }
        }
    }

    fn unreachable(&self, mute: bool, why: String) -> RequestError {
        RequestError::Unreachable { address: self.address(), mute, why }
    }

    fn unanswered(&self, why: String) -> RequestError {
        RequestError::Unanswered { address: self.address(), why }
    }

    fn take_kept(&self) -> Option<(Connection, Instant)> {
        let mut kept = self.0.kept.lock().unwrap_or_else(PoisonError::into_inner);
        std::iter::from_fn(|| kept.pop()).find(|(connection, _)| connection.is_open())
    }

    fn keep(&self, connection: Connection, answer: Value) -> Value {
        let mut kept = self.0.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|(_, answered)| answered.elapsed() < IDLE);
        if kept.len() < KEPT {
            kept.push((connection, Instant::now()));
        }
        answer
    }
}
