//! The thread that owns the file: commits what many callers bring together, keeps the limits, holds on while the disk is full.

use std::collections::VecDeque;
use std::sync::{Arc, mpsc};
use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};
use raas_wire::{Gap, Json, Report};
use tokio::sync::{oneshot, watch};
use uuid::Uuid;

use super::store::{self, Dropped, Oldest, Store};
use super::{Begun, Chunk, Depth, Options, Shared, SpoolError, limits};
use crate::clock::Clock;
use crate::random::Random;

/// How often the plugin notes until when it heard everything, and looks for events that are too old.
const TICK: Duration = Duration::from_secs(15);
/// How often a disk that could not be written is tried again.
const RETRY: Duration = Duration::from_secs(1);
/// Bytes committed together at most.
const TOGETHER: usize = 16 << 20;
/// The largest report that can be carried; a longer return is cut and says so. A value of 50 MB fits as JSON and, where JSON
/// cannot carry it, as its own bytes in base64 beside that; a batch may be 256 MiB (`raas_wire::MAX_PLAIN`).
const MAX_REPORT: usize = 192 << 20;

/// A report, ready to be written.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) at: Timestamp,
    pub(super) event: bool,
    pub(super) answers: Option<Uuid>,
    pub(super) report: Vec<u8>,
    pub(super) skew_ms: Option<i64>,
}

impl Entry {
    pub(super) fn new(at: Timestamp, report: Report) -> Result<Self, SpoolError> {
        let (event, answers) = (limits::is_event(&report), limits::answers(&report));
        let mut text = serde_json::to_vec(&report)?;
        if text.len() > MAX_REPORT {
            let why = format!("a result of {} bytes is too long to be carried", text.len());
            text = serde_json::to_vec(&cut(report, &why))?;
        }
        Ok(Self { at, event, answers, report: text, skew_ms: None })
    }

    /// What takes the place of a report that the server cannot take: a large result gives way to a sentence, so that its
    /// job still ends; anything else is a gap.
    pub(super) fn in_place_of(at: Timestamp, report: &[u8], why: &str) -> Result<Self, SpoolError> {
        let large = Some(report).filter(|report| report.len() > LARGE);
        match large.and_then(|report| serde_json::from_slice(report).ok()) {
            Some(result @ (Report::Return(_) | Report::Ran(_))) => Self::new(at, cut(result, why)),
            _ => Self::new(at, Report::Gap(Gap { from: at, to: at, count: Some(1), why: why.to_owned() })),
        }
    }

    pub(super) fn size(&self) -> u64 {
        self.report.len() as u64
    }
}

/// A result that is too long to be carried gives way to a sentence.
fn cut(mut report: Report, why: &str) -> Report {
    let said = Json::from(serde_json::Value::from(why));
    match &mut report {
        Report::Return(one) => (one.ret, one.original, one.extra, one.trimmed) = (said, None, None, true),
        Report::Ran(one) => (one.ret, one.original) = (said, None),
        _ => {}
    }
    report
}

/// Bytes of a report that may have been too many for the server.
const LARGE: usize = 1 << 20;

/// What handles ask of the thread.
#[derive(Debug)]
pub(super) enum Request {
    Append { entries: Vec<Entry>, reply: oneshot::Sender<Result<(), SpoolError>> },
    Begin { run: Begun, reply: oneshot::Sender<Result<(), SpoolError>> },
    Oldest { records: usize, bytes: usize, reply: oneshot::Sender<Option<Chunk>> },
    Committed { epoch: Uuid, through: u64 },
    GiveUp { n: u64, why: String },
}

#[derive(Debug)]
struct Append {
    entries: Vec<Entry>,
    reply: oneshot::Sender<Result<(), SpoolError>>,
}

/// The thread's own.
pub(super) struct Writer {
    store: Store,
    options: Options,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
    shared: Arc<Shared>,
    depth: watch::Sender<Depth>,
    /// Not on disk yet, oldest first.
    held: VecDeque<Append>,
    /// Dropped from memory, not reported yet.
    lost: Option<Dropped>,
    /// Committed by the server.
    committed: u64,
    /// Given to the uplink.
    handed_out: u64,
    failing: bool,
    ticked: Instant,
}

impl Writer {
    pub(super) fn new(
        store: Store,
        options: Options,
        clock: Arc<dyn Clock>,
        random: Arc<dyn Random>,
        shared: Arc<Shared>,
        depth: watch::Sender<Depth>,
    ) -> Self {
        Self {
            store,
            options,
            clock,
            random,
            shared,
            depth,
            held: VecDeque::new(),
            lost: None,
            committed: 0,
            handed_out: 0,
            failing: false,
            ticked: Instant::now(),
        }
    }

    /// Until the last handle is gone.
    pub(super) fn run(mut self, inbox: &mpsc::Receiver<Request>) {
        self.tick();
        loop {
            let wait = if self.held.is_empty() { TICK } else { RETRY };
            match inbox.recv_timeout(wait) {
                Ok(first) => self.take(first, inbox),
                Err(mpsc::RecvTimeoutError::Timeout) => self.write(),
                Err(mpsc::RecvTimeoutError::Disconnected) => break,
            }
            if self.ticked.elapsed() >= TICK {
                self.tick();
            }
            self.tell_depth();
        }
        self.write();
        let _ = self.store.heard(self.shared.heard.get());
    }

    /// Everything that waits in the inbox, so that all of it shares one fsync.
    fn take(&mut self, first: Request, inbox: &mpsc::Receiver<Request>) {
        let (mut next, mut later, mut bytes) = (Some(first), Vec::new(), 0);
        while let Some(request) = next {
            match request {
                Request::Append { mut entries, reply } => {
                    let skew_ms = self.clock.skew_ms();
                    for entry in &mut entries {
                        entry.skew_ms = skew_ms;
                    }
                    bytes += entries.iter().map(|entry| entry.report.len()).sum::<usize>();
                    self.held.push_back(Append { entries, reply });
                }
                other => later.push(other),
            }
            next = if bytes < TOGETHER { inbox.try_recv().ok() } else { None };
        }
        self.write();
        for request in later {
            self.answer(request);
        }
    }

    fn answer(&mut self, request: Request) {
        match request {
            Request::Append { entries, reply } => self.held.push_back(Append { entries, reply }),
            Request::Begin { run, reply } => {
                let begun = self.store.begin(&run).inspect_err(|error| self.failed(error));
                let _ = reply.send(begun.map_err(|_| SpoolError::Full));
            }
            Request::Oldest { records, bytes, reply } => {
                let _ = reply.send(self.oldest(records, bytes));
            }
            Request::Committed { epoch, through } => self.forget(epoch, through),
            Request::GiveUp { n, why } => {
                if let Err(error) = self.store.give_up(n, &why) {
                    self.failed(&error);
                }
            }
        }
    }

    fn oldest(&mut self, records: usize, bytes: usize) -> Option<Chunk> {
        match self.store.oldest(self.committed, records, bytes) {
            Ok(records) => {
                let last = records.last()?.n;
                self.handed_out = self.handed_out.max(last);
                Some(Chunk { epoch: self.epoch(), records })
            }
            Err(error) => {
                self.failed(&error);
                None
            }
        }
    }

    fn forget(&mut self, epoch: Uuid, through: u64) {
        if epoch != self.epoch() {
            return;
        }
        if through > self.handed_out {
            // Somebody sent more under this epoch than we did: a copy of this machine. Its numbers are not ours.
            tracing::warn!(
                through,
                sent = self.handed_out,
                "the server knows records that were not sent: new epoch"
            );
            self.new_epoch();
            return;
        }
        self.committed = self.committed.max(through);
        if let Err(error) = self.store.forget(self.committed) {
            self.failed(&error);
        }
    }

    fn epoch(&self) -> Uuid {
        self.shared.epoch.read().map_or_else(|poisoned| *poisoned.into_inner(), |epoch| *epoch)
    }

    fn new_epoch(&mut self) {
        let drawn = self.random.uuid();
        if let Ok(mut epoch) = self.shared.epoch.write() {
            *epoch = drawn;
        }
    }

    /// Commits what is held.
    fn write(&mut self) {
        let now = self.clock.now();
        if self.held.is_empty() && self.lost.is_none() {
            return;
        }
        let mut entries: Vec<Entry> = Vec::new();
        entries.extend(self.lost.as_ref().and_then(|lost| lost_gap(lost, now)));
        let counts: Vec<usize> = self.held.iter().map(|append| append.entries.len()).collect();
        for append in &mut self.held {
            entries.append(&mut append.entries);
        }
        match self.store.append(&entries, self.shared.heard.get()) {
            Ok(()) => {
                self.lost = None;
                self.recovered();
                // Whoever is told that it waits on disk finds it counted.
                self.tell_depth();
                for append in self.held.drain(..) {
                    let _ = append.reply.send(Ok(()));
                }
                self.keep_limits(now);
            }
            Err(error) => {
                let gap = usize::from(self.lost.is_some());
                let mut entries = entries.into_iter().skip(gap);
                for (append, count) in self.held.iter_mut().zip(counts) {
                    append.entries = entries.by_ref().take(count).collect();
                }
                self.failed(&error);
                self.keep_memory();
            }
        }
    }

    fn tell_depth(&self) {
        let now = self.store.depth(self.committed);
        self.depth.send_if_modified(|depth| std::mem::replace(depth, now) != now);
    }

    /// Memory has a limit too: the oldest events go first, then the oldest of all.
    fn keep_memory(&mut self) {
        let size = |entry: &Entry| entry.report.len();
        let mut held: usize = self.held.iter().flat_map(|append| &append.entries).map(size).sum();
        for events_only in [true, false] {
            for append in &mut self.held {
                let lost = &mut self.lost;
                append.entries.retain(|entry| {
                    let keep = held <= self.options.limits.memory || (events_only && !entry.event);
                    if !keep {
                        held -= size(entry);
                        limits::lose(lost, entry.at);
                    }
                    keep
                });
            }
        }
        for append in std::mem::take(&mut self.held) {
            if append.entries.is_empty() {
                let _ = append.reply.send(Err(SpoolError::Full));
            } else {
                self.held.push_back(append);
            }
        }
    }

    fn keep_limits(&mut self, now: Timestamp) {
        let limits = self.options.limits;
        for _ in 0..64 {
            let (records, bytes) = self.store.fill();
            let (why, count) = if records > limits.records {
                let count = (records - limits.records).max(limits.records / 100);
                (format!("more than {} records waited (size_limit)", limits.records), count)
            } else if bytes > limits.bytes {
                (format!("more than {} bytes waited (bytes_limit)", limits.bytes), (records / 100).max(1))
            } else {
                return;
            };
            if !self.drop_events(count, Timestamp::MAX, &why, now) {
                return;
            }
        }
    }

    fn drop_events(&mut self, count: u64, before: Timestamp, why: &str, now: Timestamp) -> bool {
        let (after, skew_ms) = (self.handed_out.max(self.committed), self.clock.skew_ms());
        match self.store.drop_events(&Oldest { after, count, before, skew_ms }, why, now) {
            Ok(Some(dropped)) => {
                tracing::warn!(count = dropped.count, from = %dropped.from, to = %dropped.to, why, "events dropped");
                true
            }
            Ok(None) => false,
            Err(error) => {
                self.failed(&error);
                false
            }
        }
    }

    fn tick(&mut self) {
        self.ticked = Instant::now();
        let now = self.clock.now();
        if let Err(error) = self.store.heard(self.shared.heard.get()) {
            self.failed(&error);
        }
        let age = SignedDuration::try_from(self.options.limits.age).unwrap_or(SignedDuration::MAX);
        if let Ok(before) = self.clock.server_now().checked_sub(age) {
            let why = format!("they waited longer than {} s (age_limit)", age.as_secs());
            self.drop_events(u64::MAX, before, &why, now);
        }
        self.keep_limits(now);
    }

    fn failed(&mut self, error: &rusqlite::Error) {
        if store::is_corrupt(error) {
            self.replace();
            return;
        }
        if !self.failing {
            tracing::error!(
                spool = %self.store.path().display(), %error,
                "the spool cannot be written; reports are kept in memory and tried again: make room on that disk"
            );
        }
        self.failing = true;
    }

    fn recovered(&mut self) {
        if std::mem::take(&mut self.failing) {
            tracing::info!(spool = %self.store.path().display(), "the spool can be written again");
        }
    }

    /// The file broke while it was open: a new one takes its place, with new numbers.
    fn replace(&mut self) {
        match Store::open(&self.options, self.clock.now()) {
            Ok(opened) => {
                self.store = opened.store;
                (self.committed, self.handed_out) = (0, 0);
                self.new_epoch();
            }
            Err(error) => tracing::error!(%error, "no new spool can be made in place of the damaged one"),
        }
    }
}

fn lost_gap(lost: &Dropped, now: Timestamp) -> Option<Entry> {
    let why = "the disk was full and memory reached its limit".to_owned();
    let gap = Gap { from: lost.from, to: lost.to, count: Some(lost.count), why };
    Entry::new(now, Report::Gap(gap)).ok()
}
