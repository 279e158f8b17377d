//! `cmd.get_outcome_timeline`: rows → facts → the story that crates/cluster tells.

mod facts;
mod target;

use raas_api::{
    CommandKind, OutcomeState, Permission,
    cmd::{GetOutcomeTimeline, GetOutcomeTimelineParams, OutcomeTimeline},
};
use raas_cluster::timeline;
use raas_db::{
    Client, Only,
    command::{self, Command},
    delivery, master,
    outcome::{self, Outcome},
};

use crate::{
    Ctx, RpcError,
    rpc::{Handle, words},
    scope,
};

impl Handle for GetOutcomeTimeline {
    async fn handle(ctx: &Ctx, params: GetOutcomeTimelineParams) -> Result<OutcomeTimeline, RpcError> {
        let client = ctx.state.db.client().await?;
        let jid = params.jid.as_str();
        let command = command::get(&client, jid).await?;
        let command =
            command.ok_or_else(|| RpcError::NotFound(format!("there is no command with jid {jid}")))?;
        let only = scope::minions(ctx, &client, Permission::CmdRead).await?;
        let outcome = outcome(&client, &command, &params, &only).await?;
        let read = facts::read(&client, &command, &outcome).await?;
        if read.deliveries_are_gone {
            ctx.warn(
                "deliveries are kept for a week after the end of their command: those of this one are gone",
            );
        }
        let facts = read.facts;
        Ok(OutcomeTimeline {
            entries: timeline::tell(&facts),
            waits_for: timeline::waits_for(&facts),
            jid: params.jid,
            cmd: facts.asked.cmd,
            fun: command.fun,
            state: facts.state,
            since: outcome.changed_at,
            master_id: read.master_id,
            trimmed: read.trimmed,
            minion_id: outcome.minion_id,
            cluster_id: outcome.cluster_id,
            reason: outcome.reason,
            retcode: outcome.retcode,
            late: outcome.late,
            ran_twice: outcome.ran_twice,
            unexpected: outcome.unexpected,
            witnesses: i64::from(outcome.witnesses),
        })
    }
}

/// The one outcome that is meant.
async fn outcome(
    client: &Client,
    command: &Command,
    params: &GetOutcomeTimelineParams,
    only: &Only,
) -> Result<Outcome, RpcError> {
    let GetOutcomeTimelineParams { jid, minion_id, cluster } = params;
    let mut found = outcome::get(client, jid.as_str(), minion_id, cluster.as_deref()).await?;
    found.retain(|outcome| only.has(&outcome.cluster_id, &outcome.minion_id));
    match (found.pop(), found.len()) {
        (Some(outcome), 0) => Ok(outcome),
        (Some(last), _) => {
            let clusters = found.iter().chain([&last]).map(|one| format!("{:?}", one.cluster_id));
            let clusters: Vec<String> = clusters.collect();
            Err(RpcError::Conflict(format!(
                "several clusters have a minion {minion_id:?} in command {jid}: name one of {} as cluster",
                clusters.join(", ")
            )))
        }
        (None, _) => Err(not_part(client, command, params).await?),
    }
}

/// Why there is no such outcome.
async fn not_part(
    client: &Client,
    command: &Command,
    params: &GetOutcomeTimelineParams,
) -> Result<RpcError, RpcError> {
    let GetOutcomeTimelineParams { jid, minion_id, cluster } = params;
    if words::read(&command.cmd, CommandKind::from_word)? != CommandKind::Local
        && let Some(now) = moved_to(client, jid.as_str(), minion_id).await?
    {
        return Ok(RpcError::NotFound(format!(
            "command {jid} does not run on {minion_id:?} any more: it moved, now ask about {now}"
        )));
    }
    let of = cluster.as_ref().map_or_else(String::new, |cluster| format!(" of cluster {cluster:?}"));
    let clusters = command.clusters.join(", ");
    Ok(RpcError::NotFound(format!(
        "minion {minion_id:?}{of} is not part of command {jid}, which went to {}; cmd.get_cmd_details lists its minions",
        if clusters.is_empty() { "no cluster" } else { &clusters }
    )))
}

/// The masters that a run moved to from this one.
async fn moved_to(client: &Client, jid: &str, from: &str) -> Result<Option<String>, RpcError> {
    let masters = master::list(client).await?;
    let Some(from) = masters.iter().find(|m| m.master_id == from) else { return Ok(None) };
    let given = delivery::by_jid(client, &[jid.to_owned()]).await?;
    let mut was_here = false;
    let mut now = Vec::new();
    for run in given.iter().filter(|d| d.work == "run" && d.cluster_id == from.cluster_id) {
        match masters.iter().find(|m| m.master_uuid == run.master_uuid) {
            Some(master) if master.master_uuid == from.master_uuid => was_here = true,
            Some(master) => now.push(format!("{:?}", master.master_id)),
            None => {}
        }
    }
    Ok((was_here && !now.is_empty()).then(|| now.join(" or ")))
}

fn state(word: &str) -> Result<OutcomeState, RpcError> {
    words::read(word, OutcomeState::from_word)
}
