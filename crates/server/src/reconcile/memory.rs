//! What the reconciler remembers between its turns. Nothing that matters is lost with it.

use std::{collections::HashMap, time::Duration};

use jiff::{Timestamp, civil::Date};
use raas_api::Presence;
use tokio::time::Instant;
use uuid::Uuid;

use super::round::Round;
use crate::job::after;

/// Without the database for longer than this, calls of plugins may have been missed.
const BLIND: Duration = Duration::from_secs(15);

/// Between the turns.
#[derive(Debug)]
pub(super) struct Memory {
    /// Since then every call of a plugin is known.
    sees_since: Timestamp,
    touched: Instant,
    /// Masters as they were at the last turn.
    pub(super) presence: HashMap<Uuid, Presence>,
    /// When the house is kept next; none: now.
    pub(super) housekeeping: Option<Timestamp>,
    /// When metrics were sampled last.
    pub(super) sampled: Option<Timestamp>,
    /// Rows of the audit of earlier days are linked; none: not known.
    pub(super) linked_before: Option<Date>,
}

impl Memory {
    /// Of a server that starts.
    pub(super) fn new(now: Timestamp) -> Self {
        Self {
            sees_since: now,
            touched: Instant::now(),
            presence: HashMap::new(),
            housekeeping: None,
            sampled: None,
            linked_before: None,
        }
    }

    /// The database answered.
    pub(super) fn touched(&mut self, now: Timestamp) {
        if self.touched.elapsed() > BLIND {
            self.sees_since = now;
            self.presence.clear();
        }
        self.touched = Instant::now();
    }

    /// Another server leads.
    pub(super) fn follow(&mut self) {
        self.presence.clear();
        self.housekeeping = None;
        self.sampled = None;
        self.linked_before = None;
    }

    /// After a start, or after a time without the database, every master looks lost: nothing is decided before each had
    /// the time to call.
    pub(super) fn may_judge(&self, round: &Round<'_>) -> bool {
        round.all_called_since(self.sees_since) || round.now >= after(self.sees_since, round.expiry.master)
    }
}
