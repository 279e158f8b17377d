//! Which deliveries are being carried out or are answered, so that a repeated one is done once.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use raas_wire::Report;
use tokio::time::Instant;
use uuid::Uuid;

/// Deliveries remembered; far more than a lease can bring back.
const MOST: usize = 20_000;
/// An answer is not repeated sooner: it may still be on its way.
const AGAIN: Duration = Duration::from_secs(10);

/// What is known of a delivery.
#[derive(Debug)]
pub(super) enum Known {
    /// Nothing: do it.
    New,
    /// It is being done.
    Running,
    /// It was answered; this is to be said again.
    Answered(Option<Arc<Report>>),
}

#[derive(Debug)]
enum State {
    Running,
    Answered {
        answer: Option<Arc<Report>>,
        at: Instant,
    },
    /// By an earlier run; its answer waits in the spool.
    Before,
}

#[derive(Debug, Default)]
pub(super) struct Done(Mutex<Table>);

#[derive(Debug, Default)]
struct Table {
    states: HashMap<Uuid, State>,
    order: VecDeque<Uuid>,
}

impl Done {
    pub(super) fn with(answered: &[Uuid]) -> Self {
        let states = answered.iter().map(|id| (*id, State::Before)).collect();
        Self(Mutex::new(Table { states, order: answered.iter().copied().collect() }))
    }

    /// Marks a delivery as begun, unless it is known.
    pub(super) fn begin(&self, id: Uuid, now: Instant) -> Known {
        let mut table = self.table();
        match table.states.get_mut(&id) {
            Some(State::Running) => return Known::Running,
            Some(State::Before) => return Known::Answered(None),
            Some(State::Answered { answer, at }) => {
                if now.duration_since(*at) < AGAIN {
                    return Known::Answered(None);
                }
                *at = now;
                return Known::Answered(answer.clone());
            }
            None => {}
        }
        table.states.insert(id, State::Running);
        table.order.push_back(id);
        while table.order.len() > MOST {
            if let Some(oldest) = table.order.pop_front() {
                table.states.remove(&oldest);
            }
        }
        Known::New
    }

    /// What was reported. Results of runs may be large, and a run that was claimed is never offered again.
    pub(super) fn answered(&self, id: Uuid, answer: &Report, now: Instant) {
        let answer = (!matches!(answer, Report::Ran(_))).then(|| Arc::new(answer.clone()));
        self.table().states.insert(id, State::Answered { answer, at: now });
    }

    fn table(&self) -> MutexGuard<'_, Table> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
