//! Carries out what the server asks of this master, each delivery once, and reports what came of it.
//! How Salt is spoken to is `salt`, one file per kind of work; how work arrives is `uplink`.

mod ask;
mod attempt;
mod done;
mod jid;
mod keys;
mod ping;
mod publish;
mod question;
mod run;
pub mod salt;

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use raas_wire::{HandBack, HandedBack, Report, Work};
use tokio::sync::{Semaphore, mpsc};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use uuid::Uuid;

use crate::clock::Clock;
use crate::jobs::Jobs;
use crate::random::Random;
use crate::spool::Recorder;

use done::{Done, Known};
use salt::{Claims, Salt};

/// So many jobs are published at once: more than a master has workers (`worker_threads`, 5). What waits here when its time is
/// over was certainly not published; what waits in Salt's queue nobody can tell of.
const PUBLISHING: usize = 16;
/// So many questions about jobs are put to Salt at once. There can be thousands of them, when a minion that is gone has many jobs
/// open: they take what jobs leave (measured: without a bound, 4,500 of them kept a master from publishing for a minute and a
/// half).
const ASKING: usize = 4;
/// Pings are few, and wait for nobody.
const PINGING: usize = 2;
/// How long work that runs may go on when the plugin is told to end.
const LAST: Duration = Duration::from_secs(3);

/// What work needs.
#[derive(Debug)]
pub struct Worker {
    salt: Arc<dyn Salt>,
    claims: Arc<dyn Claims>,
    jobs: Jobs,
    recorder: Recorder,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
    main: String,
    jids: jid::Jids,
    done: Done,
    publishing: Semaphore,
    asking: Semaphore,
    pinging: Semaphore,
}

/// Everything a [`Worker`] is made of.
#[derive(Debug)]
pub struct Parts {
    /// The Salt master.
    pub salt: Arc<dyn Salt>,
    /// Whoever allows runs.
    pub claims: Arc<dyn Claims>,
    /// Whose jobs are whose.
    pub jobs: Jobs,
    /// Where results go.
    pub recorder: Recorder,
    /// The master's clock.
    pub clock: Arc<dyn Clock>,
    /// For claims.
    pub random: Arc<dyn Random>,
    /// The master's main process ([`crate::parent::Parent::identity`]).
    pub main: String,
}

impl Worker {
    /// `answered` are deliveries whose answers an earlier run left in the spool.
    pub fn new(parts: Parts, answered: &[Uuid]) -> Arc<Self> {
        let Parts { salt, claims, jobs, recorder, clock, random, main } = parts;
        let (jids, done) = (jid::Jids::default(), Done::with(answered));
        let [publishing, asking, pinging] = [PUBLISHING, ASKING, PINGING].map(Semaphore::new);
        Arc::new(Self {
            salt,
            claims,
            jobs,
            recorder,
            clock,
            random,
            main,
            jids,
            done,
            publishing,
            asking,
            pinging,
        })
    }

    /// Until `shutdown`: each piece of work runs beside the others.
    pub async fn run(self: Arc<Self>, mut inbox: mpsc::UnboundedReceiver<Work>, shutdown: CancellationToken) {
        let running = TaskTracker::new();
        loop {
            let work = tokio::select! {
                () = shutdown.cancelled() => break,
                work = inbox.recv() => work,
            };
            let Some(work) = work else { break };
            self.take(work, &running);
        }
        running.close();
        let _ = tokio::time::timeout(LAST, running.wait()).await;
    }

    fn take(self: &Arc<Self>, work: Work, running: &TaskTracker) {
        let (id, arrived) = (work.delivery_id(), Instant::now());
        match self.done.begin(id, arrived) {
            Known::New => {}
            Known::Running | Known::Answered(None) => return,
            Known::Answered(Some(again)) => {
                // The server asks again although it was answered: the answer is repeated, the work is not.
                let (this, now) = (Arc::clone(self), self.clock.now());
                running.spawn(async move { this.record(vec![(now, (*again).clone())]).await });
                return;
            }
        }
        let this = Arc::clone(self);
        running.spawn(async move {
            tracing::debug!(delivery = %id, "work begins");
            match work {
                Work::Publish(work) => publish::publish(&this, work, arrived).await,
                Work::Run(work) => run::run(&this, work, arrived).await,
                Work::Ask(work) => ask::ask(&this, work).await,
                Work::Ping(work) => ping::ping(&this, work).await,
                Work::Keys(work) => keys::change(&this, work).await,
            }
        });
    }

    /// The answer to a delivery, with what belongs to it.
    async fn answer(&self, id: Uuid, answer: Report, mut with: Vec<(Timestamp, Report)>) {
        self.done.answered(id, &answer, Instant::now());
        with.push((self.clock.now(), answer));
        self.record(with).await;
    }

    async fn hand_back(&self, id: Uuid, why: HandBack, detail: String) {
        tracing::info!(delivery = %id, ?why, detail, "handed back");
        self.answer(id, Report::HandedBack(HandedBack { delivery_id: id, why, detail }), Vec::new()).await;
    }

    async fn record(&self, reports: Vec<(Timestamp, Report)>) {
        if let Err(error) = self.recorder.record(reports).await {
            tracing::error!(%error, "the result of work was not recorded");
        }
    }
}

/// How a request to Salt that failed goes back.
fn handed_back(error: &raas_salt::RequestError) -> HandBack {
    use raas_salt::RequestError as E;
    match error {
        E::Unreachable { .. } | E::Key { .. } => HandBack::Unreachable,
        E::Refused(_) | E::Authentication { .. } => HandBack::Refused,
        E::Unanswered { .. } | E::Failed { .. } => HandBack::Unanswered,
    }
}
