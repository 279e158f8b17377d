//! What is known of a running job, and what follows for each answer that is expected.

use std::collections::HashMap;

use raas_api::{Jid, Permission};
use raas_cluster::control::{Copy, Expected, Stop, Way, is_state_run, stop};
use raas_db::{
    Client,
    command::{self, Command},
    delivery, master, outcome,
};
use uuid::Uuid;

use super::Action;
use crate::{Ctx, RpcError, reconcile::reach::Given, scope};

/// A running job.
pub(super) struct Facts {
    pub(super) command: Command,
    pub(super) given: Vec<Given>,
    pub(super) names: HashMap<Uuid, String>,
    expected: Vec<Expected>,
    stopping: bool,
    /// Salt keeps an empty pause of a run that was resumed: it can neither pause it again nor end it softly.
    resumed: bool,
}

impl Facts {
    pub(super) async fn gather(client: &Client, jid: &Jid) -> Result<Self, RpcError> {
        let jids = [jid.to_string()];
        let unknown =
            || RpcError::NotFound(format!("no job {jid} is known: look at cmd.get_cmds (raas jobs)"));
        let command = command::get(client, jid.as_str()).await?.ok_or_else(unknown)?;
        let found = command::status(client, &jids).await?;
        let status = found.first();
        if let Some(status) = status.filter(|status| status.done) {
            let state = status.state.replace('_', " ");
            return Err(RpcError::Conflict(format!("job {jid} has ended ({state}): nothing runs any more")));
        }
        let given = delivery::by_jid(client, &jids).await?;
        let mut expected = Vec::new();
        for cluster_id in &command.clusters {
            let open = outcome::open(client, command.day, cluster_id, jid.as_str(), None).await?;
            expected.extend(open.into_iter().map(|one| Expected {
                cluster_id: cluster_id.clone(),
                minion_id: one.minion_id,
                queued: one.state == "queued",
            }));
        }
        let names =
            master::list(client).await?.into_iter().map(|one| (one.master_uuid, one.master_id)).collect();
        let stopping = status.is_some_and(|status| status.state == "stopping");
        let resumed = status.is_some_and(|status| status.resumed);
        let given = given.into_iter().map(Given::read).collect();
        Ok(Self { command, given, names, expected, stopping, resumed })
    }

    /// What Salt cannot do, or the caller may not.
    pub(super) async fn refuse(&self, ctx: &Ctx, jid: &Jid, action: Action) -> Result<(), RpcError> {
        let fun = &self.command.fun;
        if self.is_run() {
            ctx.needs(Permission::CmdRunMaster, &format!("stop what runs on masters, as {fun}")).await?;
        }
        let stops = matches!(action, Action::Stop { .. });
        if self.stopping && !stops {
            // Salt would forget the stop, or not heed the pause.
            return Err(RpcError::Conflict(format!(
                "job {jid} is being stopped: run it anew once it has ended"
            )));
        }
        if self.resumed && action == Action::Pause {
            return Err(RpcError::Conflict(format!(
                "job {jid} was resumed: Salt cannot pause a run of states a second time; let it end, or stop it"
            )));
        }
        if stops || (!self.is_run() && is_state_run(fun)) {
            return Ok(());
        }
        Err(RpcError::Conflict(format!(
            "job {jid} runs {fun}: Salt can pause and resume runs of states on minions only (state.apply, state.highstate, state.sls, …)"
        )))
    }

    /// Refuses a job that waits for minions that the caller may not reach, or for nobody that the server knows.
    pub(super) async fn own(&self, ctx: &Ctx, client: &Client, jid: &Jid) -> Result<(), RpcError> {
        let only = scope::minions(ctx, client, Permission::CmdRun).await?;
        let pairs = only.pairs();
        let is_own = |one: &Expected| pairs.contains(&(one.cluster_id.as_str(), one.minion_id.as_str()));
        if only.is_all() || (!self.expected.is_empty() && self.expected.iter().all(is_own)) {
            return Ok(());
        }
        Err(RpcError::Forbidden(format!(
            "user {:?} may not control job {jid}: it is not only about minions that {:?} may reach",
            ctx.actor.username, ctx.actor.username
        )))
    }

    /// Salt can end it before its next state.
    pub(super) fn ends_softly(&self) -> bool {
        is_state_run(&self.command.fun) && !self.resumed
    }

    /// A runner or wheel.
    pub(super) fn is_run(&self) -> bool {
        self.command.cmd != "local"
    }

    /// Deliveries of the job itself, not of questions about it.
    pub(super) fn copies(&self) -> impl Iterator<Item = &Given> {
        self.given.iter().filter(|given| matches!(given.row.work.as_str(), "publish" | "run"))
    }

    pub(super) fn decide(&self, action: Action) -> Stop {
        if !matches!(action, Action::Stop { .. }) {
            // Also whoever has not got it yet: Salt keeps a pause until the job comes.
            let mut all = stop(&[], &[]);
            for one in &self.expected {
                all.running.entry(one.cluster_id.clone()).or_default().push(one.minion_id.clone());
            }
            return all;
        }
        if self.is_run() {
            self.stop_run()
        } else {
            stop(&self.copies().map(Given::copy).collect::<Vec<_>>(), &self.expected)
        }
    }

    /// A run is claimed before it starts: until then it can be cancelled, afterwards nothing can end it.
    fn stop_run(&self) -> Stop {
        let copies: Vec<(Copy, &str)> = self
            .copies()
            .map(|given| {
                let mut copy = given.copy();
                if given.row.state == "leased" {
                    copy.way = Way::Waiting;
                }
                (copy, self.names.get(&given.row.master_uuid).map_or("", String::as_str))
            })
            .collect();
        let waits = |one: &Expected| {
            one.queued && copies.iter().any(|(copy, name)| copy.way == Way::Waiting && *name == one.minion_id)
        };
        let cancelled =
            copies.iter().filter(|(copy, _)| copy.way == Way::Waiting).map(|(copy, _)| copy.delivery_id);
        let unreached = self.expected.iter().filter(|one| waits(one));
        Stop {
            cancelled: cancelled.collect(),
            unreached: unreached.map(|one| (one.cluster_id.clone(), one.minion_id.clone())).collect(),
            ..Stop::default()
        }
    }
}
