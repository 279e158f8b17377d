//! Stop, pause and resume of a running job: facts → decision (crates/cluster) → one transaction that cancels what no
//! master has taken, and stores the command that tells everybody who may run it.

mod facts;
mod words;

use std::collections::BTreeMap;

use jiff::SignedDuration;
use raas_api::{
    Jid, OutcomeState,
    cmd::{RouteCmdArg, RouteCmdParams, RouteTarget, TargetText},
};
use raas_cluster::control::Stop;
use raas_db::{
    Client, Transaction, command, delivery,
    outcome::{self, Change},
};
use serde_json::json;
use uuid::Uuid;

use self::facts::Facts;
use super::route_cmd::{plan::Planned, planned_for, request::Request, store};
use crate::{
    Ctx, RpcError,
    job::after,
    ledger::{self, touched},
};

/// How often it is tried anew when masters fetch deliveries that were about to be cancelled.
const TRIES: usize = 5;
/// How soon minions that were told to stop are asked whether they did.
const LOOK: SignedDuration = SignedDuration::from_secs(10);

/// Runs of a saved job that a refusal names.
const SEVERAL: i64 = 5;

/// What is wanted of a running job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Action {
    Stop { force: bool },
    Pause,
    Resume,
}

impl Action {
    fn word(self) -> &'static str {
        match self {
            Self::Stop { .. } => "stop",
            Self::Pause => "pause",
            Self::Resume => "resume",
        }
    }

    /// The function that tells a minion. Salt can pause runs of states only.
    fn fun(self, ends_softly: bool) -> &'static str {
        match self {
            Self::Pause => "state.pause",
            Self::Resume => "state.resume",
            Self::Stop { force: true } => "saltutil.kill_job",
            Self::Stop { force: false } if ends_softly => "state.soft_kill",
            Self::Stop { force: false } => "saltutil.term_job",
        }
    }
}

/// Does it, and returns the jid of the command that tells the minions.
pub(super) async fn control(
    ctx: &Ctx,
    (job_uuid, jid): (Option<Uuid>, Option<Jid>),
    action: Action,
) -> Result<Jid, RpcError> {
    let jid = match (job_uuid, jid) {
        (None, Some(jid)) => jid,
        (Some(uuid), None) => running(ctx, uuid).await?,
        _ => return Err(RpcError::Unusable("give either jid or job_uuid".to_owned())),
    };
    for _ in 0..TRIES {
        if let Some(done) = Box::pin(once(ctx, &jid, action)).await? {
            return Ok(done);
        }
    }
    Err(RpcError::Conflict(format!("masters fetch job {jid} at this very moment: repeat the call")))
}

/// The one command of a saved job that runs now.
async fn running(ctx: &Ctx, job_uuid: Uuid) -> Result<Jid, RpcError> {
    let client = ctx.state.db.client().await?;
    let found = command::running_of_job(&client, job_uuid, SEVERAL).await?;
    match found.as_slice() {
        [one] => one.parse().map_err(|error| RpcError::Internal(format!("command {one:?}: {error}"))),
        [] => Err(RpcError::NotFound(format!(
            "the saved job {job_uuid} does not run now: cmd.get_cmds lists its runs"
        ))),
        several => {
            let jids = several.join(", ");
            Err(RpcError::Conflict(format!(
                "the saved job {job_uuid} runs several times: give one jid of {jids}"
            )))
        }
    }
}

/// None: a delivery was fetched meanwhile; nothing was done.
async fn once(ctx: &Ctx, jid: &Jid, action: Action) -> Result<Option<Jid>, RpcError> {
    let mut client = ctx.state.db.client().await?;
    let facts = Facts::gather(&client, jid).await?;
    facts.refuse(ctx, jid, action).await?;
    facts.own(ctx, &client, jid).await?;
    let decided = facts.decide(action);
    let (request, mut planned) = telling(ctx, &client, jid, action, &facts, &decided).await?;
    let said = words::said(&facts, action, &decided, &planned);
    if decided.cancelled.is_empty() && decided.running.is_empty() {
        return Err(RpcError::Conflict(format!("nothing was done about job {jid}: {}", said.join("; "))));
    }
    planned.warnings.splice(0..0, said);
    let tx = client.transaction().await?;
    let Some(done) = write(ctx, &tx, (jid, action), &facts, &decided, (&request, &planned)).await? else {
        tx.rollback().await?;
        return Ok(None);
    };
    tx.commit().await?;
    tracing::info!(jid = jid.as_str(), action = action.word(), user = ctx.actor.username, "job controlled");
    for warning in &planned.warnings {
        ctx.warn(warning);
    }
    Ok(Some(done))
}

/// The command that tells whoever may run it, planned like any other.
async fn telling(
    ctx: &Ctx,
    client: &Client,
    jid: &Jid,
    action: Action,
    facts: &Facts,
    decided: &Stop,
) -> Result<(Request, Planned), RpcError> {
    let list =
        |ids: &Vec<String>| RouteTarget { tgt: TargetText::List(ids.clone()), tgt_type: "list".to_owned() };
    let mut tgt: BTreeMap<String, RouteTarget> =
        decided.running.iter().map(|(cluster, ids)| (cluster.clone(), list(ids))).collect();
    let nobody = tgt.is_empty();
    if nobody {
        tgt.insert("*".to_owned(), list(&Vec::new()));
    }
    let params = RouteCmdParams {
        fun: Some(action.fun(facts.ends_softly()).to_owned()),
        arg: Some(RouteCmdArg { arg: Some(vec![json!(jid)]), kwarg: None }),
        tgt: Some(tgt),
        ..RouteCmdParams::default()
    };
    planned_for(ctx, client, params, nobody).await
}

async fn write(
    ctx: &Ctx,
    tx: &Transaction<'_>,
    (jid, action): (&Jid, Action),
    facts: &Facts,
    decided: &Stop,
    (request, planned): (&Request, &Planned),
) -> Result<Option<Jid>, RpcError> {
    let (now, by) = (ctx.now(), ctx.actor.username.as_str());
    let held = command::lock(tx, &[jid.to_string()]).await?;
    if held.first().is_none_or(|command| command.ended) {
        return Ok(None);
    }
    let reason = format!("cancelled by {by}: no master had taken it");
    let cancelled = delivery::cancel(tx, &decided.cancelled, now, &reason).await?;
    if cancelled < decided.cancelled.len() as u64 {
        return Ok(None);
    }
    let changes: Vec<Change> = decided.unreached.iter().map(|one| cancel(facts, one, &reason)).collect();
    let mut deltas = outcome::change(tx, now, &changes).await?;
    let control_jid = store::within(ctx, tx, request, planned).await?;
    let note = command::Control { action: action.word(), control_jid: control_jid.as_str(), by };
    command::control(tx, jid.as_str(), note, now).await?;
    deltas.push(touched(jid.as_str()));
    ledger::settle(tx, now, &deltas).await?;
    if matches!(action, Action::Stop { .. }) {
        outcome::look_soon(tx, jid.as_str(), after(now, LOOK)).await?;
    }
    ledger::wake_reconciler(tx).await?;
    ctx.state.notify_change(tx, &crate::Change::of("commands").of_job(jid.as_str())).await?;
    Ok(Some(control_jid))
}

/// The end of an answer that cannot come.
fn cancel(facts: &Facts, (cluster_id, minion_id): &(String, String), reason: &str) -> Change {
    Change {
        day: facts.command.day,
        cluster_id: cluster_id.clone(),
        jid: facts.command.jid.clone(),
        minion_id: minion_id.clone(),
        state: OutcomeState::Cancelled.as_str(),
        reason: reason.to_owned(),
        deadline: None,
        asked: 0,
        unheld_since: None,
    }
}
