//! Returns of runs of states are worked into the highstate views, behind the ingest: in small transactions, by one server at
//! a time, woken when there are some. How such a return is read is said in `highstate`.

use std::collections::BTreeMap;

use raas_db::{
    DbError,
    highstate::{self, Run, Todo},
    listen::{self, Wake, Wakes},
};
use tokio::time::{Instant, timeout};

use super::{TURN, pause};
use crate::{
    AppState,
    highstate::{LARGEST, States, read},
    ledger::HIGHSTATES,
};

/// Returns of one transaction.
const MOST: i64 = 200;
/// … and bytes of their JSON, about: what one transaction holds in memory.
const BYTES: usize = 32 << 20;

/// Works until the server stops. After each transaction it rests as long as that took: returns that come in go first.
pub(super) async fn run(state: AppState) {
    let mut wakes = state.listener.subscribe();
    let mut work = Work { most: MOST, failures: 0 };
    while !state.shutdown.is_cancelled() {
        let began = Instant::now();
        if work.step(&state).await {
            let rest = tokio::time::sleep(began.elapsed());
            tokio::select! {
                () = state.shutdown.cancelled() => {}
                () = rest => {}
            }
            continue;
        }
        tokio::select! {
            () = state.shutdown.cancelled() => {}
            () = tokio::time::sleep(pause(work.failures)) => {}
            () = woken(&mut wakes), if work.failures == 0 => {}
        }
    }
}

/// Waits until there is something to work in; for ever when nobody can say so any more.
async fn woken(wakes: &mut Wakes) {
    loop {
        match wakes.next().await {
            None => std::future::pending::<()>().await,
            Some(Wake::Rescan) => return,
            Some(Wake::Notified { channel, payload }) if channel == listen::WORK && payload == HIGHSTATES => {
                return;
            }
            Some(Wake::Notified { .. }) => {}
        }
    }
}

/// How it goes.
struct Work {
    /// How many returns are taken at once: one after a failure, so that one bad return is found and left out.
    most: i64,
    failures: u32,
}

impl Work {
    /// One transaction. True: there may be more.
    async fn step(&mut self, state: &AppState) -> bool {
        let done = timeout(TURN, pass(state, self.most)).await;
        match done.unwrap_or_else(|_| Err(DbError::unavailable("working in runs of states took too long"))) {
            Ok(done) => {
                *self = Self { most: MOST, failures: 0 };
                done > 0
            }
            Err(error) => {
                tracing::warn!(cause = %error.internal(), "runs of states could not be worked in");
                self.failed(state, &error).await
            }
        }
    }

    async fn failed(&mut self, state: &AppState, error: &DbError) -> bool {
        self.failures = self.failures.saturating_add(1);
        let refused = matches!(error, DbError::Query { .. });
        if refused && self.most == 1 {
            *self = Self { most: MOST, failures: 0 };
            return leave_out(state).await.is_ok();
        }
        if refused {
            self.most = 1;
        }
        refused
    }
}

/// One transaction. How much of what there is to do was done.
async fn pass(state: &AppState, most: i64) -> Result<usize, DbError> {
    let mut client = state.db.client().await?;
    let tx = client.transaction().await?;
    if !highstate::lock(&tx).await? {
        return Ok(0);
    }
    let todo = highstate::next(&tx, most, i64::try_from(LARGEST).unwrap_or(i64::MAX)).await?;
    if todo.is_empty() {
        return Ok(0);
    }
    let work = tokio::task::spawn_blocking(move || sort(todo)).await;
    let work = work.map_err(|error| DbError::unavailable(error.to_string()))?;
    for (cluster_id, of) in &work.clusters {
        let runs: Vec<Run<'_>> = of.runs.iter().map(|(todo, states)| row(todo, states)).collect();
        highstate::store(&tx, cluster_id, state.clock.now(), &runs).await?;
        let went: Vec<&str> = of.went.iter().map(String::as_str).collect();
        highstate::forget(&tx, cluster_id, &went).await?;
    }
    highstate::done(&tx, &work.done).await?;
    tx.commit().await?;
    Ok(work.done.len())
}

/// The next one is left out: the database refused it.
async fn leave_out(state: &AppState) -> Result<(), DbError> {
    let mut client = state.db.client().await?;
    let tx = client.transaction().await?;
    if !highstate::lock(&tx).await? {
        return Ok(());
    }
    for todo in highstate::next(&tx, 1, 0).await? {
        let jid = todo.returned.as_ref().map(|returned| returned.jid.as_str());
        tracing::warn!(
            cluster_id = todo.cluster_id,
            minion_id = todo.minion_id,
            jid,
            "a run of states is not in the highstate views"
        );
        highstate::done(&tx, &[todo.n]).await?;
    }
    tx.commit().await
}

/// What one transaction does.
#[derive(Default)]
struct Sorted {
    clusters: BTreeMap<String, Cluster>,
    done: Vec<i64>,
}

#[derive(Default)]
struct Cluster {
    runs: Vec<(Source, States)>,
    went: Vec<String>,
}

/// Whose run it is.
struct Source {
    day: jiff::civil::Date,
    jid: String,
    minion_id: String,
}

/// Reads as many returns as fit.
fn sort(todo: Vec<Todo>) -> Sorted {
    let mut sorted = Sorted::default();
    let mut bytes = 0;
    for one in todo {
        if bytes > BYTES {
            break;
        }
        sorted.done.push(one.n);
        let of = sorted.clusters.entry(one.cluster_id).or_default();
        let Some(returned) = one.returned else {
            of.went.push(one.minion_id);
            continue;
        };
        let Some(text) = returned.body.as_deref().and_then(plain) else { continue };
        bytes += text.len();
        let args = serde_json::from_str(&returned.fun_args).unwrap_or_default();
        if let Some(states) = read(&returned.fun, &args, &text) {
            of.runs.push((Source { day: returned.day, jid: returned.jid, minion_id: one.minion_id }, states));
        }
    }
    sorted
}

fn plain(packed: &[u8]) -> Option<String> {
    String::from_utf8(raas_db::body::unpack(packed).ok()?).ok()
}

fn row<'a>(of: &'a Source, states: &'a States) -> Run<'a> {
    Run {
        day: of.day,
        jid: &of.jid,
        minion_id: &of.minion_id,
        full: states.full,
        test: states.test,
        saltenv: &states.saltenv,
        states: &states.results,
    }
}
