//! What one turn of the reconciler knows: the time, the times of jobs, and which masters are there.

use jiff::Timestamp;
use raas_api::Presence;
use raas_db::{
    DbError, Session,
    master::{self, Master},
};
use raas_wire::SaltState;
use uuid::Uuid;

use crate::{AppState, job::Times, link::presence, routing::Expiry};

/// One turn.
#[derive(Debug)]
pub(super) struct Round<'a> {
    pub(super) state: &'a AppState,
    pub(super) now: Timestamp,
    pub(super) times: Times,
    pub(super) expiry: Expiry,
    pub(super) masters: Vec<(Master, Presence)>,
}

impl<'a> Round<'a> {
    /// Looks at the masters.
    pub(super) async fn look(
        state: &'a AppState,
        session: &impl Session,
        now: Timestamp,
    ) -> Result<Self, DbError> {
        let judge = |master: Master| {
            let verdict = presence::of_master(state, &master, now).presence;
            (master, verdict)
        };
        let masters = master::list(session).await?.into_iter().map(judge).collect();
        let (times, expiry) = (Times::of(&state.config), Expiry::of(&state.config));
        Ok(Self { state, now, times, expiry, masters })
    }

    /// Masters that are present.
    pub(super) fn present(&self) -> Vec<Uuid> {
        let present = self.masters.iter().filter(|(_, presence)| *presence == Presence::Present);
        present.map(|(master, _)| master.master_uuid).collect()
    }

    /// Masters that are not present.
    pub(super) fn absent(&self) -> Vec<Uuid> {
        let absent = self.masters.iter().filter(|(_, presence)| *presence != Presence::Present);
        absent.map(|(master, _)| master.master_uuid).collect()
    }

    /// Every master that is accepted called since then.
    pub(super) fn all_called_since(&self, then: Timestamp) -> bool {
        self.masters
            .iter()
            .filter(|(master, _)| master.is_accepted())
            .all(|(master, _)| master.last_call_at.is_some_and(|at| at >= then))
    }

    /// What cannot finish there any more: the plugin is silent, or Salt is gone. A Salt that is only busy may finish.
    pub(super) fn has_vanished(&self, master_uuid: Uuid) -> bool {
        let Some((master, presence)) = self.masters.iter().find(|(m, _)| m.master_uuid == master_uuid) else {
            return true;
        };
        let busy = master.salt_state == Some(SaltState::Silent)
            && master.last_call_at.is_some_and(|at| self.now.duration_since(at) <= self.expiry.master);
        *presence != Presence::Present && !busy
    }

    /// Whether its plugin was started again since it was given something as `epoch`.
    pub(super) fn started_again(&self, master_uuid: Uuid, epoch: Option<Uuid>) -> bool {
        let found = self.masters.iter().find(|(m, _)| m.master_uuid == master_uuid);
        found.is_some_and(|(m, _)| epoch.is_some() && m.epoch != epoch)
    }

    /// A master's id, in quotes, for sentences.
    pub(super) fn name(&self, master_uuid: Uuid) -> String {
        let found = self.masters.iter().find(|(m, _)| m.master_uuid == master_uuid);
        found.map_or_else(|| "a deleted master".to_owned(), |(m, _)| format!("master {:?}", m.master_id))
    }

    /// A master's id.
    pub(super) fn master_id(&self, master_uuid: Uuid) -> Option<&str> {
        let found = self.masters.iter().find(|(m, _)| m.master_uuid == master_uuid);
        found.map(|(m, _)| m.master_id.as_str())
    }
}
