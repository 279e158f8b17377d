//! The event bus into reports, in Salt's order; connects again when it ends, and says what may be missing.

use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use raas_salt::{Arrival, BusError, Event, EventBus};
use raas_wire::{Gap, Report, Seen};
use tokio::sync::oneshot;

use super::heard::Heard;
use super::signs::Signs;
use super::tag::Tag;
use super::{Nudges, Watch, job_seen, orphan, recover, returns};
use crate::jobs::{Whose, is_own};
use crate::spool::{Begun, SpoolError};

/// Events taken together: one fsync for all of them.
const BATCH: usize = 500;
/// Between attempts to connect, the first and the longest: each costs next to nothing, and until one succeeds events pass
/// unheard.
const RETRY: (Duration, Duration) = (Duration::from_millis(50), Duration::from_millis(500));
/// What passed just before the last event that came may have been in Salt's buffers.
const IN_FLIGHT: SignedDuration = SignedDuration::from_secs(2);
/// A bus that says nothing for so long has nothing to say.
const QUIET: Duration = Duration::from_secs(1);
/// A wait that took longer than this was no wait: this process stood still.
const STOOD_STILL: SignedDuration = SignedDuration::from_secs(2);

/// Listens until the spool is closed.
pub(super) async fn run(watch: Watch, nudges: Nudges) {
    let since = watch.recorded_until.map(|since| (since, "the plugin was not running"));
    let heard = Heard::new(watch.recorder.clone());
    let last = Timestamp::MIN;
    let mut listener = Listener { watch, nudges, signs: Signs::default(), gap: since, heard, last };
    while listener.one_bus().await.is_ok() {}
}

struct Listener {
    watch: Watch,
    nudges: Nudges,
    signs: Signs,
    /// From when on something may be missing, and why.
    gap: Option<(Timestamp, &'static str)>,
    heard: Heard,
    /// Everything that passed until then was taken.
    last: Timestamp,
}

/// Reports, each with its time.
type Reports = Vec<(Timestamp, Report)>;

impl Listener {
    /// From connecting to the end of the bus.
    async fn one_bus(&mut self) -> Result<(), SpoolError> {
        let mut bus = self.connected().await;
        tracing::info!("listening to Salt's event bus");
        let connected = self.watch.clock.now();
        let (first, registered) = oneshot::channel();
        if let Some((from, why)) = self.gap.take() {
            self.report_gap(from, None, why, Some((connected, registered))).await?;
        }
        // Connecting is no proof that Salt knows of it: an event is. Until one came, silence says nothing.
        let mut first = Some(first);
        self.took(connected);
        self.nudges.keys.notify_one();
        self.nudges.ping.notify_one();
        // Since when nothing came, as the wait before this one had it: only then whoever reads the bus surely looked too.
        let mut quiet = None;
        loop {
            let waits = self.watch.clock.now();
            match tokio::time::timeout(QUIET, bus.next(BATCH)).await {
                Err(_) if first.is_none() && self.watch.clock.now().duration_since(waits) < STOOD_STILL => {
                    if let Some(before) = quiet.replace(waits) {
                        self.took(before);
                    }
                }
                Err(_) => quiet = None,
                Ok(Ok(arrivals)) => {
                    quiet = None;
                    if let Some(first) = first.take() {
                        let _ = first.send(());
                    }
                    self.take(arrivals).await?;
                }
                Ok(Err(error)) => {
                    self.ended(&error);
                    return Ok(());
                }
            }
        }
    }

    async fn connected(&self) -> EventBus {
        let (mut wait, longest) = RETRY;
        let mut told = false;
        loop {
            match EventBus::connect(&self.watch.config).await {
                Ok(bus) => return bus,
                Err(error) if told => tracing::debug!(%error, "no event bus yet"),
                Err(error) => tracing::warn!(%error, "no event bus; trying again until it is there"),
            }
            told = true;
            tokio::time::sleep(wait).await;
            wait = (wait * 2).min(longest);
        }
    }

    /// Not from the end of the bus on: where it ended because the plugin could not keep up, what Salt had for it is lost.
    fn ended(&mut self, error: &BusError) {
        tracing::warn!(%error, last = %self.last, "Salt's event bus ended; connecting again");
        let from = self.in_flight();
        self.gap =
            Some((from, "Salt's event bus ended: the master stopped, or could not wait for the plugin"));
    }

    /// Everything that passed until then was taken and recorded.
    fn took(&mut self, until: Timestamp) {
        self.last = self.last.max(until);
        self.heard.bus(self.last);
    }

    fn in_flight(&self) -> Timestamp {
        self.last.checked_sub(IN_FLIGHT).unwrap_or(self.last)
    }

    /// `again`: when the bus was connected to, and what tells that Salt writes to it. What passed in between was not heard,
    /// and may be in the cache only later: Salt keeps a return after it told of it.
    async fn report_gap(
        &mut self,
        from: Timestamp,
        count: Option<u64>,
        why: &str,
        again: Option<(Timestamp, oneshot::Receiver<()>)>,
    ) -> Result<(), SpoolError> {
        let to = self.watch.clock.now();
        let from = from.min(to);
        self.heard.seek(from);
        self.watch.record_now(Report::Gap(Gap { from, to, count, why: why.to_owned() })).await?;
        let again = again.unwrap_or_else(|| (to, said()));
        // Said once: what the cache has of these runs comes before it, and counts.
        let cut_off = std::mem::take(&mut self.watch.cut_off);
        tokio::spawn(seek(self.watch.clone(), self.heard.clone(), from, cut_off, again));
        Ok(())
    }

    async fn take(&mut self, arrivals: Vec<Arrival>) -> Result<(), SpoolError> {
        let mut reports = Vec::new();
        let mut seen = Vec::new();
        let now = self.watch.clock.now();
        let mut last = Timestamp::MIN;
        for arrival in arrivals {
            match arrival {
                Arrival::Event(event) if event.is_from_peer() => {}
                Arrival::Event(event) => {
                    last = last.max(returns::time_of(&event, now));
                    self.event(&Arc::new(event), now, &mut reports, &mut seen);
                }
                Arrival::Unreadable(error) => tracing::warn!(%error, "an event is left out"),
                Arrival::Dropped(count) => {
                    self.watch.record(std::mem::take(&mut reports)).await?;
                    self.took(last);
                    self.report_gap(
                        self.in_flight(),
                        Some(count),
                        "events came faster than they could be written",
                        None,
                    )
                    .await?;
                }
            }
        }
        if !seen.is_empty() {
            reports.push((now, Report::Seen(seen)));
        }
        if !reports.is_empty() {
            self.watch.record(reports).await?;
        }
        self.took(last);
        Ok(())
    }

    fn event(&mut self, event: &Arc<Event>, now: Timestamp, reports: &mut Reports, seen: &mut Vec<Seen>) {
        let tag = Tag::of(&event.tag);
        let at = returns::time_of(event, now);
        let whose = self.watch.jobs.offer(tag.jid(), event);
        seen.extend(self.signs.of(tag, event, at));
        match tag {
            Tag::JobNew { jid } if whose == Whose::Foreign && !is_own(&event.data) => {
                reports.push((at, Report::Job(job_seen::of_event(event, jid))));
            }
            Tag::JobReturn { jid, minion_id } if whose != Whose::Own && !is_own(&event.data) => {
                reports.extend(self.returned(event, jid, minion_id).map(|one| (at, one)));
            }
            Tag::Key | Tag::Auth => self.nudges.keys.notify_one(),
            Tag::Start { minion_id } | Tag::Refresh { minion_id } => {
                let _ = self.nudges.grains.try_send(minion_id.to_owned());
            }
            Tag::Other => {
                reports.extend(orphan::of_event(event, &self.watch.jobs).map(|report| (at, report)));
            }
            _ => {}
        }
    }

    /// A return; the whole value of a trimmed one is looked for in the job cache first.
    fn returned(&self, event: &Event, jid: &str, minion_id: &str) -> Option<Report> {
        let one = returns::of_event(event, jid, minion_id)?;
        if !one.trimmed {
            return Some(Report::Return(one));
        }
        tokio::spawn(recover::whole(self.watch.clone(), one));
        None
    }
}

/// Looks for what a gap may have swallowed: at once, and again when nothing of it can still be on its way into the cache.
async fn seek(
    watch: Watch,
    heard: Heard,
    from: Timestamp,
    cut_off: Vec<Begun>,
    (connected, registered): (Timestamp, oneshot::Receiver<()>),
) {
    let now = watch.clock.now();
    let lost = cut_off.iter().map(|run| (now, orphan::cut_off(run))).collect();
    if recover::since(watch.clone(), from).await.is_err() || watch.record(lost).await.is_err() {
        return;
    }
    let late = connected.max(from);
    heard.seek(late);
    heard.found(from);
    // Where the bus ends before anything came over it, the next gap begins before this one's end.
    let again = registered.await.is_ok();
    if again {
        tokio::time::sleep(watch.pace.cached).await;
    }
    if !again || recover::since(watch.clone(), late).await.is_ok() {
        heard.found(late);
    }
}

/// Salt is known to write to the bus.
fn said() -> oneshot::Receiver<()> {
    let (say, said) = oneshot::channel();
    let _ = say.send(());
    said
}
