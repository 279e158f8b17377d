//! The queue on disk between this master and the server: what was taken is fsynced first, and forgotten only when the
//! server has committed it. One thread owns the file; here are its handles. What the records mean is not known here.
//!
//! An *epoch* is drawn at each opening of the file, and records left from before are sent under it too. So the numbers of
//! a restored snapshot, which the server may have committed for other records, never meet what it committed.

mod limits;
mod store;
mod writer;

use std::path::PathBuf;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, RwLock, mpsc};

use jiff::Timestamp;
use raas_wire::{Json, Report};
use serde::Serialize;
use tokio::sync::{oneshot, watch};
use uuid::Uuid;

use crate::clock::Clock;
use crate::random::Random;

pub use limits::Limits;

use writer::{Request, Writer};

/// Why something was not recorded.
#[derive(Debug, thiserror::Error)]
pub enum SpoolError {
    /// The file cannot be opened.
    #[error("the spool {} cannot be opened: {why}", path.display())]
    Open {
        /// The file.
        path: PathBuf,
        /// The cause.
        why: String,
    },
    /// The plugin is ending.
    #[error("the spool is closed")]
    Closed,
    /// The disk is full and memory has its limit; what was dropped is reported as a gap.
    #[error("the spool cannot be written and its memory is full; what was dropped is reported as a gap")]
    Full,
    /// A report that is not JSON.
    #[error("a report cannot be encoded: {0}")]
    Encode(#[from] serde_json::Error),
}

/// Where the spool is, and its limits.
#[derive(Clone, Debug)]
pub struct Options {
    /// The file; its directory is made.
    pub path: PathBuf,
    /// How much is kept.
    pub limits: Limits,
}

/// A record as it is sent: the report's text is never rebuilt.
#[derive(Clone, Debug, Serialize)]
pub struct RawRecord {
    /// Number within the epoch.
    pub n: u64,
    /// The master's clock when it was taken.
    pub at: Timestamp,
    /// That clock minus the server's then, in milliseconds, where it was known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub skew_ms: Option<i64>,
    /// A [`Report`].
    pub report: Json,
}

/// A run that was asked of Salt and not answered yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Begun {
    /// Its delivery.
    pub delivery_id: Uuid,
    /// Function.
    pub fun: String,
    /// The master's main process that was to run it, told from any that comes after it.
    pub main: String,
}

/// What is sent next.
#[derive(Clone, Debug, Serialize)]
pub struct Chunk {
    /// Epoch of the numbers.
    pub epoch: Uuid,
    /// Ascending.
    pub records: Vec<RawRecord>,
}

/// How much waits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Depth {
    /// Records.
    pub records: u64,
    /// When the oldest was taken.
    pub oldest: Option<Timestamp>,
}

/// The queue. Clones are the same queue; its thread ends with the last of them.
#[derive(Clone, Debug)]
pub struct Spool {
    requests: mpsc::Sender<Request>,
    shared: Arc<Shared>,
    depth: watch::Receiver<Depth>,
}

#[derive(Debug)]
struct Shared {
    epoch: RwLock<Uuid>,
    heard_before: Option<Timestamp>,
    heard: Heard,
    answered: Vec<Uuid>,
    begun: Vec<Begun>,
}

/// Until when everything is recorded, in microseconds.
#[derive(Clone, Debug)]
struct Heard(Arc<AtomicI64>);

impl Heard {
    fn nothing() -> Self {
        Self(Arc::new(AtomicI64::new(i64::MIN)))
    }

    fn get(&self) -> Option<Timestamp> {
        let at = self.0.load(Ordering::Relaxed);
        (at != i64::MIN).then(|| Timestamp::from_microsecond(at).ok()).flatten()
    }
}

impl Spool {
    /// Opens the file, or makes it; a corrupt one is set aside. Blocks for as long as the disk takes.
    ///
    /// # Errors
    /// When its directory or the file cannot be made or read.
    pub fn open(
        options: Options,
        clock: Arc<dyn Clock>,
        random: Arc<dyn Random>,
    ) -> Result<Self, SpoolError> {
        let path = options.path.clone();
        let fail = |why: String| SpoolError::Open { path: path.clone(), why };
        let (requests, inbox) = mpsc::channel();
        let (depth_out, depth) = watch::channel(Depth::default());
        let opened = store::Store::open(&options, clock.now()).map_err(|error| fail(error.to_string()))?;
        let shared = Arc::new(Shared {
            epoch: RwLock::new(random.uuid()),
            heard_before: opened.heard_until,
            heard: Heard::nothing(),
            answered: opened.answered.clone(),
            begun: opened.begun.clone(),
        });
        let writer = Writer::new(opened.store, options, clock, random, shared.clone(), depth_out);
        std::thread::Builder::new()
            .name("spool".to_owned())
            .spawn(move || writer.run(&inbox))
            .map_err(|error| fail(error.to_string()))?;
        Ok(Self { requests, shared, depth })
    }

    /// A handle for those who report.
    pub fn recorder(&self) -> Recorder {
        Recorder { requests: self.requests.clone(), heard: self.shared.heard.clone() }
    }

    /// The epoch of the numbers.
    pub fn epoch(&self) -> Uuid {
        self.shared.epoch.read().map_or_else(|poisoned| *poisoned.into_inner(), |epoch| *epoch)
    }

    /// Until when the plugin that had this file before had recorded everything ([`Recorder::heard_until`]); what passed
    /// since then may be missing. None: nobody had it before.
    pub fn heard_until(&self) -> Option<Timestamp> {
        self.shared.heard_before
    }

    /// Deliveries whose answers an earlier run left in the spool.
    pub fn answered(&self) -> &[Uuid] {
        &self.shared.answered
    }

    /// Runs that an earlier run of the plugin asked for, and that were not answered.
    pub fn begun(&self) -> &[Begun] {
        &self.shared.begun
    }

    /// How much waits; changes with every commit and every acknowledgement.
    pub fn depth(&self) -> watch::Receiver<Depth> {
        self.depth.clone()
    }

    /// The oldest records, at most `records` of them and about `bytes`; none when nothing waits.
    ///
    /// # Errors
    /// When the spool is closed.
    pub async fn oldest(&self, records: usize, bytes: usize) -> Result<Option<Chunk>, SpoolError> {
        let (reply, answer) = oneshot::channel();
        self.send(Request::Oldest { records, bytes, reply })?;
        answer.await.map_err(|_| SpoolError::Closed)
    }

    /// The server has committed everything up to `through` of `epoch`: it is forgotten. Another epoch changes nothing.
    ///
    /// # Errors
    /// When the spool is closed.
    pub fn committed(&self, epoch: Uuid, through: u64) -> Result<(), SpoolError> {
        self.send(Request::Committed { epoch, through })
    }

    /// Gives up record `n`, which the server cannot take: a large result is cut, anything else becomes a gap.
    ///
    /// # Errors
    /// When the spool is closed.
    pub fn give_up(&self, n: u64, why: &str) -> Result<(), SpoolError> {
        self.send(Request::GiveUp { n, why: why.to_owned() })
    }

    fn send(&self, request: Request) -> Result<(), SpoolError> {
        self.requests.send(request).map_err(|_| SpoolError::Closed)
    }
}

/// Takes reports; see [`Recorder::record`].
#[derive(Clone, Debug)]
pub struct Recorder {
    requests: mpsc::Sender<Request>,
    heard: Heard,
}

impl Recorder {
    /// Everything that passed until then is recorded: should the plugin be killed, its next run looks for what passed
    /// since. Written down with the next reports, and now and then.
    pub fn heard_until(&self, at: Timestamp) {
        self.heard.0.store(at.as_microsecond(), Ordering::Relaxed);
    }

    /// Returns when it is on disk that this run is asked of Salt next. It is forgotten with its answer.
    ///
    /// # Errors
    /// When the spool is closed, or cannot be written.
    pub async fn begin(&self, run: Begun) -> Result<(), SpoolError> {
        let (reply, answer) = oneshot::channel();
        self.requests.send(Request::Begin { run, reply }).map_err(|_| SpoolError::Closed)?;
        answer.await.map_err(|_| SpoolError::Closed)?
    }

    /// Returns when the reports, with the master's clock at each, are safely on disk. Many callers share one fsync.
    /// When the disk is full it waits until there is room.
    ///
    /// # Errors
    /// When the spool is closed, or memory has reached its limit while the disk is full.
    pub async fn record(&self, reports: Vec<(Timestamp, Report)>) -> Result<(), SpoolError> {
        if reports.is_empty() {
            return Ok(());
        }
        let entries = reports
            .into_iter()
            .map(|(at, report)| writer::Entry::new(at, report))
            .collect::<Result<_, _>>()?;
        let (reply, answer) = oneshot::channel();
        self.requests.send(Request::Append { entries, reply }).map_err(|_| SpoolError::Closed)?;
        answer.await.map_err(|_| SpoolError::Closed)?
    }
}
