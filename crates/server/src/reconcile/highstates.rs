//! Returns of runs of states are worked into the highstate views, behind the ingest: in small transactions, by one server at
//! a time, woken when there are some. How such a return is read is said in `highstate`.

use std::collections::BTreeMap;

use raas_db::{
    DbError,
    highstate::{self, Batch, Run, Todo},
    listen::{self, Wake, Wakes},
};
use tokio::time::{Instant, timeout};

use super::{TURN, pause};
use crate::{
    AppState,
    highstate::{LARGEST, States, read},
    ledger::HIGHSTATES,
};

/// What one transaction takes. All that waits of some minions at once: of ten runs of a minion each state is written once.
const BATCH: Batch = Batch { minions: 200, waiting: 20_000, most: 2_000, bytes: 32 << 20, largest: LARGEST };
/// … and bytes of their JSON, about: what it holds in memory.
const BYTES: usize = 32 << 20;
/// … and results of states, about: they are rows to write, and a statement has a time limit.
const STATES: usize = 20_000;
/// How long it rests after a transaction, in times of what that took.
const REST: u32 = 1;
/// The same while returns come in, which go first.
const REST_BUSY: u32 = 5;

/// Works until the server stops. After each transaction it rests, longer while returns come in: those go first.
pub(super) async fn run(state: AppState) {
    let mut wakes = state.listener.subscribe();
    let mut work = Work { batch: BATCH, failures: 0 };
    while !state.shutdown.is_cancelled() {
        let began = Instant::now();
        if work.step(&state).await {
            let times = if state.taking.is_busy() { REST_BUSY } else { REST };
            let rest = tokio::time::sleep(began.elapsed() * times);
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
    /// How much is taken at once: one return after a failure, so that one bad return is found and left out.
    batch: Batch,
    failures: u32,
}

impl Work {
    /// One transaction. True: there may be more.
    async fn step(&mut self, state: &AppState) -> bool {
        let done = timeout(TURN, pass(state, self.batch)).await;
        match done.unwrap_or_else(|_| Err(DbError::unavailable("working in runs of states took too long"))) {
            Ok(done) => {
                *self = Self { batch: BATCH, failures: 0 };
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
        if refused && self.batch.most == 1 {
            *self = Self { batch: BATCH, failures: 0 };
            return leave_out(state).await.is_ok();
        }
        // Also when it took too long: what is too much for one statement is less the next time.
        self.batch = Batch::one(LARGEST);
        refused
    }
}

/// One transaction. How much of what there is to do was done.
async fn pass(state: &AppState, batch: Batch) -> Result<usize, DbError> {
    let mut client = state.db.client().await?;
    let tx = client.transaction().await?;
    if !highstate::lock(&tx).await? {
        return Ok(0);
    }
    let todo = highstate::next(&tx, batch).await?;
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
    for todo in highstate::next(&tx, Batch::one(0)).await? {
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
    let (mut bytes, mut results) = (0, 0);
    for one in todo {
        if bytes > BYTES || results > STATES {
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
            results += states.results.len();
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

#[cfg(test)]
mod tests {
    use super::{Todo, sort};
    use raas_db::highstate::Returned;
    use serde_json::{Map, Value, json};

    fn todo(n: i64, states: usize) -> Todo {
        let map: Map<String, Value> =
            (0..states).map(|one| (format!("x_|-{one}_|-{one}_|-y"), json!({"result": true}))).collect();
        let returned = Returned {
            day: jiff::civil::date(2026, 1, 2),
            jid: "20260102030405000001".to_owned(),
            fun: "state.apply".to_owned(),
            fun_args: "[]".to_owned(),
            body: zstd::encode_all(json!(map).to_string().as_bytes(), 1).ok(),
        };
        Todo { n, cluster_id: "eu-web".to_owned(), minion_id: format!("w{n}"), returned: Some(returned) }
    }

    #[test]
    fn many_large_runs_are_taken_a_few_at_a_time_and_small_ones_all_at_once() {
        let large = sort((0..10).map(|n| todo(n, 5_000)).collect());
        assert_eq!(large.done, [0, 1, 2, 3, 4]);
        assert_eq!(large.clusters["eu-web"].runs.len(), 5);
        assert_eq!(sort((0..10).map(|n| todo(n, 3)).collect()).done.len(), 10);
    }

    #[test]
    fn a_value_that_is_gone_or_broken_is_crossed_off() {
        let mut broken = todo(1, 3);
        broken.returned.as_mut().unwrap().body = Some(b"no zstd".to_vec());
        let gone = Todo { returned: None, ..todo(2, 0) };
        let sorted = sort(vec![broken, gone]);
        assert_eq!(sorted.done, [1, 2]);
        assert_eq!((sorted.clusters["eu-web"].runs.len(), sorted.clusters["eu-web"].went.len()), (0, 1));
    }
}
