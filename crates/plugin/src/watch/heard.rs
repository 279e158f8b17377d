//! Until when everything on the bus is recorded, told to the spool: after a kill the next run of the plugin looks for what
//! passed since. While something is still sought in the job cache, that is not yet past the time it is sought from.

use std::sync::{Arc, Mutex, PoisonError};

use jiff::Timestamp;

use crate::spool::Recorder;

/// A cheap clone of one mark.
#[derive(Clone, Debug)]
pub(super) struct Heard {
    recorder: Recorder,
    marks: Arc<Mutex<Marks>>,
}

#[derive(Debug, Default)]
struct Marks {
    bus: Option<Timestamp>,
    sought: Vec<Timestamp>,
}

impl Heard {
    pub(super) fn new(recorder: Recorder) -> Self {
        Self { recorder, marks: Arc::default() }
    }

    /// What the bus carried until then is recorded.
    pub(super) fn bus(&self, until: Timestamp) {
        self.change(|marks| marks.bus = Some(until));
    }

    /// What passed since then is being looked for.
    pub(super) fn seek(&self, from: Timestamp) {
        self.change(|marks| marks.sought.push(from));
    }

    /// All of it that there is was found and recorded.
    pub(super) fn found(&self, from: Timestamp) {
        self.change(|marks| {
            if let Some(at) = marks.sought.iter().position(|one| *one == from) {
                marks.sought.swap_remove(at);
            }
        });
    }

    fn change(&self, change: impl FnOnce(&mut Marks)) {
        let mut marks = self.marks.lock().unwrap_or_else(PoisonError::into_inner);
        change(&mut marks);
        if let Some(until) = marks.sought.iter().copied().chain(marks.bus).min() {
            self.recorder.heard_until(until);
        }
    }
}
